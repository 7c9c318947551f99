/** Rows of outside ban registers; part of the mirror of migrations/ (tables.ts). */

export type BanSourceRow = {
  name: string
  kind: string
  required: number
  max_age: number
  tried_at: number | null
  /** when the last good version was asked for; of a file, when it was written */
  fetched_at: number | null
  sequence: number | null
  etag: string | null
  entries: number | null
  /** `faultText` of the last attempt (rules/banSource.ts); null when it went well */
  error: string | null
  sha256: string | null
  valid_until: number | null
  broken_at: number | null
  /** attempts that failed in a row; null: none */
  failures: number | null
  next_at: number | null
  lease: string | null
  lease_until: number | null
}

export type BanSourceEntryRow = { source: string; hash: string; ban_id: string; kind: string; hashes: string }
