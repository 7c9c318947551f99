import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { erase } from '../../src/actions/erase.ts'
import { ensureKeyring } from '../../src/actions/rekey.ts'
import { createApp } from '../../src/app.ts'
import { makeKeyring } from '../../src/keyring.ts'
import { startApp, type TestApp } from '../app.ts'
import { gets, leavingPath, mailed, oneClick, ownAddress, post, press, run, settingsPath } from '../leaving.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { confirmPath, said, signUp, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

describe.each(engines.map(({ name }) => name))('leaving by the link of a mailing (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const permissions = () =>
    db().selectFrom('permissions').select(['topic', 'withdrawn_at', 'withdrawn_from']).orderBy('topic').execute()
  const objections = () =>
    db().selectFrom('ledger').select(['subject', 'actor', 'data']).where('event', '=', 'objection').execute()
  const bans = () =>
    db().selectFrom('bans').select(['kind', 'scope', 'source', 'external', 'lifted_at']).orderBy('scope').execute()

  it('A1-14 ends the topic of the message at once, keeps the objection as a ban key, and leaves the other topics alone', async () => {
    const { ids, mails, mailing } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'] }])
    t.clock.advance(1000)
    expect((await post(t, leavingPath(mails[0]))).status).toBe(200)
    expect(await permissions()).toEqual([
      { topic: 'newsletter', withdrawn_at: null, withdrawn_from: null },
      { topic: 'price-list', withdrawn_at: t.clock.now(), withdrawn_from: 'one_click' },
    ])
    expect(await bans()).toEqual([
      { kind: 'email', scope: 'topic:price-list', source: 'own', external: 0, lifted_at: null },
    ])
    expect((await objections()).map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }))).toEqual([
      {
        subject: ids[0],
        actor: 'person',
        data: { scope: 'topic:price-list', how: 'one_click', topic: 'price-list', mailing, network: '203.0.113.0/24' },
      },
    ])
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
  })

  it('A1-9 C084 is one objection and one entry of the ledger, pressed twenty times at the same moment and again years later', async () => {
    const { mails } = await mailed(t)
    const path = leavingPath(mails[0])
    const first = await Promise.all(Array.from({ length: 20 }, () => post(t, path)))
    expect(first.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    t.clock.advance(3 * 365 * 86_400_000)
    const again = await post(t, path)
    expect(again.status).toBe(200)
    expect(await said(again)).toBe(await said(first[0] ?? again))
    expect(await objections()).toHaveLength(1)
    expect(await bans()).toHaveLength(1)
    expect(await db().selectFrom('ban_keys').selectAll().execute()).toHaveLength(1)
  })

  it('A1-11 P10 works after the person was erased and the mailing deleted, and an import of the address meets the objection', async () => {
    const { ids, mails, mailing } = await mailed(t)
    const path = leavingPath(mails[0])
    await erase(t.deps, ids[0] ?? '', 'api:test')
    await t.deps.store.batch([
      db().deleteFrom('deliveries').where('mailing_id', '=', mailing),
      db().deleteFrom('mailings').where('id', '=', mailing),
    ])
    expect((await t.request(path)).status).toBe(200)
    expect((await post(t, path)).status).toBe(200)
    expect(await bans()).toEqual([
      { kind: 'email', scope: 'topic:price-list', source: 'own', external: 0, lifted_at: null },
    ])
    await addPeople(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'], rule: 'duty_evidence' }])
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
  })

  it('P10 leaves again after a return, also from a link that is older than the contact', async () => {
    const { ids, mails } = await mailed(t)
    const path = leavingPath(mails[0])
    await erase(t.deps, ids[0] ?? '', 'api:test')
    await post(t, path)
    t.clock.advance(86_400_000)
    await subscribed(t, { email: ownAddress, topics: 'price-list' })
    expect(await gets(t, ownAddress)).toBe(true)
    t.clock.advance(86_400_000)
    expect((await post(t, path)).status).toBe(200)
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('leaves again after a return of a known contact, and the ledger has both', async () => {
    const { mails } = await mailed(t)
    await post(t, leavingPath(mails[0]))
    t.clock.advance(86_400_000)
    await subscribed(t, { email: ownAddress, topics: 'price-list' })
    expect(await gets(t, ownAddress)).toBe(true)
    t.clock.advance(86_400_000)
    await post(t, leavingPath(mails[0]))
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await objections()).toHaveLength(2)
  })

  it('a confirmation that was asked for before leaving brings nobody back', async () => {
    const { mails } = await mailed(t)
    t.clock.advance(1000)
    await signUp(t, { email: ownAddress, topics: 'price-list' })
    const path = await confirmPath(t, ownAddress)
    t.clock.advance(1000)
    await post(t, leavingPath(mails[0]))
    expect((await t.request(path, { method: 'POST' })).status).toBe(410)
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('"everything of this kind" covers the other topics of the purpose, and no other purpose', async () => {
    const { store } = t.deps
    await store.batch([
      db()
        .insertInto('topics')
        .values({
          id: 'offers',
          purpose: 'direct_marketing',
          kind: 'newsletter',
          names: JSON.stringify({ fi: 'Tarjoukset', sv: 'Erbjudanden', en: 'Offers' }),
          list_id: 'offers.myyja.example',
          position: 9,
          created_at: 1,
        }),
    ])
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'offers', 'price-list'] }], {
      kind: 'newsletter',
      topic: 'newsletter',
    })
    expect(await said(press(t, leavingPath(mails[0]), { scope: 'purpose' }))).toContain(
      'Kaikki tämäntyyppiset tilaukset on peruutettu',
    )
    expect((await bans()).map(({ scope }) => scope)).toEqual(['purpose:direct_marketing'])
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
    expect(await gets(t, ownAddress, 'offers')).toBe(false)
    expect(await gets(t, ownAddress)).toBe(true)
  })

  it('"all direct marketing" is a ban: marketing, research and invitations end, and lifting it brings back no topic', async () => {
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'price-list', 'events'] }])
    const path = leavingPath(mails[0])
    expect(await said(press(t, path, { scope: 'all' }))).toContain('Suoramarkkinointikielto on voimassa')
    expect((await bans()).map(({ scope }) => scope)).toEqual(['all'])
    for (const topic of ['newsletter', 'price-list', 'events']) expect(await gets(t, ownAddress, topic)).toBe(false)
    await press(t, await settingsPath(t, ownAddress), { do: 'lift' })
    for (const topic of ['newsletter', 'price-list', 'events']) expect(await gets(t, ownAddress, topic)).toBe(false)
    // Lifted once, the same button of the same old message is a new wish.
    t.clock.advance(1000)
    await press(t, path, { scope: 'all' })
    expect((await bans()).filter(({ lifted_at: at }) => at === null)).toHaveLength(1)
    expect(await objections()).toHaveLength(2)
  })

  it('skips what waits: the topic, the purpose or all of it, of every mailing, and service mail never', async () => {
    const people = ['a', 'b', 'c'].map((name) => ({
      email: `${name}@yritys.example`,
      topics: ['newsletter', 'price-list', 'events'],
    }))
    const { mails } = await mailed(t, people)
    const later = await Promise.all([
      scheduled(t),
      scheduled(t, { kind: 'newsletter', topic: 'newsletter' }),
      scheduled(t, { kind: 'event', topic: 'events' }),
    ])
    await t.tick()
    await press(t, '/manage', { email: 'c@yritys.example' })
    for (const [i, scope] of ['topic', 'purpose', 'all'].entries()) await press(t, leavingPath(mails[i]), { scope })
    const rows = await db()
      .selectFrom('deliveries')
      .select(['mailing_id', 'reason'])
      .where('state', '=', 'skipped')
      .execute()
    const skipped = later.map((id) => rows.filter((row) => row.mailing_id === id).map((row) => row.reason))
    expect(skipped).toEqual([['unsubscribed', 'unsubscribed', 'unsubscribed'], ['unsubscribed'], ['unsubscribed']])
    await run(t)
    expect((await t.mailsTo('c@yritys.example')).at(-1)?.text).toContain('/p/')
    expect((await reportOf(t, later[1] ?? '')).counts).toMatchObject({ sent: 2, skipped: 1 })
  })

  it('A1-14 P07 takes the address out of the open window before the answer leaves', async () => {
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['price-list'] }])
    const contact = await db().selectFrom('contacts').select('keys').executeTakeFirstOrThrow()
    const held = (JSON.parse(contact.keys) as { k: string }[]).map(({ k }) => k)
    const told: string[] = []
    const off = t.deps.signals.onStop((keys) => told.push(...keys))
    await post(t, leavingPath(mails[0]))
    off()
    expect(told).not.toEqual([])
    expect(held).toEqual(expect.arrayContaining(told))
  })

  it('matches wide: who leaves with a tagged address is left alone at the plain one too', async () => {
    const { mails } = await mailed(t, [{ email: 'Maija+hinnat@yritys.example' }, { email: ownAddress }])
    await post(t, leavingPath(mails[0]))
    expect(await gets(t, 'Maija+hinnat@yritys.example')).toBe(false)
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('P10 D-7 an old secret at the end of SECRETS still leaves: known, erased, and after the rows have new keys', async () => {
    const { ids, mails } = await mailed(t, [{ email: ownAddress }, { email: 'toinen@yritys.example' }])
    const old = t.deps.keyring
    t.deps.keyring = makeKeyring(['a newer secret, also of more than 32 characters', ...t.deps.config.secrets])
    const renewed: TestApp['deps'] = { ...t.deps }
    expect(await ensureKeyring(renewed)).toEqual({ ok: true })
    // As after a restart: routes are made with the ring that the process starts with.
    const app = createApp(renewed)
    await erase(renewed, ids[1] ?? '', 'api:test')
    for (const mail of mails) {
      const answer = await app.request(leavingPath(mail), oneClick, { peer: '127.0.0.1' })
      expect(answer.status).toBe(200)
    }
    const made = await db().selectFrom('ban_keys').select('key_id').distinct().execute()
    expect(made.map((row) => row.key_id)).toEqual(old.ids)
    await addPeople({ deps: renewed }, [{ email: 'toinen@yritys.example' }])
    t.deps.keyring = renewed.keyring
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, 'toinen@yritys.example')).toBe(false)
  })
})
