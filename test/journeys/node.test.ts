import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { openPostilupa, serve } from '../../src/node.ts'
import { company, journey } from '../journey.ts'
import { startSmtpSink } from '../smtpPeers.ts'
import { createPostgresDatabase } from '../stores.ts'

describe('Postilupa on Node', { timeout: 120_000 }, () => {
  const what = 'takes a person from the sign-up to the mailing and out again, and skips whoever left or is banned'

  it(`${what} (SQLite)`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postilupa-journey-'))
    try {
      await travel(`file:${join(folder, 'postilupa.db')}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it(`${what} (PostgreSQL)`, async () => {
    await travel(await createPostgresDatabase())
  })
})

/** The journey against the real server on a free port; its own ticker is the clock. */
async function travel(DATABASE_URL: string) {
  const sink = await startSmtpSink()
  const env = { ...company, DATABASE_URL, MAIL_URL: sink.url, PORT: '0', LOG_LEVEL: 'silent' }
  await (await openPostilupa(env, { migrating: true, quiet: true })).close()
  const running = await serve(env)
  try {
    await journey({ url: running.url, apiKey: company.ADMIN_API_KEY, sink, tick: async () => {} })
  } finally {
    await running.stop()
    await sink.close()
  }
}
