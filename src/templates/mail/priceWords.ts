import type { Language } from './words.ts'

/** What a price table in a message says. Dates come as they are to be shown. */
export type PriceWords = {
  title(list: string, validFrom: string): string
  code: string
  name: string
  unit: string
  price(currency: string, vat: 'excluded' | 'included' | null): string
  /** how changed prices are marked */
  marked: string
  changedOnly(products: number): string
  firstOnly(shown: number, products: number): string
  attached: string
  download: string
  validUntil(date: string): string
}

const sign: Record<string, string> = { EUR: '€', SEK: 'kr', NOK: 'NOK', DKK: 'DKK', USD: '$', GBP: '£' }
const priced = (word: string, currency: string, tax: string): string =>
  `${word} (${[sign[currency] ?? currency, tax].filter((part) => part !== '').join(', ')})`

export const priceWords: Record<Language, PriceWords> = {
  fi: {
    title: (list, validFrom) => `${list}, voimassa ${validFrom} alkaen`,
    code: 'Koodi',
    name: 'Tuote',
    unit: 'Yksikkö',
    price: (currency, vat) =>
      priced('Hinta', currency, vat === null ? '' : vat === 'excluded' ? 'alv 0 %' : 'sis. alv'),
    marked: 'Muuttunut hinta: vanha → uusi',
    changedOnly: (products) => `Tässä ovat hinnat, jotka muuttuivat. Hinnastossa on ${products} tuotetta.`,
    firstOnly: (shown, products) => `Tässä ovat ensimmäiset ${shown} riviä. Hinnastossa on ${products} tuotetta.`,
    attached: 'Koko hinnasto on liitteenä:',
    download: 'Lataa hinnasto:',
    validUntil: (date) => `linkki toimii ${date} asti`,
  },
  sv: {
    title: (list, validFrom) => `${list}, gäller från ${validFrom}`,
    code: 'Kod',
    name: 'Produkt',
    unit: 'Enhet',
    price: (currency, vat) =>
      priced('Pris', currency, vat === null ? '' : vat === 'excluded' ? 'moms 0 %' : 'inkl. moms'),
    marked: 'Ändrat pris: gammalt → nytt',
    changedOnly: (products) => `Här är priserna som har ändrats. Prislistan har ${products} produkter.`,
    firstOnly: (shown, products) => `Här är de första ${shown} raderna. Prislistan har ${products} produkter.`,
    attached: 'Hela prislistan finns som bilaga:',
    download: 'Ladda ner prislistan:',
    validUntil: (date) => `länken fungerar till ${date}`,
  },
  en: {
    title: (list, validFrom) => `${list}, valid from ${validFrom}`,
    code: 'Code',
    name: 'Product',
    unit: 'Unit',
    price: (currency, vat) =>
      priced('Price', currency, vat === null ? '' : vat === 'excluded' ? 'excl. VAT' : 'incl. VAT'),
    marked: 'Changed price: old → new',
    changedOnly: (products) => `These are the prices that changed. The price list has ${products} products.`,
    firstOnly: (shown, products) => `These are the first ${shown} rows. The price list has ${products} products.`,
    attached: 'The whole price list is attached:',
    download: 'Download the price list:',
    validUntil: (date) => `the link works until ${date}`,
  },
}
