import { afterEach, expect, test } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { pause, resume } from '../../src/actions/mailingVerbs.ts'
import { makeSignals } from '../../src/deps.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { startSmtpSink } from '../smtpPeers.ts'

const closers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closers.splice(0).toReversed()) await one.close()
})

async function postilupa(env: Record<string, string> = {}): Promise<TestApp> {
  const t = await startApp({ env })
  closers.push(t)
  return t
}

test('D-18 a mailing that was scheduled before a ban is asked about again when it is sent', async () => {
  const t = await postilupa()
  await addPeople(t, [{ email: 'maija@asiakas.example' }, { email: 'pekka@asiakas.example' }])
  const id = await scheduled(t, {}, '2026-05-18T10:00')
  t.clock.advance(60_000)
  await ban(t.deps, { kind: 'email', value: 'maija@asiakas.example' }, 'system')
  t.clock.advance(3_600_000)
  await t.tick()
  await t.deliver()
  expect((await t.mails()).map((mail) => mail.recipient)).toEqual(['pekka@asiakas.example'])
  expect((await reportOf(t, id)).skippedBy).toEqual({ banned: 1 })
})

test('D-18 a paused mailing is asked about again when it goes on', async () => {
  const t = await postilupa()
  await addPeople(t, [{ email: 'maija@asiakas.example' }])
  const id = await scheduled(t)
  await t.tick()
  await pause(t.deps, id, 'system')
  t.clock.advance(1000)
  await ban(t.deps, { kind: 'domain', value: 'asiakas.example' }, 'system')
  await resume(t.deps, id, 'system')
  await t.deliver()
  expect(await t.mails()).toHaveLength(0)
  expect((await reportOf(t, id)).skippedBy).toEqual({ banned: 1 })
})

test('D-17 nothing is handed over on facts older than a second: a ban that another node answered meanwhile is seen', async () => {
  let held = false
  let last = ''
  const sink = await startSmtpSink({
    onData: async () => {
      if (held) return
      held = true
      // The relay takes two seconds over the first message; another process, which cannot reach this one's window, bans the last.
      t.clock.advance(2000)
      await ban({ ...t.deps, signals: makeSignals() }, { kind: 'email', value: last }, 'system')
    },
  })
  closers.push(sink)
  const t = await postilupa({ MAIL_URL: `${sink.url}?connections=1`, ALLOW_RESERVED_DOMAINS: '1' })
  const emails = ['eka', 'toka', 'kolmas'].map((name) => `${name}@asiakas.example`)
  const ids = await addPeople(
    t,
    emails.map((email) => ({ email })),
  )
  // They are claimed in the order of their ids.
  last = emails[ids.indexOf(ids.toSorted().at(-1) ?? '')] ?? ''
  const id = await scheduled(t)
  await t.tick()
  await t.deliver()
  await t.deliver()
  expect(sink.messages.map((message) => message.to).toSorted()).toEqual(
    emails.filter((email) => email !== last).toSorted(),
  )
  expect((await reportOf(t, id)).skippedBy).toEqual({ banned: 1 })
})

test('A2-4 every topic is a list of its own: one purpose, one List-Id, that of no other', async () => {
  const t = await postilupa()
  const topics = await t.deps.store.db.selectFrom('topics').select(['purpose', 'list_id']).execute()
  expect(topics.length).toBeGreaterThan(3)
  expect(new Set(topics.map((topic) => topic.list_id)).size).toBe(topics.length)
  expect(new Set(topics.map((topic) => topic.purpose)).size).toBe(topics.length)
})
