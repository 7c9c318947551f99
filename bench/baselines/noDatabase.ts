// The service's own routes over a store that remembers nothing: what a request costs before anything is kept.
import { serve } from '@hono/node-server'
import {
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
} from 'kysely'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../src/app.ts'
import { openPostilupa } from '../../src/node.ts'
import type { Query, Store } from '../../src/store/store.ts'
import type { Tables } from '../../src/store/tables.ts'

const { deps } = await openPostilupa(process.env, { quiet: true })
const app = createApp({ ...deps, store: forgetful(deps.store), wake: () => undefined })
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => {
  const { port } = server.address() as AddressInfo
  console.log(`http://127.0.0.1:${port}`)
})
process.once('SIGTERM', () => process.exit(0))

/**
 * Forms, wordings and topics are asked of the real store once and answered from memory; every other read finds nothing, and a
 * batch is done at once. Queries are built as ever; compiling, running and committing them is what this leaves out.
 */
function forgetful(store: Store): Store {
  const known = new Map<string, QueryResult<unknown>>()
  const nothing = { rows: [] }
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery) {
      if (!/ from "(forms|wordings|topics)"/.test(query.sql)) return nothing
      const key = query.sql + JSON.stringify(query.parameters)
      const answer = known.get(key) ?? (await store.db.executeQuery(query))
      known.set(key, answer)
      return answer as QueryResult<R>
    },
    // eslint-disable-next-line require-yield
    async *streamQuery() {
      throw new Error('nothing is streamed here')
    },
  }
  const done = async () => undefined
  return {
    ...store,
    db: new Kysely<Tables>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
        createDriver: () => ({
          init: done,
          acquireConnection: async () => connection,
          beginTransaction: done,
          commitTransaction: done,
          rollbackTransaction: done,
          releaseConnection: done,
          destroy: done,
        }),
      },
    }),
    batch: (async (queries: readonly Query[]) => queries.map(() => [])) as Store['batch'],
  }
}
