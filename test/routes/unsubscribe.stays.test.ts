import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureKeyring } from '../../src/actions/rekey.ts'
import { runImports } from '../../src/actions/runImports.ts'
import { seed } from '../../src/actions/seed.ts'
import { createApp } from '../../src/app.ts'
import { makeKeyring } from '../../src/keyring.ts'
import { startApp, type TestApp } from '../app.ts'
import { header, leavingPath, mailed, oneClick, press, run, settingsPath } from '../leaving.ts'
import { scheduled } from '../people.ts'
import { DAY, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

/** Each left the price list in another way; `jaa` did not. */
const ways = ['napautus', 'laji', 'kaikki', 'kieltosivu', 'asetukset', 'puhelu', 'yritys', 'valitus']
const addressOf = (name: string) => `${name}@${name === 'yritys' ? 'kielto' : 'yritys'}.example`
const everybody = [...ways, 'jaa']
const stays = ['jaa@yritys.example']

describe.each(engines.map(({ name }) => name))('P09 what a person forbade stays forbidden (%s)', (engine) => {
  let t: TestApp
  let ids: Record<string, string>
  beforeAll(async () => {
    t = await startApp({ engine })
    const people = everybody.map((name) => ({
      email: addressOf(name),
      name: 'Nimi',
      topics: ['price-list', 'newsletter'],
    }))
    const sent = await mailed(t, people)
    ids = Object.fromEntries(everybody.map((name, i) => [name, sent.ids[i] ?? '']))
    const path = Object.fromEntries(everybody.map((name, i) => [name, leavingPath(sent.mails[i])]))
    t.clock.advance(1000)
    await t.request(path['napautus'] ?? '', oneClick)
    await press(t, path['laji'] ?? '', { scope: 'purpose' })
    await press(t, path['kaikki'] ?? '', { scope: 'all' })
    await press(t, '/ban', { email: addressOf('kieltosivu') })
    await press(t, await settingsPath(t, addressOf('asetukset')), { do: 'save', topics: ['newsletter'] })
    await api('POST', '/bans', {
      kind: 'email',
      value: addressOf('puhelu'),
      scope: 'topic:price-list',
      reason: 'said on the phone',
    })
    await api('POST', '/bans', { kind: 'domain', value: 'kielto.example' })
    await api('POST', '/bans', { kind: 'email', value: addressOf('valitus'), reason: 'complaint' })
  })
  afterAll(() => t.close())

  async function api(method: string, path: string, body?: unknown) {
    const headers = {
      Authorization: `Bearer ${t.apiKey}`,
      ...(body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
    }
    const given = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }
    const answer = await t.request(`/api/v1${path}`, { method, headers, ...given })
    if (answer.status >= 500) throw new Error(await answer.text())
    return { status: answer.status, json: (await answer.json().catch(() => null)) as { id: string } }
  }

  /** Whom a mailing on the price list reaches now. */
  async function reached(): Promise<string[]> {
    t.clock.advance(1000)
    const before = (await t.mails()).length
    await scheduled(t)
    await run(t)
    const mails = (await t.mails()).slice(before).filter((mail) => header(mail, 'List-Id').length > 0)
    return mails.map((mail) => mail.recipient).toSorted()
  }

  const permission = (rule: string) => ({ topic: 'price-list', rule, evidence: 'they said so at the fair' })
  const importList = async (addresses: readonly string[], rule: string) => {
    const form = new FormData()
    for (const [name, value] of Object.entries({
      source: 'fair 2026',
      topics: 'price-list',
      rule,
      evidence: 'they said so at the fair',
    }))
      form.append(name, value)
    form.append(
      'file',
      new Blob([`email,name\n${addresses.map((address) => `${address},Nimi ${rule} ${t.clock.now()}`).join('\n')}\n`], {
        type: 'text/csv',
      }),
      'list.csv',
    )
    expect((await api('POST', '/imports', form)).status).toBe(202)
    while (await runImports(t.deps, 1000));
  }

  it('first of all', async () => {
    expect(await reached()).toEqual(stays)
  })

  it('when another system records a permission, or any other rule, again', async () => {
    for (const rule of ['consent', 'existing_customer', 'duty_evidence', 'legal_person'])
      for (const name of ways)
        await api('POST', '/contacts', {
          email: addressOf(name),
          name: 'Nimi',
          source: 'crm',
          permissions: [permission(rule)],
        })
    expect(await reached()).toEqual(stays)
  })

  it('when the contact is changed: name, language, class, restriction on and off', async () => {
    for (const name of ways) {
      for (const patch of [
        { name: 'Uusi' },
        { language: 'en' },
        { addressClass: 'role_work' },
        { restricted: true },
        { restricted: false },
      ])
        expect((await api('PATCH', `/contacts/${ids[name]}`, patch)).status).toBe(200)
    }
    expect(await reached()).toEqual(stays)
  })

  it('CX-3 D-15 when the address is imported, by any rule', async () => {
    for (const rule of ['consent', 'existing_customer', 'duty_evidence', 'legal_person'])
      await importList(ways.map(addressOf), rule)
    expect(await reached()).toEqual(stays)
  })

  it('D-24 when a list of bans is imported that lacks them', async () => {
    const form = new FormData()
    form.append('source', 'crm')
    form.append('file', new Blob(['kind,value\nemail,somebody@else.example\n'], { type: 'text/csv' }), 'bans.csv')
    expect((await api('POST', '/bans/imports', form)).status).toBe(202)
    while (await runImports(t.deps, 1000));
    expect(await reached()).toEqual(stays)
  })

  it('when people and domains move from one company to another', async () => {
    const one = await api('POST', '/companies', {
      name: 'Yksi Oy',
      businessId: '1234567-1',
      domains: ['yritys.example'],
    })
    const two = await api('POST', '/companies', {
      name: 'Kaksi Oy',
      businessId: '7654321-4',
      domains: ['kielto.example'],
    })
    await api('PATCH', `/companies/${one.json.id}`, { domains: [] })
    await api('PATCH', `/companies/${two.json.id}`, { domains: ['yritys.example', 'kielto.example'] })
    expect(await reached()).toEqual(stays)
  })

  it('B1-14 when the address becomes another one: bans follow, permissions do not, and the old address stays banned', async () => {
    for (const name of everybody.filter((one) => one !== 'yritys'))
      expect((await api('PATCH', `/contacts/${ids[name]}`, { email: `uusi.${name}@toinen.example` })).status).toBe(200)
    expect(await reached()).toEqual([])
    for (const name of everybody) {
      for (const email of [`uusi.${name}@toinen.example`, addressOf(name)])
        await api('POST', '/contacts', { email, source: 'crm', permissions: [permission('consent')] })
    }
    expect(await reached()).toEqual(['jaa@yritys.example', 'uusi.jaa@toinen.example', 'uusi.yritys@toinen.example'])
    for (const name of everybody.filter((one) => one !== 'yritys')) {
      const there = await t.deps.store.db
        .selectFrom('contacts')
        .select('id')
        .where('strict', '=', addressOf(name))
        .executeTakeFirst()
      if (there) await api('DELETE', `/contacts/${there.id}`)
      expect((await api('PATCH', `/contacts/${ids[name]}`, { email: addressOf(name) })).status).toBe(200)
    }
    const [extra] = await t.deps.store.db
      .selectFrom('contacts')
      .select('id')
      .where('strict', '=', 'uusi.yritys@toinen.example')
      .execute()
    await api('DELETE', `/contacts/${extra?.id}`)
    for (const name of everybody)
      await api('POST', '/contacts', { email: addressOf(name), source: 'crm', permissions: [permission('consent')] })
    expect(await reached()).toEqual(stays)
  })

  it('when the service starts again, and when its secret changes', async () => {
    await seed(t.deps)
    t.deps.keyring = makeKeyring(['a newer secret, also of more than 32 characters', ...t.deps.config.secrets])
    expect(await ensureKeyring(t.deps)).toEqual({ ok: true })
    expect(await reached()).toEqual(stays)
    for (const name of ways)
      await api('POST', '/contacts', { email: addressOf(name), source: 'crm', permissions: [permission('consent')] })
    expect(await reached()).toEqual(stays)
  })

  it('when the contact is erased, added and imported again', async () => {
    for (const name of everybody) {
      const row = await t.deps.store.db
        .selectFrom('contacts')
        .select('id')
        .where('strict', '=', addressOf(name))
        .executeTakeFirstOrThrow()
      expect((await api('DELETE', `/contacts/${row.id}`)).status).toBe(204)
    }
    await importList(everybody.map(addressOf), 'consent')
    expect(await reached()).toEqual(stays)
    for (const name of ways)
      await api('POST', '/contacts', { email: addressOf(name), source: 'crm', permissions: [permission('consent')] })
    expect(await reached()).toEqual(stays)
  })

  it('B1-4 even when staff lift the ban: what was withdrawn needs the person', async () => {
    const { db } = t.deps.store
    const contact = await db
      .selectFrom('contacts')
      .select('id')
      .where('strict', '=', addressOf('jaa'))
      .executeTakeFirstOrThrow()
    // Recorded by an import as the stays above; the person's own act comes from the link of the last message.
    const mail = (await t.mailsTo(addressOf('jaa'))).findLast((one) => header(one, 'List-Id').length > 0)
    const app = createApp(t.deps)
    await app.request(leavingPath(mail), oneClick, { peer: '127.0.0.1' })
    expect(contact.id).not.toBe('')
    const lifted = await api('DELETE', '/bans', {
      kind: 'email',
      value: addressOf('jaa'),
      scope: 'topic:price-list',
      requestedBy: 'the person, by phone',
      reason: 'wants it again',
    })
    expect(lifted.status).toBe(200)
    expect(await reached()).toEqual([])
  })

  it('D-29 until the person comes back by a sign-up of their own, for that topic, where a person can', async () => {
    t.clock.advance(DAY)
    for (const name of ['napautus', 'laji', 'kaikki', 'kieltosivu', 'asetukset', 'puhelu', 'jaa'])
      await subscribed(t, { email: addressOf(name), topics: 'price-list' })
    expect(await reached()).toEqual(
      ['napautus', 'laji', 'kaikki', 'kieltosivu', 'asetukset', 'puhelu', 'jaa'].map(addressOf).toSorted(),
    )
    await expect(subscribed(t, { email: addressOf('yritys'), topics: 'price-list' })).rejects.toThrow()
    await expect(subscribed(t, { email: addressOf('valitus'), topics: 'price-list' })).rejects.toThrow()
  })
})
