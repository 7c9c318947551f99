import type { Deps } from '../deps.ts'
import { csvLine } from '../rules/csv.ts'
import { refusalsOf } from '../store/imports.ts'

/** How the report of refused rows is said; without it in English, with the names of the API. */
export type RefusalWords = {
  head: [string, string, string]
  field(name: string): string
  mend(message: string): string
}

const english: RefusalWords = { head: ['row', 'field', 'message'], field: (name) => name, mend: (message) => message }

/** The refused rows of an import as CSV, as they come out of the store: row as a spreadsheet shows it, column, mend. */
export function refusedCsv(deps: Pick<Deps, 'store'>, id: string, words: RefusalWords = english): Response {
  const lines = refusedLines(deps, id, words)
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
  })
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="refused-${id}.csv"`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  })
}

async function* refusedLines(
  { store }: Pick<Deps, 'store'>,
  id: string,
  words: RefusalWords,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(csvLine(words.head))
  for (let after = 0; ;) {
    const rows = await refusalsOf(store, id, after, 1000)
    if (rows.length === 0) return
    const lines = rows.map((row) => csvLine([row.row_number, words.field(row.field), words.mend(row.message)]))
    yield encoder.encode(lines.join(''))
    after = rows.at(-1)?.row_number ?? 0
  }
}
