import { CompiledQuery } from 'kysely'
import type { Store } from './store.ts'

/** One file of migrations/: forward only, never edited once released; it records its version before it changes anything. */
export type Migration = { version: number; name: string; sql: string }

/**
 * Applies every migration that is newer than the database, each in one batch, then the engine's guards.
 *
 * Killed anywhere, it can be run again (P25). Of two runners at once, the one that collides on the version row stands back.
 * @returns how many this run applied
 * @throws when a migration fails (nothing of that file stays) or the database is newer than the newest file
 */
export async function migrate(store: Store, migrations: readonly Migration[]): Promise<number> {
  const problem = newer(await schemaVersion(store), migrations)
  if (problem) throw new Error(problem)
  let applied = 0
  for (const { version, name, sql } of migrations.toSorted((a, b) => a.version - b.version)) {
    if ((await schemaVersion(store)) >= version) continue
    try {
      await store.batch(statements(sql).map((text) => CompiledQuery.raw(text)))
      applied++
    } catch (error) {
      if ((await schemaVersion(store)) < version)
        throw new Error(`The migration ${name} failed and left nothing behind.`, { cause: error })
    }
  }
  await store.batch(store.guards)
  return applied
}

/** The version of the newest migration that the database has; 0 when it is empty. */
export async function schemaVersion(store: Store): Promise<number> {
  try {
    const { version } = await store.db
      .selectFrom('schema_versions')
      .select(({ fn }) => fn.max('version').as('version'))
      .executeTakeFirstOrThrow()
    return version ?? 0
  } catch (error) {
    // SQLite and D1 say it in words, PostgreSQL by its code undefined_table.
    if (
      error instanceof Error &&
      (/no such table: schema_versions/.test(error.message) || ('code' in error && error.code === '42P01'))
    )
      return 0
    throw error
  }
}

/**
 * Whether this program may serve this database (P03).
 * @returns 'ok', or one sentence with the mend
 */
export async function checkSchema(store: Store, migrations: readonly Migration[]): Promise<string> {
  const version = await schemaVersion(store)
  if (version < newest(migrations))
    return `The database schema is at version ${version} and this program needs ${newest(migrations)}: run "npx postilupa migrate".`
  return newer(version, migrations) ?? 'ok'
}

function newer(version: number, migrations: readonly Migration[]): string | undefined {
  if (version > newest(migrations))
    return `The database schema is at version ${version} and this program knows only ${newest(migrations)}: start the newer program.`
}

function newest(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(({ version }) => version))
}

/**
 * Cuts portable SQL at its semicolons, leaving alone those in quotes and dropping comments.
 * Migrations hold no bodies with semicolons of their own (triggers, functions): those are the engines' guards.
 */
export function statements(text: string): string[] {
  const parts = text.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[^]/g) ?? []
  return parts
    .map((part) => (/^(--|\/\*)/.test(part) ? ' ' : part === ';' ? '\0' : part))
    .join('')
    .split('\0')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
