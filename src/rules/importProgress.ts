/** The times and counts of an import that its state is derived from. */
export type ImportTimes = {
  started_at: number | null
  finished_at: number | null
  failed_at: number | null
  rows_total: number | null
  rows_done: number
}

/** `rows`: of the file, 0 until it was looked over; `progress`: 0 to 1. */
export const progressOf = (
  row: ImportTimes,
): { state: 'queued' | 'running' | 'finished' | 'failed'; rows: number; progress: number } => {
  const rows = row.rows_total ?? 0
  return { state: stateOf(row), rows, progress: row.finished_at !== null ? 1 : rows === 0 ? 0 : row.rows_done / rows }
}

const stateOf = ({ started_at, finished_at, failed_at }: ImportTimes) => {
  if (failed_at !== null) return 'failed'
  if (finished_at !== null) return 'finished'
  return started_at === null ? 'queued' : 'running'
}
