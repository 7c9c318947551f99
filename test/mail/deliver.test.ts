import { afterEach, describe, expect, test } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { cancel, pause, resendUncertain, resume } from '../../src/actions/mailingVerbs.ts'
import { erase } from '../../src/actions/erase.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { startScriptedPeer, startSmtpSink } from '../smtpPeers.ts'
import { engines } from '../stores.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

async function postilupa(options: Parameters<typeof startApp>[0] = {}): Promise<TestApp> {
  const t = await startApp(options)
  open.push(t)
  return t
}

async function run(t: TestApp) {
  await t.tick()
  await t.deliver()
  await t.tick()
}

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ email: `maija${n}@asiakas.example`, name: `Maija ${n}` }))

describe.each(engines.map(({ name }) => name))('the door on %s', (engine) => {
  test('sends a price list to everyone who confirmed it, once, with the rule and the evidence kept on each delivery', async () => {
    const t = await postilupa({ engine })
    await addPeople(t, people(40))
    const id = await scheduled(t)
    await run(t)
    await run(t)
    const { counts, row } = await reportOf(t, id)
    expect(counts).toMatchObject({ proposed: 40, sent: 40, queued: 0, sending: 0 })
    expect(row.finished_at).not.toBeNull()
    const mails = await t.mails()
    expect(new Set(mails.map((mail) => mail.recipient)).size).toBe(40)
    expect(mails).toHaveLength(40)
    const proofs = await t.deps.store.db
      .selectFrom('deliveries')
      .select(['allowed_by', 'evidence', 'message_id'])
      .execute()
    expect(
      proofs.every((proof) => proof.allowed_by === 'consent' && proof.evidence !== null && proof.message_id !== null),
    ).toBe(true)
  })

  test('P07 a ban of an address, a domain, a company, or a topic skips exactly those it hits, and says why', async () => {
    const t = await postilupa({ engine })
    const { store, keyring } = t.deps
    const companyKeys = JSON.stringify(keyring.hashes('company:v1:1234567-1').map(({ hash }) => ({ k: hash })))
    await store.batch([
      store.db.insertInto('companies').values({
        id: 'co1',
        name: 'Kielto Oy',
        business_id: '1234567-1',
        form: 'legal_person',
        address: null,
        price_group: null,
        keys: companyKeys,
        created_at: 1,
        updated_at: 1,
      }),
      store.db.insertInto('company_domains').values({ domain: 'kielto.example', company_id: 'co1' }),
    ])
    await addPeople(t, [
      { email: 'saa@asiakas.example' },
      { email: 'Kielletty+uutiset@asiakas.example' },
      { email: 'joku@kielletty.example' },
      { email: 'alla@posti.kielletty.example' },
      { email: 'tyontekija@kielto.example' },
      { email: 'oma@muu.example', companyId: 'co1' },
      { email: 'vainaihe@asiakas.example' },
      { email: 'puhelin@asiakas.example' },
      { email: 'tagi@asiakas.example' },
    ])
    await ban(t.deps, { kind: 'email', value: 'KIELLETTY@asiakas.EXAMPLE' }, 'system')
    await ban(t.deps, { kind: 'email', value: 'tagi+hinnasto@asiakas.example' }, 'system')
    await ban(t.deps, { kind: 'domain', value: 'kielletty.example' }, 'system')
    await ban(t.deps, { kind: 'company', value: '12345671' }, 'system')
    await ban(t.deps, { kind: 'email', value: 'vainaihe@asiakas.example', scope: 'topic:price-list' }, 'system')
    await ban(t.deps, { kind: 'email', value: 'puhelin@asiakas.example', scope: 'topic:newsletter' }, 'system')
    t.clock.advance(1000)
    const id = await scheduled(t)
    await run(t)
    expect((await t.mails()).map((mail) => mail.recipient).toSorted()).toEqual([
      'puhelin@asiakas.example',
      'saa@asiakas.example',
    ])
    const { skippedBy } = await reportOf(t, id)
    expect(skippedBy).toEqual({ loose_match: 1, banned: 5, banned_topic: 1 })
  })

  test('erased people, restricted people and cancelled mailings get nothing more', async () => {
    const t = await postilupa({ engine })
    const [gone = '', restricted = ''] = await addPeople(t, people(3))
    const first = await scheduled(t)
    await t.tick()
    await erase(t.deps, gone, 'system')
    await t.deps.store.batch([
      t.deps.store.db.updateTable('contacts').set({ restricted_at: 1 }).where('id', '=', restricted),
    ])
    await t.deliver()
    expect((await reportOf(t, first)).skippedBy).toEqual({ erased: 1, restricted: 1 })
    const second = await scheduled(t)
    await t.tick()
    await cancel(t.deps, second, 'system')
    await run(t)
    expect(await t.mails()).toHaveLength(1)
    expect((await reportOf(t, second)).skippedBy).toEqual({ cancelled: 2 })
  })
})

test('a paused mailing waits and goes on where it stopped when it is resumed', async () => {
  const t = await postilupa()
  await addPeople(t, people(5))
  const id = await scheduled(t)
  await t.tick()
  expect((await pause(t.deps, id, 'system')).ok).toBe(true)
  await t.deliver()
  expect(await t.mails()).toHaveLength(0)
  t.clock.advance(1)
  expect((await resume(t.deps, id, 'system')).ok).toBe(true)
  await run(t)
  expect(await t.mails()).toHaveLength(5)
  expect((await reportOf(t, id)).row.finished_at).not.toBeNull()
})

