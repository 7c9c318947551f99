import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../../src/actions/ban.ts'
import { syncBanSource } from '../../../src/actions/syncBanSource.ts'
import { startApp, type TestApp } from '../../app.ts'
import { banned, json, listOf, startRegister, type Register } from '../../faults/register.ts'
import { look, ours, signIn } from '../../signedIn.ts'

let t: TestApp
let register: Register
let cookie: string
beforeEach(async () => {
  register = await startRegister()
  const sources = [
    { name: 'asml', kind: 'http', url: register.url, maxAge: '24h' },
    { name: 'crm', kind: 'file', path: 'x.csv', required: false },
  ]
  t = await startApp({ env: { BAN_SOURCES: JSON.stringify(sources) } })
  cookie = await signIn(t)
})
afterEach(async () => {
  await t.close()
  await register.close()
})

const page = async (path: string) => (await look(t, path, cookie)).text()
const post = (path: string, fields: Record<string, string>) =>
  t.request(path, {
    method: 'POST',
    headers: { Cookie: cookie, ...ours, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
const bans = () => t.deps.store.db.selectFrom('bans').selectAll().orderBy('id').execute()

describe('the page of bans', () => {
  it('adds a ban with its scope, reason and source, and lists it without the address', async () => {
    const answer = await post('/admin/bans/new', {
      kind: 'email',
      value: 'Matti@Yritys.example',
      scope: 'topic:newsletter',
      reason: 'pyysi puhelimessa',
      source: 'puhelu',
    })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/admin/bans?done=added'])
    expect(await bans()).toMatchObject([
      { kind: 'email', scope: 'topic:newsletter', reason: 'pyysi puhelimessa', source: 'puhelu', external: 0 },
    ])
    const html = await page('/admin/bans?done=added')
    expect(html).toContain('Kielto on voimassa.')
    expect(html).toContain('aihetta Uutiskirje')
    expect(html).toContain('puhelu')
    expect(html).not.toMatch(/matti@/i)
    const again = await post('/admin/bans/new', {
      kind: 'email',
      value: 'matti@yritys.example',
      scope: 'topic:newsletter',
      reason: '',
      source: 'puhelu',
    })
    expect(again.headers.get('Location')).toBe('/admin/bans?done=known')
    const event = await t.deps.store.db
      .selectFrom('ledger')
      .select('actor')
      .where('event', '=', 'ban_added')
      .executeTakeFirst()
    expect(event?.actor).toMatch(/^user:/)
  })

  it.each([
    ['D-9 a domain of many people', { kind: 'domain', value: 'gmail.com' }, /monet toisilleen vieraat/],
    ['D-9 a public suffix', { kind: 'domain', value: 'fi' }, /Arvo:/],
    ['no address', { kind: 'email', value: 'matti' }, /Arvo: kirjoita yksi sähköpostiosoite/],
    ['a wrong business id', { kind: 'company', value: '1234567-8' }, /Y-tunnus/],
    ['no kind', { value: 'x' }, /Mitä kielletään: valitse yksi/],
    ['a scope that is none', { scope: 'topic:muu' }, /Mitä kielto koskee: valitse yksi/],
    ['D-20 an address in the reason', { reason: 'matti@yritys.example soitti' }, /Syy: poista sähköpostiosoite/],
  ])('%s is refused in the language of the page, and what was typed stays', async (_, change, words) => {
    const answer = await post('/admin/bans/new', {
      kind: 'email',
      value: 'a@yritys.example',
      scope: 'all',
      reason: '',
      source: '',
      ...('value' in change && !('kind' in change) ? { kind: '' } : {}),
      ...change,
    })
    const html = await answer.text()
    expect([answer.status, html]).toEqual([422, expect.stringMatching(words)])
    expect(html).toContain('role="alert"')
    expect(html).not.toMatch(/Use all|Enter |must be|Write /)
    expect(await bans()).toEqual([])
  })

  it('says by what a value is banned, without the value standing in an address', async () => {
    await ban(t.deps, { kind: 'domain', value: 'kielto.example' }, 'system')
    const hit = await post('/admin/bans/check', { kind: 'email', value: 'joku@posti.kielto.example' })
    const html = await hit.text()
    expect(hit.status).toBe(200)
    expect(html).toMatch(/joku@posti\.kielto\.example<\/strong>: Kielletty/)
    expect(html).toContain('verkkotunnus')
    expect(await (await post('/admin/bans/check', { kind: 'email', value: 'joku@muu.example' })).text()).toContain(
      'Ei kielletty',
    )
    expect((await post('/admin/bans/check', { kind: 'email', value: '' })).status).toBe(422)
  })

  it('D-29 lifts a ban with who asked and why, and nothing without', async () => {
    await ban(t.deps, { kind: 'email', value: 'a@yritys.example' }, 'system')
    const [row] = await bans()
    expect(await page(`/admin/bans/${row?.id}`)).toContain('Kuka pyysi')
    expect((await post(`/admin/bans/${row?.id}/lift`, { requestedBy: '', reason: 'x' })).status).toBe(422)
    expect((await post(`/admin/bans/${row?.id}/lift`, { requestedBy: 'a@yritys.example', reason: 'x' })).status).toBe(
      422,
    )
    expect((await bans())[0]?.lifted_at).toBeNull()
    const lifted = await post(`/admin/bans/${row?.id}/lift`, {
      requestedBy: 'henkilö itse',
      reason: 'haluaa hinnaston',
    })
    expect(lifted.headers.get('Location')).toBe('/admin/bans?done=lifted')
    expect(await bans()).toMatchObject([{ lifted_by: 'henkilö itse', lift_reason: 'haluaa hinnaston' }])
    const html = await page(`/admin/bans/${row?.id}`)
    expect(html).toContain('henkilö itse')
    expect(html).not.toContain('/lift')
  })

  it('bans of a register are shown with it and cannot be lifted', async () => {
    register.answers(json(listOf(banned(1))))
    await syncBanSource(t.deps, 'asml')
    const [row] = await bans()
    expect(await page('/admin/bans')).toContain('ulkoinen rekisteri: asml')
    const html = await page(`/admin/bans/${row?.id}`)
    expect(html).toContain('ulkoisesta rekisteristä')
    expect(html).not.toContain('/lift')
    await post(`/admin/bans/${row?.id}/lift`, { requestedBy: 'henkilö itse', reason: 'pyysi' })
    expect((await bans())[0]?.lifted_at).toBeNull()
  })

  it('turns pages, and knows nothing of what is not there', async () => {
    for (let n = 0; n < 51; n++) await ban(t.deps, { kind: 'email', value: `a${n}@yritys.example` }, 'system')
    const more = /href="(\/admin\/bans\?before=[^"]+)"/.exec(await page('/admin/bans'))?.[1] ?? ''
    expect((await page(more)).match(/role="row"/g)).toHaveLength(2)
    expect((await look(t, '/admin/bans/nothing', cookie)).status).toBe(404)
    expect(await page('/admin/bans?done=constructor')).not.toContain('role="status"')
    expect((await t.request('/admin/bans')).status).toBe(302)
    expect((await t.request('/admin/bans/new', { method: 'POST', headers: { Cookie: cookie } })).status).toBe(403)
  })
})

describe('the page of ban registers', () => {
  it('P08 says how each stands and why it failed, and fetches it now', async () => {
    register.answers(json('<html>'))
    expect((await post('/admin/ban-sources/asml/sync', {})).headers.get('Location')).toBe(
      '/admin/ban-sources?done=failed',
    )
    const failed = await page('/admin/ban-sources?done=failed')
    for (const words of [
      'ei ajan tasalla',
      'Lähetykset odottavat tätä rekisteriä',
      'Luettelon sijaan tuli verkkosivu',
      'Rekisteri ei ole pakollinen',
    ])
      expect(failed).toContain(words)
    register.answers(json(listOf(banned(1234), 7)))
    expect((await post('/admin/ban-sources/asml/sync', {})).headers.get('Location')).toBe(
      '/admin/ban-sources?done=synced',
    )
    const good = await page('/admin/ban-sources?done=synced')
    expect(good).toMatch(/1\s234/)
    expect(good).not.toContain('Luettelon sijaan')
    expect((await post('/admin/ban-sources/muu/sync', {})).status).toBe(404)
    expect(await page('/admin/ban-sources?lang=sv')).toContain('Förbudsregister')
  })

  it('says what to do when there is none', async () => {
    t.deps.config.banSources = []
    expect(await page('/admin/ban-sources')).toContain('BAN_SOURCES')
  })
})
