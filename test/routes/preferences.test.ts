import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { erase } from '../../src/actions/erase.ts'
import { links } from '../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows, gets, leavingPath, mailed, oneClick, ownAddress, press, settingsPath } from '../leaving.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { DAY, HOUR, MINUTE, said } from '../signUps.ts'
import { engines } from '../stores.ts'

const linkTo = (t: TestApp, id: string) => `/p/${links(t.deps).make('p', id)}`

describe.each(engines.map(({ name }) => name))("a person's own settings (%s)", (engine) => {
  let t: TestApp
  let id: string
  let path: string
  beforeEach(async () => {
    t = await startApp({ engine })
    id = (await addPeople(t, [{ email: ownAddress, name: 'Maija', topics: ['newsletter', 'price-list'] }]))[0] ?? ''
    path = linkTo(t, id)
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const ticked = async () =>
    [...(await (await t.request(path)).text()).matchAll(/value="([\w-]+)" checked/g)].map((match) => match[1])
  const ledger = async () =>
    (await db().selectFrom('ledger').select(['event', 'actor']).orderBy('id').execute()).map(
      ({ event, actor }) => `${event} ${actor}`,
    )
  const save = (topics: string[], more: Record<string, string> = {}) => {
    t.clock.advance(MINUTE)
    return press(t, path, { do: 'save', topics, language: 'fi', ...more })
  }

  it('features 31 32 shows what the person gets, leaves what is unticked, and joins what is ticked, as an act of theirs', async () => {
    expect(await ticked()).toEqual(['newsletter', 'price-list'])
    const waiting = await scheduled(t)
    await t.tick()
    expect(await said(save(['newsletter', 'events']))).toContain('Uutiskirje Kutsut asiakastilaisuuksiin')
    expect(await ticked()).toEqual(['newsletter', 'events'])
    expect((await reportOf(t, waiting)).skippedBy).toEqual({ unsubscribed: 1 })
    const wording = await db()
      .selectFrom('wordings')
      .select('id')
      .where('language', '=', 'fi')
      .executeTakeFirstOrThrow()
    const joined = await db()
      .selectFrom('permissions')
      .selectAll()
      .where('topic', '=', 'events')
      .executeTakeFirstOrThrow()
    expect(joined).toMatchObject({
      rule: 'consent',
      confirmed_from: 'link',
      wording_id: wording.id,
      confirmed_at: t.clock.now(),
      source: 'preferences',
    })
    expect((await ledger()).toSorted()).toEqual([
      'mailing_scheduled system',
      'objection person',
      'permission_confirmed person',
    ])
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
    expect(await gets(t, ownAddress, 'events')).toBe(true)
  })

  it('writes nothing when nothing was changed, however often it is saved', async () => {
    const before = await allRows(t)
    await save(['newsletter', 'price-list'])
    await save(['newsletter', 'price-list', 'no-such-topic'])
    expect(await allRows(t)).toEqual(before)
  })

  it('saves the language, says so once, and goes on in it', async () => {
    const answer = await Promise.all([
      save(['newsletter', 'price-list'], { language: 'en' }),
      save(['newsletter', 'price-list'], { language: 'en' }),
    ])
    expect(await said(answer[0] ?? '')).toContain('Your preferences are saved')
    expect(await ledger()).toEqual(['contact_changed person'])
    expect(await said(t.request(path))).toContain('Communication preferences')
    expect(await said(save(['newsletter', 'price-list'], { language: 'xx' }))).toContain('Your preferences are saved')
    expect(await said(t.request(`${path}?lang=sv`))).toContain('Kommunikationsinställningar')
  })

  it('a topic that is joined by two presses at once is joined once, and can be left and joined again', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () =>
        press(t, path, { do: 'save', language: 'fi', topics: ['newsletter', 'price-list', 'events'] }),
      ),
    )
    const rows = () => db().selectFrom('permissions').select('id').where('topic', '=', 'events').execute()
    expect(await rows()).toHaveLength(1)
    expect(await ledger()).toEqual(['permission_confirmed person'])
    await save(['newsletter', 'price-list'])
    expect(await ticked()).toEqual(['newsletter', 'price-list'])
    await save(['newsletter', 'price-list', 'events'])
    expect(await ticked()).toEqual(['newsletter', 'price-list', 'events'])
    expect(await rows()).toHaveLength(2)
    await save(['newsletter', 'price-list'])
    await save(['newsletter', 'price-list', 'events'])
    expect(await gets(t, ownAddress, 'events')).toBe(true)
  })

  it('D-29 bans all direct marketing, shows it, and lifts it again; what was left before stays left', async () => {
    await save(['newsletter'])
    expect(await said(press(t, path, { do: 'ban' }))).toContain(
      'Suoramarkkinointikielto on ollut voimassa 18. toukokuuta 2026 lähtien',
    )
    await press(t, path, { do: 'ban' })
    expect(await ticked()).toEqual([])
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
    expect(await said(press(t, path, { do: 'lift' }))).not.toContain('Kumoa kielto')
    await press(t, path, { do: 'lift' })
    expect(await ticked()).toEqual(['newsletter'])
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
    expect(await gets(t, ownAddress)).toBe(false)
    expect((await ledger()).filter((event) => event.startsWith('ban')).toSorted()).toEqual([
      'ban_added person',
      'ban_lifted person',
    ])
  })

  it('while the ban is in force, a topic that the person ticks is lifted from it, and nothing else is', async () => {
    await press(t, path, { do: 'ban' })
    await save(['price-list'])
    expect(await ticked()).toEqual(['price-list'])
    expect(await gets(t, ownAddress)).toBe(true)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
  })

  it('domain.md 3 complaints, no_contact and bans of a domain or company are not lifted here', async () => {
    await ban(t.deps, { kind: 'email', value: ownAddress, reason: 'complaint' }, 'system')
    expect(await ticked()).toEqual([])
    expect(await said(t.request(path))).not.toContain('Kumoa kielto')
    await press(t, path, { do: 'lift' })
    await save(['newsletter', 'events'])
    await save(['newsletter', 'events'])
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
    expect(await db().selectFrom('permissions').select('id').where('source', '=', 'preferences').execute()).toEqual([])
    await ban(t.deps, { kind: 'domain', value: 'toinen.example' }, 'api:k')
    const [other = ''] = await addPeople(t, [{ email: 'x@toinen.example' }])
    await press(t, linkTo(t, other), { do: 'lift' })
    expect(await gets(t, 'x@toinen.example')).toBe(false)
  })

  it('D-3 a ban of a similar address shows as stopped, is not lifted as a whole, and is outranked by the own choice', async () => {
    await ban(t.deps, { kind: 'email', value: 'maija+vanha@yritys.example' }, 'person')
    expect(await ticked()).toEqual([])
    await press(t, path, { do: 'lift' })
    expect(await db().selectFrom('bans').select('id').where('lifted_at', 'is not', null).execute()).toEqual([])
    await save(['price-list'])
    expect(await ticked()).toEqual(['price-list'])
    expect(await gets(t, ownAddress)).toBe(true)
  })

  it('features 114 hands out everything that is known, as a file', async () => {
    const answer = await t.request(`${path}/data.json`)
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="postilupa.json"')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({
      contact: { email: ownAddress, name: 'Maija' },
      permissions: [{ topic: 'newsletter' }, { topic: 'price-list' }],
    })
  })

  it('features 115 erases after a second question, says what is kept, and then the link names nobody', async () => {
    expect(await said(t.request(`${path}/erase`))).toContain('Poista tietoni')
    expect(await db().selectFrom('contacts').select('id').execute()).toHaveLength(1)
    const answer = await press(t, path, { do: 'erase' })
    expect([answer.status, await said(answer)]).toEqual([
      200,
      expect.stringContaining('Tietosi on poistettu') as string,
    ])
    expect(await db().selectFrom('contacts').select('id').execute()).toEqual([])
    for (const at of [path, `${path}/erase`, `${path}/data.json`]) expect((await t.request(at)).status).toBe(410)
    expect((await press(t, path, { do: 'save' })).status).toBe(410)
  })

  it('what was left by one-click shows as left, and ticking it comes back', async () => {
    const { mails } = await mailed(t, [{ email: 'toinen@yritys.example' }])
    await t.request(leavingPath(mails[0]), oneClick)
    t.clock.advance(HOUR)
    path = await settingsPath(t, 'toinen@yritys.example')
    expect(await ticked()).toEqual([])
    await save(['price-list'])
    expect(await gets(t, 'toinen@yritys.example')).toBe(true)
  })
})

