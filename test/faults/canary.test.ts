import { renameSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { makeHome, startServer } from '../server.ts'
import { startScriptedPeer } from '../smtpPeers.ts'
import { addRecipients, deskOf, lapseLeases, onData, until } from './campaign.ts'
import { links } from '../../src/mail/tokens.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

const canary = 'kanaria.lintu@laulu.example'
const encoded = encodeURIComponent(canary)
const fields = {
  email: canary,
  name: 'Kanarialintu Kantele',
  company: 'Kantele Oy',
  phone: '+358401234567',
  address: canary,
}
/** Any piece of it, also where it was cut, encoded or turned into capitals. */
const traces = /kanaria|kantele|laulu\.example|401234567/i

const everywhere = [
  '/f/newsletter',
  '/c/x',
  '/c/x/not-me',
  '/u/x',
  '/p/x',
  '/manage',
  '/ban',
  '/ban/undo/x',
  '/privacy',
  '/admin/mailings',
  '/admin/sign-in/x',
  '/livez',
  '/nowhere',
]
const rcptReplies = [
  `550 5.1.1 <${canary}>: user unknown`,
  `450 4.2.1 ${canary} is busy`,
  `554 5.7.1 ${encoded} KANARIA.LINTU@LAULU.EXAMPLE refused by policy`,
]

test('P23 no log line, metric, problem body or header holds an address: every page and call, a relay that quotes it, a store that goes, a crash', async () => {
  let reply = 0
  const peer = await startScriptedPeer({
    acts: {
      RCPT: () => rcptReplies[reply++ % rcptReplies.length],
      CONNECT: ({ connection }) => (connection % 4 === 0 ? `554 no mail for ${canary}` : undefined),
    },
  })
  open.push(peer)
  const home = makeHome({ MAIL_URL: `${peer.url}?connections=1`, LOG_LEVEL: 'trace', ALERT_TO: canary })
  const flock = Array.from({ length: 8 }, (_, n) => ({ email: canary.replace('@', `${n}@`), name: fields.name }))
  await addRecipients(home.env, [{ email: canary, name: fields.name, topics: ['price-list', 'newsletter'] }, ...flock])
  const tokens = await onData(home.env, async (deps) => {
    const { id } = await deps.store.db.selectFrom('contacts').select('id').executeTakeFirstOrThrow()
    const { makeLeaving, make } = links(deps)
    const leaving = makeLeaving({ topic: 'newsletter', language: 'fi', mailingId: 'm1', contactId: id, hashes: [] })
    return { id, leave: `/u/${leaving}`, manage: `/p/${make('p', id)}` }
  })
  const server = await startServer({ home })
  open.push(server)

  const quiet = async (what: string, path: string, init: RequestInit = {}) => {
    const answer = await fetch(server.url + path, { redirect: 'manual', ...init })
    const text = await answer.text()
    const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') === true
    const said = [...answer.headers].flat().join(' ') + (isProblem ? text : '')
    expect([what, path, traces.exec(said)?.[0]]).toEqual([what, path, undefined])
    return answer.status
  }
  const form = () => new URLSearchParams(fields)
  const odd = {
    'User-Agent': canary,
    Referer: `https://yritys.example/?email=${encoded}`,
    Cookie: `session=${encoded}`,
    'X-Forwarded-For': canary,
  }
  const visit = async () => {
    for (const path of [...everywhere, tokens.leave, tokens.manage]) {
      await quiet('look', path, { headers: odd })
      await quiet('ask for it', `${path}?email=${encoded}`, { headers: { ...odd, Accept: 'application/json' } })
      await quiet('post a form', path, {
        method: 'POST',
        body: form(),
        headers: { ...odd, Accept: 'application/json' },
      })
      await quiet('post from a browser', path, { method: 'POST', body: form(), headers: odd })
      await quiet('post nonsense', path, {
        method: 'POST',
        body: `{"email": ${canary}`,
        headers: { 'Content-Type': 'application/json' },
      })
      await quiet('name it in the path', `${path}/${encoded}`, { headers: { Accept: 'application/json' } })
      await quiet('use a method that is none', path, { method: 'DELETE', body: form() })
    }
    const key = { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' }
    for (const path of [
      `/contacts?email=${encoded}`,
      `/bans/check?kind=email&value=${encoded}`,
      `/contacts/${encoded}`,
      `/mailings/${encoded}`,
    ])
      await quiet('look it up', `/api/v1${path}`, { headers: key })
    const call = (path: string, body: object) =>
      quiet('call', `/api/v1${path}`, { method: 'POST', headers: key, body: JSON.stringify(body) })
    await call('/contacts', {
      ...fields,
      source: 'messut',
      permissions: [{ topic: canary, rule: 'consent', evidence: canary }],
    })
    await call('/contacts', { email: canary, name: fields.name, source: 'messut' })
    await call('/bans', { kind: 'email', value: `${canary} ${canary}`, scope: canary })
    await call('/mailings', {
      kind: 'newsletter',
      topic: canary,
      subject: canary,
      content: { format: 'markdown', body: `{{ ${canary} }}` },
    })
    await quiet('a wrong key', '/api/v1/contacts', { headers: { Authorization: `Bearer ${canary}` } })
  }

  // Each of its answers quotes somebody: one fails, one is put off, one pauses the mailing.
  const desk = deskOf(server)
  const id = await desk.send()
  const asked = () => peer.commands.flat().filter((line) => line.startsWith('RCPT') && traces.test(line)).length
  await until('the relay pauses the mailing', async () => (await desk.report(id)).state === 'paused', 20_000)
  expect((await desk.report(id)).counts.failed).toBeGreaterThan(0)
  await visit()
  const metricsNow = async () => (await fetch(`${server.url}/metrics`)).text()
  const before = await metricsNow()
  // The store goes away under everything.
  renameSync(home.file, `${home.file}.away`)
  await visit()
  renameSync(`${home.file}.away`, home.file)
  await server.kill()
  lapseLeases(home.file)
  await server.restart()
  await visit()
  const metrics = before + (await metricsNow())
  await server.kill('SIGTERM')

  expect(asked()).toBeGreaterThan(2)
  const said = server
    .said()
    .split('\n')
    .filter((line) => traces.test(line))
  expect(said).toEqual([])
  expect(server.said().split('\n').length).toBeGreaterThan(20)
  expect(metrics).toContain('postilupa_')
  expect(traces.exec(metrics)).toBeNull()
}, 120_000)