test('the kill switch stops everything at once and nothing is lost', async () => {
  const t = await postilupa()
  await addPeople(t, people(5))
  const id = await scheduled(t)
  await t.deps.store.batch([
    t.deps.store.db.insertInto('settings').values({ key: 'hold', value: 'restore', updated_at: 1 }),
  ])
  await run(t)
  expect(await t.mails()).toHaveLength(0)
  await t.deps.store.batch([t.deps.store.db.deleteFrom('settings').where('key', '=', 'hold')])
  await run(t)
  expect((await reportOf(t, id)).counts.sent).toBe(5)
})

test('P21 one recipient whose address the relay does not know stops nobody else', async () => {
  const sink = await startSmtpSink({
    onRcpt: (to) => (to.startsWith('maija3@') ? '550 5.1.1 no such user' : undefined),
  })
  open.push(sink)
  const t = await postilupa({ env: { MAIL_URL: sink.url, ALLOW_RESERVED_DOMAINS: '1' } })
  await addPeople(t, people(12))
  const id = await scheduled(t)
  await run(t)
  const { counts, row } = await reportOf(t, id)
  expect(counts).toMatchObject({ sent: 11, failed: 1 })
  expect(row.finished_at).not.toBeNull()
  expect(await t.deps.store.db.selectFrom('dead_addresses').select(['reason', 'confirmed_at']).execute()).toEqual([
    { reason: 'no_such_address', confirmed_at: null },
  ])
})

test('a relay that refuses our policy pauses the mailing, tells staff, and marks nobody as bounced', async () => {
  const sink = await startSmtpSink({
    onRcpt: (to) =>
      to.endsWith('@asiakas.example')
        ? '550 5.7.515 sender does not meet the required authentication level'
        : undefined,
  })
  open.push(sink)
  const t = await postilupa({
    env: { MAIL_URL: sink.url, ALLOW_RESERVED_DOMAINS: '1', ALERT_TO: 'paivystys@myyja.example' },
  })
  await addPeople(t, people(12))
  const id = await scheduled(t)
  await run(t)
  const { counts, row } = await reportOf(t, id)
  expect(counts).toMatchObject({ sent: 0, failed: 0, queued: 12 })
  expect(row.pause_reason).toBe('policy')
  t.clock.advance(10_000)
  await run(t)
  expect(sink.messages.map((message) => message.to)).toEqual(['paivystys@myyja.example'])
})

test('P04 a message whose final dot was never answered is uncertain, listed, and sent again only when a person says so', async () => {
  const peer = await startScriptedPeer({ acts: { '.': 'cut' } })
  open.push(peer)
  const t = await postilupa({ env: { MAIL_URL: `${peer.url}?connections=1`, ALLOW_RESERVED_DOMAINS: '1' } })
  await addPeople(t, people(1))
  const id = await scheduled(t)
  await run(t)
  const first = await reportOf(t, id)
  expect(first.counts).toMatchObject({ uncertain: 1, sent: 0 })
  expect(first.row).toMatchObject({ pause_reason: 'uncertain', finished_at: null })
  t.clock.advance(60_000)
  await run(t)
  expect((await reportOf(t, id)).counts.uncertain).toBe(1)
  expect((await resendUncertain(t.deps, id, 'system')).ok).toBe(true)
  expect((await reportOf(t, id)).counts).toMatchObject({ queued: 1, uncertain: 0 })
})

test('P04 what was being sent when the process died is uncertain after its lease, and a confirmation is sent again', async () => {
  const t = await postilupa()
  const { store } = t.deps
  await addPeople(t, people(1))
  const id = await scheduled(t)
  await t.tick()
  await store.batch([
    store.db.updateTable('deliveries').set({ state: 'sending', lease: 'dead', lease_until: t.clock.now() + 30_000 }),
  ])
  await run(t)
  expect((await reportOf(t, id)).counts.sending).toBe(1)
  t.clock.advance(31_000)
  await run(t)
  const { counts, row } = await reportOf(t, id)
  expect(counts).toMatchObject({ uncertain: 1, sent: 0 })
  expect(row).toMatchObject({ pause_reason: 'uncertain', finished_at: null })
  expect(await t.mails()).toHaveLength(0)
})

test('P15 a schedule fires once, and one found due too late is held for a person', async () => {
  const t = await postilupa()
  await addPeople(t, people(2))
  const soon = await scheduled(t, {}, '2026-05-18T12:00')
  const late = await scheduled(t, {}, '2026-05-18T12:00')
  await run(t)
  expect(await t.mails()).toHaveLength(0)
  t.clock.advance(Date.UTC(2026, 4, 18, 9, 0) - t.clock.now())
  await t.deps.store.batch([
    t.deps.store.db
      .updateTable('mailings')
      .set({ due_at: t.clock.now() - 7 * 3_600_000 })
      .where('id', '=', late),
  ])
  await run(t)
  await run(t)
  expect(await t.mails()).toHaveLength(2)
  expect((await reportOf(t, soon)).row.finished_at).not.toBeNull()
  expect((await reportOf(t, late)).row).toMatchObject({ hold_reason: 'too_late', started_at: null })
  t.clock.advance(1000)
  expect((await resume(t.deps, late, 'system')).ok).toBe(true)
  await run(t)
  expect(await t.mails()).toHaveLength(4)
})

test('P21 a value that cannot stand in a header fails its own recipient and nobody else', async () => {
  const t = await postilupa()
  await addPeople(t, [
    { email: 'hyva@asiakas.example', name: 'Hyvä' },
    { email: 'paha@asiakas.example', name: 'Paha\r\nBcc: x@evil.example' },
  ])
  const id = await scheduled(t, { subject: 'Hinnasto, {{ contact.name | default: "asiakas" }}' })
  await run(t)
  expect((await reportOf(t, id)).counts).toMatchObject({ sent: 1, failed: 1 })
  expect((await t.mails()).map((mail) => mail.recipient)).toEqual(['hyva@asiakas.example'])
})