describe('the link to the settings', () => {
  let t: TestApp
  let id: string
  let path: string
  beforeAll(async () => {
    t = await startApp()
    id = (await addPeople(t, [{ email: ownAddress, language: 'en' }]))[0] ?? ''
    path = linkTo(t, id)
  })
  afterAll(() => t.close())

  it('lives 24 hours, and then says how to get a new one', async () => {
    const from = (ms: number) => `/p/${links({ ...t.deps, now: () => t.clock.now() + ms }).make('p', id)}`
    expect((await t.request(from(-DAY - 5 * MINUTE))).status).toBe(200)
    const late = await t.request(from(-DAY - 5 * MINUTE - 1))
    expect(late.status).toBe(410)
    const html = await late.text()
    expect(html).toContain('href="/manage?lang=fi"')
    expect(html).not.toContain(ownAddress)
    expect((await t.request(from(6 * MINUTE))).status).toBe(410)
    expect((await press(t, from(-2 * DAY), { do: 'erase' })).status).toBe(410)
  })

  it('T12 no other link opens it, and a changed one opens nothing', async () => {
    const { make, makeLeaving } = links(t.deps)
    const others = [
      make('c', id),
      make('b', id),
      make('t', id),
      makeLeaving({ topic: 'x', language: 'fi', mailingId: 'm', contactId: id, hashes: [] }),
      `${path.slice(3)}A`,
      'x',
    ]
    for (const token of others) {
      for (const tail of ['', '/erase', '/data.json']) expect((await t.request(`/p/${token}${tail}`)).status).toBe(404)
      expect((await press(t, `/p/${token}`, { do: 'erase' })).status).toBe(404)
    }
    const somebody = (await addPeople(t, [{ email: 'toinen@yritys.example' }]))[0] ?? ''
    await erase(t.deps, somebody, 'api:test')
    expect((await t.request(linkTo(t, somebody))).status).toBe(410)
  })

  it('A9-5 P23 GET changes nothing, and no page of it is kept, framed, or known to other sites', async () => {
    const before = await allRows(t)
    for (const tail of ['', '/erase', '/data.json']) {
      const answer = await t.request(path + tail)
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
      })
      expect((await t.request(path + tail, { method: 'HEAD' })).status).toBe(200)
      expect((await t.request(path + tail, { method: 'PUT' })).status).toBe(405)
    }
    expect(await allRows(t)).toEqual(before)
    expect(path).not.toMatch(/maija|yritys/)
    expect(t.logged.join('\n')).not.toMatch(/@/)
  })

  it('CX-5 takes no wording that was never shown as the proof of a consent', async () => {
    await press(t, path, { do: 'save', topics: ['events'], consent: 'made-up', language: 'en' })
    const row = await t.deps.store.db
      .selectFrom('permissions')
      .select('wording_id')
      .where('topic', '=', 'events')
      .executeTakeFirstOrThrow()
    const known = await t.deps.store.db.selectFrom('wordings').select('id').where('language', '=', 'en').execute()
    expect(known.map((one) => one.id)).toContain(row.wording_id)
  })

  it.each([
    [{}, 422],
    [{ do: 'nothing' }, 422],
    [{ do: ['save', 'erase'] }, 422],
  ])('does nothing that it was not clearly told: %j', async (fields, status) => {
    const before = await allRows(t)
    expect((await press(t, path, fields)).status).toBe(status)
    expect(await allRows(t)).toEqual(before)
  })
})
