import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Migration } from '../src/store/migrate.ts'

/** The files of migrations/, in order. */
export function readMigrations(): Migration[] {
  const folder = join(import.meta.dirname, '../migrations')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => ({ version: Number.parseInt(name, 10), name, sql: readFileSync(join(folder, name), 'utf8') }))
}
