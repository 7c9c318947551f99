import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { erase } from '../../src/actions/erase.ts'
import { runImports } from '../../src/actions/runImports.ts'
import { sealOf } from '../../src/store/ledger.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows, gets, leavingPath, mailed, oneClick, press, run, settingsPath } from '../leaving.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { DAY, HOUR, signUp, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

const address = 'Kanarialintu.Tipu@yritys.example'
const strict = 'kanarialintu.tipu@yritys.example'
const phone = '+358401234567'
/** Whatever would name the person, as text or as the base64 of a file or a message. */
const traces = [/kanarialintu/i, /tipu/i, /0?401234567/, /S2FuYXJpYWxpbnR1|thbmFyaWFsaW50d|LYW5hcmlhbGludH/]

describe.each(engines.map(({ name }) => name))('erasing a person (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    t.request(`/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${t.apiKey}`, 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const contactId = async (key = strict) =>
    (await db().selectFrom('contacts').select('id').where('strict', '=', key).executeTakeFirstOrThrow()).id
  const bans = async () =>
    (
      await db()
        .selectFrom('bans')
        .select(['scope', 'reason'])
        .where('lifted_at', 'is', null)
        .orderBy('scope')
        .execute()
    ).map(({ scope, reason }) => `${scope} ${reason}`)
  const left = async () => (await allRows(t)).filter((row) => traces.some((trace) => trace.test(row)))

  it('P18 D-20 leaves no address, no name, no number and no spelling of it in any table', async () => {
    // Everywhere that a person gets into: sign-up, settings, pages, API with a key for replays, import, mailing, a waiting mail.
    await subscribed(t, {
      email: address,
      name: 'Tipu Kanarialintu',
      company: 'Kanarialintu Oy',
      topics: ['newsletter', 'price-list'],
    })
    await api(
      'POST',
      '/contacts',
      { email: address, phone, name: 'Tipu Kanarialintu', source: 'crm', externalId: 'tipu-1' },
      { 'Idempotency-Key': 'k1' },
    )
    await api('PATCH', `/contacts/${await contactId()}`, { title: 'Tipun hoitaja' })
    const form = new FormData()
    for (const [name, value] of Object.entries({
      source: 'fair',
      topics: 'newsletter',
      rule: 'consent',
      evidence: 'they said so at the fair',
    }))
      form.append(name, value)
    form.append(
      'file',
      new Blob([`email,name,phone\n${address},Kanarialintu,0401234567\n${address},Tipu,abc\nkanarialintu@@x,Tipu,\n`], {
        type: 'text/csv',
      }),
      'kanarialintu.csv',
    )
    await t.request('/api/v1/imports', { method: 'POST', headers: { Authorization: `Bearer ${t.apiKey}` }, body: form })
    while (await runImports(t.deps, 1000));
    await scheduled(t)
    await run(t)
    await settingsPath(t, address)
    t.clock.advance(DAY)
    await press(t, '/manage', { email: strict })
    await press(t, '/ban', { email: strict, phone })
    await signUp(t, { email: strict.replace('kan', 'Kan'), name: 'Tipu', topics: 'newsletter' })
    expect(new Set((await left()).map((row) => row.split(' ')[0]))).toEqual(
      new Set(['contacts', 'deliveries', 'signups']),
    )

    expect(await erase(t.deps, await contactId(), 'person')).toBe(true)
    expect(await left()).toEqual([])
    expect(await bans()).toEqual(['all ban_page', 'all ban_page'])
    // What waited goes to nobody, and the ticker and the door bring nothing back.
    const before = (await t.mails()).length
    await run(t)
    expect(await t.mails()).toHaveLength(before)
    expect(await left()).toEqual([])
    expect(t.logged.join('\n')).not.toMatch(/kanarialintu|tipu/i)
  })

  it('P13 the replay of a request that made the contact makes nobody anew and tells nothing of them', async () => {
    const make = () =>
      api('POST', '/contacts', { email: address, name: 'Tipu', source: 'crm' }, { 'Idempotency-Key': 'k1' })
    const first = await make()
    await erase(t.deps, await contactId(), 'person')
    const replay = await make()
    expect([replay.status, await replay.text()]).toEqual([201, await first.text()])
    expect(await left()).toEqual([])
  })

  it('P18 breaks no seal of the ledger, whose subjects are ids', async () => {
    await subscribed(t, { email: address })
    await t.tick()
    const id = await contactId()
    await erase(t.deps, id, 'api:key')
    await t.tick()
    const rows = await db().selectFrom('ledger').selectAll().orderBy('seq').execute()
    let hash = ''
    for (const { seq, hash: sealed, ...event } of rows) {
      hash = sealOf(hash, seq ?? 0, event)
      expect(sealed).toBe(hash)
    }
    expect(rows.at(-1)).toMatchObject({ event: 'contact_erased', subject: id, actor: 'api:key', data: '{}' })
  })

  it('stays erased and says so once, pressed twice at the same moment', async () => {
    const [id = ''] = await addPeople(t, [{ email: address }])
    await Promise.all([erase(t.deps, id, 'person'), erase(t.deps, id, 'person')])
    expect(await erase(t.deps, id, 'person')).toBe(false)
    const events = await db().selectFrom('ledger').select('id').where('event', '=', 'contact_erased').execute()
    expect(events).toHaveLength(1)
  })

  it('features 47 95 turns what was objected to into bans that outlive the person; a person without any may come back by an import', async () => {
    const { ids, mails } = await mailed(t, [
      { email: address, topics: ['price-list', 'newsletter'] },
      { email: 'toinen@yritys.example' },
    ])
    await t.request(leavingPath(mails[0]), oneClick)
    for (const id of ids) await erase(t.deps, id, 'person')
    expect(await bans()).toEqual(['topic:price-list one_click'])
    await addPeople(t, [{ email: strict, topics: ['price-list', 'newsletter'] }, { email: 'toinen@yritys.example' }])
    expect(await gets(t, strict)).toBe(false)
    expect(await gets(t, 'toinen@yritys.example')).toBe(true)
  })

  it('a withdrawal whose ban was lifted, or never made, becomes a ban of the topic; a return by the person ends it, a record by staff does not', async () => {
    const [id = ''] = await addPeople(t, [{ email: address, topics: ['price-list', 'newsletter', 'events', 'survey'] }])
    await t.deps.store.batch([
      db()
        .updateTable('permissions')
        .set({ withdrawn_at: t.clock.now(), withdrawn_from: 'letter' })
        .where('topic', '<>', 'survey'),
    ])
    t.clock.advance(HOUR)
    await subscribed(t, { email: address, topics: 'newsletter' })
    await api('POST', '/contacts', {
      email: address,
      source: 'crm',
      permissions: [{ topic: 'price-list', rule: 'consent', evidence: 'they said so at the fair' }],
    })
    await erase(t.deps, id, 'person')
    expect(await bans()).toEqual(['topic:events withdrawn', 'topic:price-list withdrawn'])
    const keys = await db().selectFrom('ban_keys').select('hash').distinct().execute()
    expect(keys).toEqual([{ hash: t.deps.keyring.hash(`email:v1:${strict}`) }])
    t.clock.advance(DAY)
    await subscribed(t, { email: address, topics: 'price-list' })
    expect(await gets(t, address)).toBe(true)
  })

  it('D-3 keeps the looser forms of the address in the ban too', async () => {
    const [id = ''] = await addPeople(t, [{ email: 'kanarialintu+x@yritys.example' }])
    await t.deps.store.batch([db().updateTable('permissions').set({ withdrawn_at: t.clock.now() })])
    await erase(t.deps, id, 'person')
    await addPeople(t, [{ email: 'kanarialintu@yritys.example' }])
    expect(await gets(t, 'kanarialintu@yritys.example')).toBe(false)
  })

  it('CX-4 keeps every ban of the person, of their number, domain and company', async () => {
    const [id = ''] = await addPeople(t, [{ email: address, topics: ['price-list', 'newsletter'] }])
    await ban(t.deps, { kind: 'email', value: address, scope: 'purpose:price_list' }, 'user:1')
    await ban(t.deps, { kind: 'phone', value: phone }, 'user:1')
    await ban(t.deps, { kind: 'domain', value: 'yritys.example', scope: 'topic:events' }, 'user:1')
    const before = await bans()
    await erase(t.deps, id, 'person')
    expect(await bans()).toEqual(before)
    await addPeople(t, [{ email: address, topics: ['price-list', 'newsletter', 'events'] }])
    expect([
      await gets(t, strict),
      await gets(t, address),
      await gets(t, address, 'events'),
      await gets(t, address, 'newsletter'),
    ]).toEqual([false, false, false, true])
  })

  it('P07 takes what waits and what is in the window out, and keeps the deliveries as proof without the address', async () => {
    const [id = ''] = await addPeople(t, [{ email: address }, { email: 'toinen@yritys.example' }])
    const mailing = await scheduled(t)
    await t.tick()
    const told: string[] = []
    t.deps.signals.onStop((keys) => told.push(...keys))
    await erase(t.deps, id, 'person')
    expect(told).toEqual([t.deps.keyring.hash(`email:v1:${strict}`)])
    await run(t)
    expect(await reportOf(t, mailing)).toMatchObject({
      counts: { proposed: 2, sent: 1, skipped: 1 },
      skippedBy: { erased: 1 },
    })
    const kept = await db()
      .selectFrom('deliveries')
      .select(['address', 'keys', 'data'])
      .where('contact_id', '=', id)
      .execute()
    expect(kept).toEqual([{ address: null, keys: null, data: null }])
  })

  it('touches nobody else, however alike their addresses are', async () => {
    const [id = ''] = await addPeople(t, [{ email: address }, { email: 'kanarialintu.tipu@toinen.example' }])
    await signUp(t, { email: 'xkanarialintu.tipu@yritys.example', topics: 'newsletter' })
    await erase(t.deps, id, 'person')
    expect(await db().selectFrom('signups').select('strict').execute()).toEqual([
      { strict: 'xkanarialintu.tipu@yritys.example' },
    ])
    expect(await gets(t, 'kanarialintu.tipu@toinen.example')).toBe(true)
    await t.deliver()
    expect(await t.mailsTo('xkanarialintu.tipu@yritys.example')).toHaveLength(1)
  })
})
