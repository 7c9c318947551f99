import type { Language } from './index.ts'

/** What is wrong with a file of a price list; `row`, `column` and `cell` as a spreadsheet shows them. */
export type FaultSaid = {
  code: PriceFaultKey
  file?: string
  row?: number
  column?: string
  cell?: string
  heading?: string
  value?: string
  missing?: readonly string[]
  added?: readonly string[]
}

/** One sentence for each fault: what it is, then the mend. A missing one fails the type check. */
const fi = {
  name: () => 'Hinnaston nimi puuttuu tai on liian pitkä: kirjoita enintään 120 merkkiä.',
  valid_from: () => 'Voimaantulopäivä ei ole päivämäärä: kirjoita se muodossa 1.12.2026.',
  price_group: () => 'Hintaryhmän nimi on liian pitkä: kirjoita enintään 64 merkkiä.',
  no_file: () => 'Tiedosto puuttuu: valitse XLSX-, CSV- tai PDF-tiedosto.',
  file_kind: () => 'Tiedosto ei ole hinnaston tiedosto: lähetä XLSX, CSV tai PDF.',
  file_empty: () => 'Tiedosto on tyhjä: valitse toinen tiedosto.',
  file_refused: () =>
    'Tiedostoa ei voi käyttää: sen sisältö ei vastaa päätettä, tai se on suojattu. Tallenna se uudelleen ilman salasanaa ja makroja.',
  files_too_large: () =>
    'Tiedosto on liian suuri: yksi saa olla enintään 10 Mt ja kaikki yhteensä 20 Mt. Pienennä sitä.',
  two_tables: () => 'Taulukoita on useita: lähetä yksi XLSX tai CSV kerrallaan.',
  not_workbook: () => 'Tiedosto ei ole Excel-työkirja: tallenna taulukko muodossa XLSX tai CSV.',
  old_workbook: () => 'Työkirja on vanhaa muotoa (XLS tai XLSB): tallenna se muodossa XLSX.',
  encrypted: () => 'Työkirja on suojattu salasanalla: tallenna se ilman salasanaa.',
  macros: () => 'Työkirjassa on makroja: tallenna se muodossa XLSX ilman makroja.',
  external_links: () =>
    'Työkirjassa on linkkejä toisiin työkirjoihin: katkaise linkit (Tiedot, Muokkaa linkkejä) ja tallenna uudelleen.',
  too_large: () => 'Taulukko on liian suuri: jaa se osiin tai tallenna se CSV-muodossa.',
  damaged: () => 'Työkirja on vioittunut: avaa se Excelissä ja tallenna uudelleen muodossa XLSX.',
  formula: () => 'kaavalla ei ole arvoa: avaa työkirja Excelissä, anna sen laskea ja tallenna uudelleen.',
  empty: () => 'Työkirjan ensimmäinen taulukko on tyhjä: siirrä hinnasto siihen.',
  csv_not_text: () => 'Tiedosto ei ole tekstiä: tallenna taulukko muodossa CSV (UTF-8).',
  csv_broken_utf8: () => 'Tiedosto alkaa UTF-8:na mutta ei ole sitä: tallenna se uudelleen muodossa CSV (UTF-8).',
  csv_open_quote: () => 'Tiedostossa on lainausmerkki, jota ei ole suljettu: lisää puuttuva lainausmerkki.',
  no_heading: () => 'Taulukossa ei ole otsikkoriviä: nimeä sarakkeet rivillä hintojen yläpuolella.',
  no_rows: () => 'Hinnastossa ei ole yhtään hintaa: lisää rivejä, joilla on koodi tai nimi ja hinta.',
  too_many_rows: () => 'Hinnastossa on yli 20 000 riviä: jaa se osiin.',
  too_many_columns: () => 'Hinnastossa on yli 40 saraketta: poista turhat sarakkeet.',
  no_price_column: () => 'Mikään sarake ei ole hinta: valitse hintasarake tai nimeä se otsikolla Hinta.',
  two_of_a_field: () =>
    'Kaksi saraketta on valittu samaksi tiedoksi: valitse koodi, nimi, yksikkö ja hinta kukin kerran.',
  nothing_named: () => 'Mikään sarake ei ole koodi eikä nimi: valitse jompikumpi, jotta tuotteet tunnistaa.',
  too_many_extra: () => 'Lisäsarakkeita on liikaa: valitse enintään kuusi.',
  columns_changed: ({ missing = [], added = [] }) =>
    [
      'Sarakkeet ovat muuttuneet edellisestä versiosta.',
      missing.length > 0 ? `Puuttuu: ${missing.join(', ')}.` : '',
      added.length > 0 ? `Uusia: ${added.join(', ')}.` : '',
      'Kohdista sarakkeet uudelleen.',
    ]
      .filter((part) => part !== '')
      .join(' '),
  price_missing: () => 'hinta puuttuu: kirjoita hinta tai poista rivi.',
  price_unreadable: ({ value = '' }) => `”${value}” ei ole hinta: kirjoita luku, esimerkiksi 1\u00a0234,50.`,
  price_ambiguous: ({ value = '' }) =>
    `”${value}” voi tarkoittaa kahta hintaa: kirjoita ${value.replace('.', '')} tai ${value.replace('.', ',')}.`,
  price_negative: ({ value = '' }) => `”${value}” on negatiivinen: kirjoita hinta, joka on nolla tai enemmän.`,
  price_too_large: ({ value = '' }) =>
    `”${value}” ei kelpaa: hinnassa saa olla 9 numeroa ja 6 desimaalia. Korjaa luku.`,
  currency_mixed: ({ value = '' }) => `”${value}” on eri valuutassa kuin muut: tee kullekin valuutalle oma hinnasto.`,
  code_shortened: ({ value = '' }) =>
    `taulukko-ohjelma on lyhentänyt koodin muotoon ”${value}”: muuta sarake tekstiksi ja kirjoita koodi uudelleen.`,
  error_value: ({ value = '' }) => `solussa on virhe ${value}: korjaa kaava tai kirjoita arvo.`,
  text_too_long: () => 'teksti on liian pitkä: lyhennä se enintään 300 merkkiin.',
  row_unnamed: () => 'rivillä on hinta mutta ei koodia eikä nimeä: kirjoita jompikumpi tai poista rivi.',
} satisfies Record<string, (fault: Omit<FaultSaid, 'code'>) => string>

