import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types'

const root = join(import.meta.dirname, '../..')

export type TestWorker = {
  url: string
  /** What a cron trigger does once a minute. */
  cron(): Promise<void>
  rows<T = Record<string, unknown>>(sql: string): Promise<T[]>
  /** What the Worker logged, one parsed line each. */
  logged(): { level: string; event: string; [field: string]: unknown }[]
  migrate(): Promise<void>
  close(): Promise<void>
}

/**
 * The Worker of wrangler.toml, built by wrangler and run in workerd with its own local D1, queue and cron trigger.
 * All that it writes lies in a temporary folder.
 * @param given secrets and variables besides those of wrangler.toml
 */
export async function startWorker(given: Record<string, string>): Promise<TestWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-worker-'))
  const config = readFileSync(join(root, 'wrangler.toml'), 'utf8').replace(
    /^(main|migrations_dir) = "(.*)"$/gm,
    (_, key: string, path: string) => `${key} = ${JSON.stringify(join(root, path))}`,
  )
  writeFileSync(join(folder, 'wrangler.toml'), config)
  Object.assign(process.env, {
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_LOG: 'error',
    WRANGLER_WRITE_LOGS: 'false',
  })
  // Read when it is loaded: the certificates that workerd trusts (NODE_EXTRA_CA_CERTS).
  const { createTestHarness } = await import('wrangler')
  const server = createTestHarness({ root: folder, workers: [{ configPath: 'wrangler.toml', secrets: given }] })
  const { url } = await server.listen()
  const worker = server.getWorker<{ DB: D1Database }>()
  return {
    url: url.origin,
    cron: async () => void (await worker.scheduled({ cron: '* * * * *' })),
    rows: async <T>(sql: string) => (await (await worker.getEnv()).DB.prepare(sql).all<T>()).results,
    logged: () => server.getLogs().map(({ message }) => JSON.parse(message)),
    migrate: () => worker.applyD1Migrations('DB'),
    async close() {
      await server.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
