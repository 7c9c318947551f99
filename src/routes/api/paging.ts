import { z } from '@hono/zod-openapi'

const DEFAULT = 50
const MOST = 200

/** The query of every list. */
export const paging = {
  limit: z
    .string()
    .regex(/^(?:[1-9]|[1-9]\d|1\d\d|200)$/, `give a number from 1 to ${MOST}`)
    .optional()
    .openapi({ description: `1 to ${MOST}; ${DEFAULT} when left out` }),
  cursor: z.string().max(500).optional().openapi({ description: '`nextCursor` of the page before' }),
}

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** Where a page begins: behind these sort keys; null = at the beginning. */
export type After = readonly (string | number)[] | null

export type ReadPage =
  | { ok: true; limit: number; after: After }
  | { ok: false; errors: { path: string; message: string }[] }

/**
 * @param list which list it is and the kinds of its sort keys; a cursor of another list is refused
 */
export function readPage(
  query: { limit?: string | undefined; cursor?: string | undefined },
  list: string,
  keys: readonly ('string' | 'number')[],
): ReadPage {
  const limit = query.limit === undefined ? DEFAULT : Number(query.limit)
  if (query.cursor === undefined) return { ok: true, limit, after: null }
  const [name, ...after] = decode(query.cursor)
  const fits = name === list && after.length === keys.length && after.every((value, i) => typeof value === keys[i])
  if (!fits)
    return {
      ok: false,
      errors: [{ path: 'cursor', message: 'This is no cursor of this list: send nextCursor as it came.' }],
    }
  return { ok: true, limit, after: after as (string | number)[] }
}

function decode(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

/**
 * One page of rows that were read with one more than the limit.
 * @param keysOf the sort keys of a row
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  list: string,
  keysOf: (row: Row) => readonly (string | number)[],
  show: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const nextCursor =
    last === undefined ? null : Buffer.from(JSON.stringify([list, ...keysOf(last)])).toString('base64url')
  return { items: shown.map(show), nextCursor }
}

/** RFC 3339, UTC. */
export function time(at: number): string
export function time(at: number | null): string | null
export function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
