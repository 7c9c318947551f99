/** Rows of uploads that wait for their mapping; part of the mirror of migrations/ (tables.ts). */

export type ImportUploadRow = {
  /** of the file, and of the import that is made of it */
  id: string
  kind: 'contacts' | 'bans'
  /** of the file, as the browser says; shown, never used */
  name: string
  /** JSON of what is known of the file (actions/receiveFile.ts `ReceivedFile`) */
  file: string
  created_by: string
  created_at: number
}

export type ImportMappingRow = {
  kind: 'contacts' | 'bans'
  /** rules/importMapping.ts `headerKey` */
  headers: string
  /** JSON list: the meaning of each column, null for what is left out */
  mapping: string
  updated_at: number
}
