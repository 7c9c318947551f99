import { afterEach, describe, expect, it } from 'vitest'
import { addContact } from '../../src/actions/addContact.ts'
import { createMailing } from '../../src/actions/mailingContent.ts'
import { scheduleMailing } from '../../src/actions/mailingVerbs.ts'
import { run } from '../../src/entries/workerRun.ts'
import { startApp } from '../app.ts'
import { startSmtpSink } from '../smtpPeers.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close()
})

describe('one run of a Worker', () => {
  it('ends cleanly when it has had its share of queries, and the message it sends itself goes on', async () => {
    const { deps, sink, woken } = await aMailingTo(100)
    await run(deps, () => (sink.messages.length > 0 ? 900 : 0))
    const { length } = sink.messages
    expect(length).toBeGreaterThan(0)
    expect(length).toBeLessThanOrEqual(64)
    expect(await states(deps)).toEqual({ sent: length, queued: 100 - length })
    expect(woken()).toBe(1)

    await run(deps, () => 0)
    expect(await states(deps)).toEqual({ sent: 100 })
    expect(new Set(sink.messages.map(({ to }) => to)).size).toBe(100)
    expect(sink.messages).toHaveLength(100)
    expect(woken()).toBe(1)
  })

  it('ends cleanly when its time is over', async () => {
    const { deps, sink, woken, clock } = await aMailingTo(100, () => clock.advance(100_000))
    await run(deps, () => 0)
    const { length } = sink.messages
    expect(length).toBeLessThanOrEqual(64)
    const { sent, ...left } = await states(deps)
    expect({ sent, left }).toEqual({ sent: length, left: { queued: 100 - length } })
    expect(woken()).toBe(1)
  })
})

type Deps = Awaited<ReturnType<typeof startApp>>['deps']

async function aMailingTo(many: number, onData = () => {}) {
  const sink = await startSmtpSink({ onData })
  opened.push(sink)
  const app = await startApp({ env: { MAIL_URL: `${sink.url}?connections=4`, ALLOW_RESERVED_DOMAINS: '1' } })
  opened.push(app)
  let woken = 0
  const deps = { ...app.deps, wake: () => void woken++ }
  const permissions = [{ topic: 'newsletter', rule: 'consent' as const, evidence: 'told our sales at the fair' }]
  for (let n = 0; n < many; n++)
    await addContact(deps, { email: `p${n}@asiakas.example`, source: 'fair', permissions }, 'api:test')
  const content = { format: 'markdown' as const, body: 'Hei!\n' }
  const made = await createMailing(
    deps,
    { kind: 'newsletter', topic: 'newsletter', subject: 'Hei', content },
    'api:test',
  )
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  expect(await scheduleMailing(deps, made.mailing.id, { at: 'now' }, 'api:test')).toMatchObject({ ok: true })
  woken = 0
  return { deps, sink, clock: app.clock, woken: () => woken }
}

async function states({ store }: Deps): Promise<Record<string, number>> {
  const rows = await store.db.selectFrom('deliveries').select('state').execute()
  return Object.fromEntries([...Map.groupBy(rows, ({ state }) => state)].map(([state, some]) => [state, some.length]))
}
