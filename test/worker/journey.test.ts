import { afterAll, beforeAll, describe, it } from 'vitest'
import { company, journey } from '../journey.ts'
import { startSmtpSink } from '../smtpPeers.ts'
import { startWorker, type TestWorker } from './start.ts'

let sink: Awaited<ReturnType<typeof startSmtpSink>>
let worker: TestWorker
beforeAll(async () => {
  sink = await startSmtpSink()
  worker = await startWorker({ ...company, MAIL_URL: sink.url })
  await worker.migrate()
})
afterAll(async () => {
  await worker.close()
  await sink.close()
})

describe('Postilupa in workerd, on D1', { timeout: 120_000 }, () => {
  it('takes a person from the sign-up to the mailing and out again, and skips whoever left or is banned', async () => {
    await journey({ url: worker.url, apiKey: company.ADMIN_API_KEY, sink, tick: () => worker.cron() })
  })
})