export type PriceFaultKey = keyof typeof fi
type Sentences = Record<PriceFaultKey, (fault: Omit<FaultSaid, 'code'>) => string>

const sv: Sentences = {
  name: () => 'Prislistans namn saknas eller är för långt: skriv högst 120 tecken.',
  valid_from: () => 'Ikraftträdandedagen är inget datum: skriv den som 1.12.2026.',
  price_group: () => 'Prisgruppens namn är för långt: skriv högst 64 tecken.',
  no_file: () => 'Filen saknas: välj en XLSX-, CSV- eller PDF-fil.',
  file_kind: () => 'Filen är ingen prislistefil: skicka XLSX, CSV eller PDF.',
  file_empty: () => 'Filen är tom: välj en annan fil.',
  file_refused: () =>
    'Filen kan inte användas: innehållet motsvarar inte filändelsen, eller filen är skyddad. Spara den på nytt utan lösenord och makron.',
  files_too_large: () => 'Filen är för stor: en fil får vara högst 10 MB och alla tillsammans 20 MB. Gör den mindre.',
  two_tables: () => 'Det finns flera tabeller: skicka en XLSX eller CSV i taget.',
  not_workbook: () => 'Filen är ingen Excel-arbetsbok: spara tabellen som XLSX eller CSV.',
  old_workbook: () => 'Arbetsboken har ett äldre format (XLS eller XLSB): spara den som XLSX.',
  encrypted: () => 'Arbetsboken är skyddad med lösenord: spara den utan lösenord.',
  macros: () => 'Arbetsboken innehåller makron: spara den som XLSX utan makron.',
  external_links: () =>
    'Arbetsboken länkar till andra arbetsböcker: bryt länkarna (Data, Redigera länkar) och spara på nytt.',
  too_large: () => 'Tabellen är för stor: dela upp den eller spara den som CSV.',
  damaged: () => 'Arbetsboken är skadad: öppna den i Excel och spara den på nytt som XLSX.',
  formula: () => 'formeln har inget värde: öppna arbetsboken i Excel, låt den räkna och spara på nytt.',
  empty: () => 'Arbetsbokens första blad är tomt: flytta prislistan dit.',
  csv_not_text: () => 'Filen är ingen text: spara tabellen som CSV (UTF-8).',
  csv_broken_utf8: () => 'Filen börjar som UTF-8 men är det inte: spara den på nytt som CSV (UTF-8).',
  csv_open_quote: () => 'Ett citattecken i filen är inte stängt: lägg till det som saknas.',
  no_heading: () => 'Tabellen har ingen rubrikrad: namnge kolumnerna på raden ovanför priserna.',
  no_rows: () => 'Prislistan har inga priser: lägg till rader med kod eller namn och pris.',
  too_many_rows: () => 'Prislistan har över 20 000 rader: dela upp den.',
  too_many_columns: () => 'Prislistan har över 40 kolumner: ta bort onödiga kolumner.',
  no_price_column: () => 'Ingen kolumn är pris: välj priskolumnen eller ge den rubriken Pris.',
  two_of_a_field: () => 'Två kolumner har valts till samma uppgift: välj kod, namn, enhet och pris en gång var.',
  nothing_named: () => 'Ingen kolumn är kod eller namn: välj någondera så att produkterna känns igen.',
  too_many_extra: () => 'Det finns för många extra kolumner: välj högst sex.',
  columns_changed: ({ missing = [], added = [] }) =>
    [
      'Kolumnerna har ändrats sedan förra versionen.',
      missing.length > 0 ? `Saknas: ${missing.join(', ')}.` : '',
      added.length > 0 ? `Nya: ${added.join(', ')}.` : '',
      'Ange kolumnerna på nytt.',
    ]
      .filter((part) => part !== '')
      .join(' '),
  price_missing: () => 'priset saknas: skriv priset eller ta bort raden.',
  price_unreadable: ({ value = '' }) => `”${value}” är inget pris: skriv ett tal, till exempel 1\u00a0234,50.`,
  price_ambiguous: ({ value = '' }) =>
    `”${value}” kan betyda två priser: skriv ${value.replace('.', '')} eller ${value.replace('.', ',')}.`,
  price_negative: ({ value = '' }) => `”${value}” är negativt: skriv ett pris som är noll eller mer.`,
  price_too_large: ({ value = '' }) => `”${value}” duger inte: ett pris får ha 9 siffror och 6 decimaler. Rätta talet.`,
  currency_mixed: ({ value = '' }) =>
    `”${value}” är i en annan valuta än de övriga: gör en prislista för varje valuta.`,
  code_shortened: ({ value = '' }) =>
    `kalkylprogrammet har förkortat koden till ”${value}”: gör kolumnen till text och skriv koden på nytt.`,
  error_value: ({ value = '' }) => `cellen innehåller felet ${value}: rätta formeln eller skriv ett värde.`,
  text_too_long: () => 'texten är för lång: förkorta den till högst 300 tecken.',
  row_unnamed: () => 'raden har pris men varken kod eller namn: skriv någondera eller ta bort raden.',
}

