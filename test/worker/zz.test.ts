import { test } from 'vitest'
import { startSmtpSink } from '../smtpPeers.ts'
import { secrets, startWorker } from './start.ts'
test('x', async () => {
  const sink = await startSmtpSink()
  const w = await startWorker({ ...secrets, MAIL_URL: sink.url, ALLOW_RESERVED_DOMAINS: '1' })
  console.log(await (await fetch(w.url + '/livez')).text())
  await w.migrate()
  console.log(await (await fetch(w.url + '/livez')).text())
  console.log(await w.rows('select * from settings'), w.logged())
  await w.close()
  await sink.close()
})
