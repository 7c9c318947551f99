import { plainCell } from './csv.ts'
import type { BanColumn } from './importColumns.ts'
import type { BanKind } from './matchKeys.ts'
import { cleanText } from './text.ts'

/** A row of a file of bans; its value is read by the parser of its kind (rules/banValue.ts). */
export type BanRowInput = { kind: BanKind; value: string; scope: string; reason: string | null }

const kinds: readonly BanKind[] = ['email', 'domain', 'company', 'phone', 'postal']

/**
 * @param cells as many as there are columns
 * @param scopes that there are: `all`, `no_contact`, and those of purposes and topics
 */
export const readBanRow = (
  columns: readonly (BanColumn | null)[],
  cells: readonly string[],
  scopes: ReadonlySet<string>,
): { ok: true; row: BanRowInput } | { ok: false; field: string; message: string } => {
  if (cells.length !== columns.length)
    return refuse('row', `The row has ${cells.length} cells and the header ${columns.length}: give each column a cell.`)
  const cell = (column: BanColumn) => plainCell((cells[columns.indexOf(column)] ?? '').trim())
  const kind = columns.includes('email') ? 'email' : kinds.find((name) => name === cell('kind').toLowerCase())
  if (!kind) return refuse('kind', `The kind is one of ${kinds.join(', ')}.`)
  const scope = cell('scope') || 'all'
  if (!scopes.has(scope)) return refuse('scope', 'Use all, no_contact, purpose:<key> or topic:<id>.')
  const reason = cleanText(cell('reason'), { field: 'reason', max: 500, optional: true })
  if (!reason.ok) return refuse('reason', reason.error)
  // Bans outlive the erasure of the person: nothing beside the hashes may name them.
  if (reason.value.includes('@')) return refuse('reason', 'The reason is kept for ever: write it without an address.')
  return {
    ok: true,
    row: {
      kind,
      value: cell(kind === 'email' && columns.includes('email') ? 'email' : 'value'),
      scope,
      reason: reason.value || null,
    },
  }
}

const refuse = (field: string, message: string): { ok: false; field: string; message: string } => ({
  ok: false,
  field,
  message,
})
