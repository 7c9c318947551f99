import type { FieldFault } from './contactRecord.ts'
import { refuseInputs } from './inputFields.ts'
import type { PurposeKey, Register } from './register.ts'

/** The columns of a file of contacts, by their headers. */
export const contactColumns = [
  'email',
  'name',
  'firstName',
  'lastName',
  'company',
  'businessId',
  'title',
  'phone',
  'language',
  'priceGroup',
  'externalId',
  'address',
  'street',
  'postcode',
  'city',
  'rule',
  'evidence',
  'consentDate',
] as const
export type ContactColumn = (typeof contactColumns)[number]

/** The columns of a file of bans; one column `email` alone is a list of addresses. */
export const banColumns = ['kind', 'value', 'scope', 'reason', 'email'] as const
export type BanColumn = (typeof banColumns)[number]

/** More than any list of contacts has. */
const MOST_COLUMNS = 100

/** What each column of the file is; `null`: left out. */
type Header<Column> = { ok: true; columns: (Column | null)[] } | { ok: false; errors: FieldFault[] }

/** @param cells the first row, or what a mapping made of it (rules/importMapping.ts): `null` leaves a column out */
export const readContactHeader = (cells: readonly (string | null)[]): Header<ContactColumn> => {
  const read = readHeader(cells, contactColumns)
  if (!read.ok) return read
  if (!read.columns.includes('email')) return refused('There is no column "email": name it in the first row.')
  if (read.columns.includes('name') && read.columns.some((column) => column === 'firstName' || column === 'lastName'))
    return refused('Give the name in one column, or the first name and the last name in two.')
  return read
}

/** @param cells as for contacts */
export const readBanHeader = (cells: readonly (string | null)[]): Header<BanColumn> => {
  const read = readHeader(cells, banColumns)
  if (!read.ok) return read
  const { columns } = read
  const listOfAddresses = columns.includes('email') && !columns.includes('kind') && !columns.includes('value')
  if (listOfAddresses || (columns.includes('kind') && columns.includes('value') && !columns.includes('email')))
    return read
  return refused('The first row must name the columns kind and value, or email alone.')
}

/** Case and outer space make no difference; what is not known is refused, so that nothing is dropped or kept in silence. */
const readHeader = <Column extends string>(
  cells: readonly (string | null)[],
  known: readonly Column[],
): Header<Column> => {
  if (cells.length > MOST_COLUMNS)
    return refused(`The file has more than ${MOST_COLUMNS} columns: keep those that are imported.`)
  const columns = cells.map((cell) =>
    cell === null ? null : known.find((name) => name.toLowerCase() === cell.trim().toLowerCase()),
  )
  const unknown = columns.flatMap((column, i) => (column === undefined ? [nameOf(cells[i] ?? '', i)] : []))
  if (unknown.length > 0) {
    const some = unknown.slice(0, 10).join(', ')
    return refused(`Not known: ${some}. Take it out or rename it; the columns are ${known.join(', ')}.`)
  }
  const given = columns.filter((column) => column !== undefined)
  const twice = given.find((column, i) => column !== null && given.indexOf(column) !== i)
  return twice === undefined
    ? { ok: true, columns: given }
    : refused(`The column "${twice}" stands there twice: keep one.`)
}

/** A first row without headers may hold anything, an address too, and is not repeated. */
const nameOf = (cell: string, index: number): string =>
  /^[\w .-]{1,40}$/.test(cell) ? `column "${cell}"` : `the header of column ${index + 1}`

/** What the register lets none of these purposes hold; with no purpose chosen, any may be meant (domain.md 1). */
export const refuseColumns = (
  register: Register,
  purposes: readonly PurposeKey[],
  columns: readonly ContactColumn[],
): FieldFault[] =>
  columns
    .filter((column) => {
      if (notPersonal.has(column)) return false
      if (postal.has(column))
        return refuseInputs(register, purposes, ['companyAddress', 'workAddress'], 'record').length === 2
      const field = column === 'firstName' || column === 'lastName' ? 'name' : column
      return refuseInputs(register, purposes, [field], 'record').length > 0
    })
    .map((path) => ({
      path,
      message: `The register lets none of ${purposes.join(', ')} hold this: take the column out.`,
    }))

const postal: ReadonlySet<string> = new Set(['address', 'street', 'postcode', 'city'])
/** They speak of the permission, not of the person. */
const notPersonal: ReadonlySet<string> = new Set(['rule', 'evidence', 'consentDate'])

const refused = (message: string): { ok: false; errors: FieldFault[] } => ({
  ok: false,
  errors: [{ path: 'file', message }],
})