const en: Sentences = {
  name: () => 'The name of the price list is missing or too long: write 120 characters at most.',
  valid_from: () => 'The day from which it is valid is no date: write it as 2026-12-01.',
  price_group: () => 'The name of the price group is too long: write 64 characters at most.',
  no_file: () => 'The file is missing: send an XLSX, CSV or PDF file.',
  file_kind: () => 'This is no file of a price list: send XLSX, CSV or PDF.',
  file_empty: () => 'The file is empty: choose another.',
  file_refused: () =>
    'The file cannot be used: its content is of another kind than its name says, or it is protected. Save it again without a password and macros.',
  files_too_large: () => 'The file is too large: one may have 10 MiB, and all together 20 MiB. Make it smaller.',
  two_tables: () => 'There are several tables: send one XLSX or CSV at a time.',
  not_workbook: () => 'This is no Excel workbook: save the table as XLSX or CSV.',
  old_workbook: () => 'This is a workbook of an older kind (XLS or XLSB): save it as XLSX.',
  encrypted: () => 'The workbook is protected by a password: save it without one.',
  macros: () => 'The workbook holds macros: save it as XLSX without them.',
  external_links: () => 'The workbook links to other workbooks: break the links (Data, Edit Links) and save it again.',
  too_large: () => 'The sheet is too large: divide it, or save it as CSV.',
  damaged: () => 'The workbook is damaged: open it in Excel and save it as XLSX again.',
  formula: () => 'the formula has no value: open the workbook in Excel, let it calculate, and save it again.',
  empty: () => 'The first sheet of the workbook is empty: put the price list there.',
  csv_not_text: () => 'The file is no text: save the table as CSV (UTF-8).',
  csv_broken_utf8: () => 'The file begins as UTF-8, but is not: save it as CSV (UTF-8) again.',
  csv_open_quote: () => 'A quote in the file is never closed: add the one that is missing.',
  no_heading: () => 'The table has no row of headings: name the columns in the row above the prices.',
  no_rows: () => 'The price list has no prices: add rows with a code or a name, and a price.',
  too_many_rows: () => 'The price list has more than 20,000 rows: divide it.',
  too_many_columns: () => 'The price list has more than 40 columns: take out those that are not needed.',
  no_price_column: () => 'No column holds the price: choose it, or give it the heading Price.',
  two_of_a_field: () => 'Two columns are taken for the same: choose code, name, unit and price once each.',
  nothing_named: () => 'No column is the code or the name: choose either, so that products are known.',
  too_many_extra: () => 'There are too many extra columns: choose six at most.',
  columns_changed: ({ missing = [], added = [] }) =>
    [
      'The columns are not those of the version before.',
      missing.length > 0 ? `Missing: ${missing.join(', ')}.` : '',
      added.length > 0 ? `New: ${added.join(', ')}.` : '',
      'Say again which column is what.',
    ]
      .filter((part) => part !== '')
      .join(' '),
  price_missing: () => 'the price is missing: write it, or take the row out.',
  price_unreadable: ({ value = '' }) => `"${value}" is no price: write a number such as 1\u00a0234,50.`,
  price_ambiguous: ({ value = '' }) =>
    `"${value}" may mean two prices: write ${value.replace('.', '')} or ${value.replace('.', ',')}.`,
  price_negative: ({ value = '' }) => `"${value}" is negative: write a price of zero or more.`,
  price_too_large: ({ value = '' }) => `"${value}" will not do: a price has 9 digits and 6 decimals at most. Mend it.`,
  currency_mixed: ({ value = '' }) => `"${value}" is in another currency than the others: make a price list for each.`,
  code_shortened: ({ value = '' }) =>
    `the spreadsheet shortened the code to "${value}": make the column text and write the code again.`,
  error_value: ({ value = '' }) => `the cell holds the error ${value}: mend the formula or write the value.`,
  text_too_long: () => 'the text is too long: shorten it to 300 characters.',
  row_unnamed: () => 'the row has a price, but neither code nor name: write either, or take the row out.',
}

const sentences: Record<Language, Sentences> = { fi, sv, en }

const places: Record<Language, { row(n: number): string; column(name: string): string; cell(name: string): string }> = {
  fi: { row: (n) => `rivi ${n}`, column: (name) => `sarake ${name}`, cell: (name) => `solu ${name}` },
  sv: { row: (n) => `rad ${n}`, column: (name) => `kolumn ${name}`, cell: (name) => `cell ${name}` },
  en: { row: (n) => `row ${n}`, column: (name) => `column ${name}`, cell: (name) => `cell ${name}` },
}

/** The place, what is wrong there, and the mend: "hinnasto.xlsx, rivi 4, sarake C (Hinta): hinta puuttuu: …". */
export function priceFaultIn(lang: Language, fault: FaultSaid): string {
  const { file, row, column, cell, heading, code } = fault
  const place = places[lang]
  const where = [
    file,
    row === undefined ? undefined : place.row(row),
    column === undefined ? undefined : place.column(heading ? `${column} (${heading})` : column),
    cell === undefined ? undefined : place.cell(cell),
  ].filter((part) => part !== undefined && part !== '')
  const sentence = sentences[lang][code](fault)
  return where.length === 0 ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : `${where.join(', ')}: ${sentence}`
}
