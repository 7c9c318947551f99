import type { FieldFault } from './contactRecord.ts'
import { banColumns, contactColumns, type BanColumn, type ContactColumn } from './importColumns.ts'

/**
 * Which column of a file means what: by position, or by header; `null` leaves a column out. What a mapping by header does not
 * name must be called as the column is.
 */
export type Mapping = readonly (string | null)[] | Readonly<Record<string, string | null>>

export type MappingResult = { ok: true; mapping: Mapping | null } | { ok: false; errors: FieldFault[] }

/** `mapping` as it is sent: JSON, `["email", null]` or `{"Sähköposti": "email", "Muistiinpano": null}`. */
export const readMapping = (typed: string): MappingResult => {
  if (typed.trim() === '') return { ok: true, mapping: null }
  const refused: MappingResult = {
    ok: false,
    errors: [
      {
        path: 'mapping',
        message:
          'Write the mapping as JSON: {"header of the file": "column" or null, …}, or a list in the order of the file.',
      },
    ],
  }
  let given: unknown
  try {
    given = JSON.parse(typed)
  } catch {
    return refused
  }
  if (typeof given !== 'object' || given === null) return refused
  const isTarget = (value: unknown) => value === null || typeof value === 'string'
  return Object.values(given).every(isTarget) ? { ok: true, mapping: given as Mapping } : refused
}

/** The headers as the mapping has them: the names of our columns, `null` for what is left out. */
export const mappedHeader = (cells: readonly string[], mapping: Mapping | null): (string | null)[] =>
  cells.map((cell, i) => {
    if (mapping === null) return cell
    if (isList(mapping)) return mapping[i] ?? null
    const header = cell.trim()
    return Object.hasOwn(mapping, header) ? (mapping[header] ?? null) : cell
  })

const isList = (mapping: Mapping): mapping is readonly (string | null)[] => Array.isArray(mapping)

/** What people call these columns in Finnish, Swedish and English; without case, spaces and signs. */
const contactNames: Record<ContactColumn, string> = {
  email:
    'email mail emailaddress emailosoite sähköposti sähköpostiosoite sposti spostiosoite epost epostadress mailadress eposti osoiteemail',
  name: 'name fullname nimi kokonimi etunimisukunimi sukunimietunimi etujasukunimi sukujaetunimi henkilö yhteyshenkilö namn kontaktperson kontakt contact contactperson',
  firstName: 'firstname givenname etunimi förnamn',
  lastName: 'lastname surname familyname sukunimi efternamn',
  company:
    'company companyname organisation organization customer customername yritys yrityksennimi yritysnimi organisaatio asiakas asiakkaannimi toiminimi firma företag företagsnamn företagetsnamn bolag kund kundnamn',
  businessId: 'businessid companyid ytunnus lytunnus fonummer organisationsnummer orgnr',
  title: 'title jobtitle position role titteli tehtävä tehtävänimike asema rooli ammatti befattning titel yrkestitel',
  phone:
    'phone phonenumber mobile mobilephone tel puhelin puhelinnumero puh puhnro matkapuhelin gsm telefon telefonnummer mobil mobilnummer',
  language: 'language lang kieli asiointikieli språk',
  priceGroup: 'pricegroup hintaryhmä asiakasryhmä prisgrupp kundgrupp',
  externalId: 'externalid id customernumber customerid asiakasnumero asiakasnro asiakastunnus tunnus kundnummer kundnr',
  address: 'address postaladdress osoite postiosoite adress postadress',
  street: 'street streetaddress katuosoite lähiosoite katu gatuadress gata',
  postcode: 'postcode postalcode zip zipcode postinumero postinro postnummer postnr',
  city: 'city town postitoimipaikka toimipaikka kaupunki kunta postort ort stad',
  rule: 'rule luvanperuste peruste grund',
  evidence: 'evidence proof näyttö perustelu bevis motivering',
  consentDate: 'consentdate suostumuspäivä suostumuksenpäivä suostumuspvm samtyckesdatum samtycke',
}
const banNames: Record<BanColumn, string> = {
  kind: 'kind type laji tyyppi slag typ',
  value: 'value arvo värde',
  scope: 'scope laajuus omfattning',
  reason: 'reason syy orsak skäl',
  email: contactNames.email,
}

/**
 * A guess of what each column means, from its header: at most one column each, the first that fits.
 * @returns as many as there are headers, `null` where nothing is guessed
 */
export const suggestColumns = (kind: 'contacts' | 'bans', headers: readonly string[]): (string | null)[] => {
  const names: Record<string, string> = kind === 'contacts' ? contactNames : banNames
  const columns: readonly string[] = kind === 'contacts' ? contactColumns : banColumns
  const taken = new Set<string>()
  return headers.map((header) => {
    const plain = plainName(header)
    const column = columns.find((name) => !taken.has(name) && names[name]?.split(' ').includes(plain)) ?? null
    if (column !== null) taken.add(column)
    return column
  })
}

const plainName = (header: string): string =>
  header
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The same table again, as far as its headers tell. */
export const headerKey = (headers: readonly string[]): string => JSON.stringify(headers.map(plainName))
