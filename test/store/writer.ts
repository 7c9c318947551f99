import { sql } from 'kysely'
import { writeSync } from 'node:fs'
import { migrate } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { readMigrations } from '../migrations.ts'

/**
 * A process to be killed: writes rows in 8 lanes at once and says on standard output each id that was promised, on standard
 * error how many were. Arguments: the file; how many rows (it ends after them); `normal` weakens the connection on purpose.
 */
const [file = '', rows = '0', weakened] = process.argv.slice(2)
const store = openSqlite(file)
await migrate(store, readMigrations())
if (weakened === 'normal') await sql`pragma synchronous = normal`.execute(store.db)

let begun = 0
let promised = 0
const lane = async () => {
  while (begun < Number(rows)) {
    const key = `${process.pid}-${begun++}`
    await store.batch([store.db.insertInto('settings').values({ key, value: 'x'.repeat(200), updated_at: 1 })])
    writeSync(1, `${key}\n`)
    writeSync(2, `ACK${++promised}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, lane))
await store.close()
