import { afterEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { changeCompany } from '../../src/actions/changeCompany.ts'
import { changeContact } from '../../src/actions/changeContact.ts'
import { erase } from '../../src/actions/erase.ts'
import { unsubscribe } from '../../src/actions/unsubscribe.ts'
import { banHashes } from '../../src/mail/matchHashes.ts'
import { parseEmail } from '../../src/rules/address.ts'
import { engines } from '../stores.ts'
import { declared, runToEnd, startImports } from './imported.ts'

type Imports = Awaited<ReturnType<typeof startImports>>

let app: Imports
afterEach(() => app.close())

const csv = (...lines: string[]) => `${lines.join('\n')}\n`
const bare = { source: 'Customer register' }
const priceList = { ...declared, topics: 'price-list' }

/** What a one-click unsubscribe does, with the keys that its link carries. */
async function leave({ deps }: Imports, contactId: string, address: string, topic: string) {
  const email = parseEmail(address, { allowReserved: true })
  if (!email.ok) throw new Error(email.error)
  const hashes = banHashes(deps.keyring, 'email', email.email).map(({ hash }) => hash)
  const link = { topic, language: 'fi' as const, mailingId: 'm', contactId, hashes, keyId: deps.keyring.ids[0] ?? '' }
  await unsubscribe(deps, link, { scope: 'topic', how: 'one_click', network: '192.0.2.0/24' })
}

describe.each(engines)('an import of contacts ($name)', ({ name: engine }) => {
  it('features 44: stores contacts with their companies, and with a permission whose proof is the declaration', async () => {
    app = await startImports({ engine })
    const done = await app.importContacts(
      csv(
        'email,name,company,businessId,title,phone,language,priceGroup,externalId,street,postcode,city',
        'Matti@yritys.example,Matti Meikäläinen,Yritys Oy,1234567-1,Ostaja,040 123 4567,sv,A,0001,Katu 1,00100,Helsinki',
        'info@yritys.example,,,1234567-1,,,,B,,,,',
        'tilaukset@toinen.example,,Toinen Oy,,,,,C,,,,',
      ),
      priceList,
    )
    expect(done).toMatchObject({
      state: 'finished',
      rows: 3,
      added: 3,
      updated: 0,
      unchanged: 0,
      refused: 0,
      progress: 1,
      error: null,
    })
    const companies = await app.deps.store.db.selectFrom('companies').selectAll().orderBy('name').execute()
    expect(companies).toMatchObject([
      { name: 'Toinen Oy', business_id: null, price_group: 'C' },
      { name: 'Yritys Oy', business_id: '1234567-1', price_group: 'B', address: 'Katu 1, 00100 Helsinki' },
    ])
    const [info, matti, orders] = await app.contacts()
    expect(matti).toMatchObject({
      address: 'Matti@yritys.example',
      name: 'Matti Meikäläinen',
      company_id: companies[1]?.id,
      company_name: 'Yritys Oy',
      title: 'Ostaja',
      phone: '+358401234567',
      language: 'sv',
      external_id: '0001',
      class: 'named_work',
      source: priceList.source,
    })
    expect(info).toMatchObject({ class: 'role_work', company_id: companies[1]?.id, language: 'fi' })
    expect(orders?.company_id).toBe(companies[0]?.id)
    expect(await app.permissions()).toMatchObject(
      ['matti@yritys.example', 'info@yritys.example', 'tilaukset@toinen.example'].map((strict) => ({
        strict,
        topic: 'price-list',
        channel: 'email',
        rule: 'duty_evidence',
        basis: 'legitimate_interest',
        source: priceList.source,
        evidence: JSON.stringify({
          said: priceList.evidence,
          by: 'api:environment',
          at: new Date(app.clock.now()).toISOString(),
        }),
        confirmed_at: app.clock.now(),
        withdrawn_at: null,
        expires_at: null,
      })),
    )
    expect(await app.deps.store.db.selectFrom('file_chunks').select('n').execute()).toEqual([])
  })

  it('P09 brings back nobody who left or forbade marketing, and nobody who was erased with a ban', async () => {
    app = await startImports({ engine })
    const file = csv(
      'email',
      'left@yritys.example',
      'banned@yritys.example',
      'erased@yritys.example',
      'forgotten@yritys.example',
      'plain@yritys.example',
    )
    await app.importContacts(file)
    const [banned, erased, forgotten, left] = await app.contacts()
    await leave(app, left?.id ?? '', 'left@yritys.example', 'newsletter')
    await leave(app, erased?.id ?? '', 'erased@yritys.example', 'newsletter')
    await ban(app.deps, { kind: 'email', value: 'banned@yritys.example' }, 'system')
    await erase(app.deps, erased?.id ?? '', 'system')
    await erase(app.deps, forgotten?.id ?? '', 'system')
    app.clock.advance(60_000)
    const before = (await app.permissions()).filter(({ strict }) => strict !== 'forgotten@yritys.example')

    const again = await app.importContacts(
      file.replace('email\n', 'email,language\n').replaceAll('example\n', 'example,sv\n'),
    )
    expect(again).toMatchObject({ state: 'finished', added: 1, updated: 1, unchanged: 0, refused: 3 })
    expect((await app.refusals(again.id)).map(({ row_number, field }) => [row_number, field])).toEqual([
      [2, 'email'],
      [3, 'email'],
      [4, 'email'],
    ])
    expect((await app.contacts()).map(({ strict, language }) => [strict, language])).toEqual([
      ['banned@yritys.example', 'fi'],
      ['forgotten@yritys.example', 'sv'],
      ['left@yritys.example', 'fi'],
      ['plain@yritys.example', 'sv'],
    ])
    expect((await app.permissions()).filter(({ strict }) => strict !== 'forgotten@yritys.example')).toEqual(before)
    expect(banned?.strict).toBe('banned@yritys.example')
  })

  it('updates what is given of a known contact, and never the times of a permission', async () => {
    app = await startImports({ engine })
    await app.importContacts(
      csv('email,name,phone', 'matti@yritys.example,Matti,040 123 4567', 'info@yritys.example,Info,'),
    )
    const before = await app.permissions()
    app.clock.advance(60_000)
    const done = await app.importContacts(
      csv('email,name,phone', 'MATTI@yritys.example,Matti M,', 'info@yritys.example,,'),
    )
    expect(done).toMatchObject({ added: 0, updated: 1, unchanged: 1, refused: 0 })
    const matti = (await app.contacts()).find(({ strict }) => strict === 'matti@yritys.example')
    expect(matti).toMatchObject({
      name: 'Matti M',
      phone: '+358401234567',
      address: 'matti@yritys.example',
      source: declared.source,
    })
    expect(await app.permissions()).toEqual(before)
  })

  it('has a verdict for each row: added, updated, unchanged, or refused with its field', async () => {
    app = await startImports({ engine })
    await app.importContacts(csv('email,name,externalId', 'a@yritys.example,A,1'))
    const done = await app.importContacts(
      csv(
        'email,name,externalId',
        'a@yritys.example,A,1',
        '',
        'b@yritys.example,B,1',
        'bad,,',
        'c@yritys.example,C,3',
        'c@yritys.example,D,',
        'd@yritys.example,E,3',
      ),
    )
    expect(done).toMatchObject({ rows: 6, added: 1, updated: 0, unchanged: 1, refused: 4 })
    expect((await app.refusals(done.id)).map(({ row_number, field }) => [row_number, field])).toEqual([
      [4, 'externalId'],
      [5, 'email'],
      [7, 'email'],
      [8, 'externalId'],
    ])
  })

  it('features 45: a dry run writes nothing but what would become of the rows', async () => {
    app = await startImports({ engine })
    await ban(app.deps, { kind: 'domain', value: 'hiljainen.example' }, 'system')
    const file = csv('email,name', 'a@yritys.example,A', 'a@yritys.example,B', 'b@hiljainen.example,C')
    const tables = ['contacts', 'companies', 'permissions', 'bans', 'ledger', 'deliveries', 'signups'] as const
    const counted = () =>
      Promise.all(tables.map(async (table) => (await app.deps.store.db.selectFrom(table).selectAll().execute()).length))
    const before = await counted()
    const dry = await app.importContacts(file, { ...declared, dryRun: 'true' })
    expect(dry).toMatchObject({ state: 'finished', dryRun: true, rows: 3, added: 1, refused: 2 })
    expect(await counted()).toEqual(before)
    expect(await app.importContacts(file)).toMatchObject({ dryRun: false, added: 1, refused: 2 })
  })
})

describe('an import of contacts', () => {
  it('without topics stores contacts that nobody may mail yet', async () => {
    app = await startImports()
    expect(
      await app.importContacts(csv('email,name,company,title', 'a@yritys.example,A,Yritys Oy,Ostaja'), bare),
    ).toMatchObject({ added: 1 })
    expect(await app.permissions()).toEqual([])
  })

  it('lets rule, evidence and date of a row outrank the declaration', async () => {
    app = await startImports()
    await app.importContacts(
      csv(
        'email,rule,evidence,consentDate',
        'info@yritys.example,legal_person,,',
        'a@gmail.com,consent,Signed form at the fair,1.3.2026',
      ),
      {
        source: 'Fair',
        topics: ['newsletter', 'events'],
      },
    )
    const rows = (await app.permissions()).map(
      ({ strict, topic, rule, basis, evidence, confirmed_at, expires_at }) => ({
        strict,
        topic,
        rule,
        basis,
        said: evidence && JSON.parse(evidence).said,
        confirmed_at,
        expires_at,
      }),
    )
    const consent = {
      strict: 'a@gmail.com',
      rule: 'consent',
      basis: 'consent',
      said: 'Signed form at the fair',
      confirmed_at: Date.UTC(2026, 2, 1),
      expires_at: Date.UTC(2028, 2, 1),
    }
    const role = {
      strict: 'info@yritys.example',
      rule: 'legal_person',
      basis: 'legitimate_interest',
      said: null,
      confirmed_at: app.clock.now(),
      expires_at: null,
    }
    expect(rows).toEqual([
      { ...role, topic: 'events' },
      { ...role, topic: 'newsletter' },
      { ...consent, topic: 'events' },
      { ...consent, topic: 'newsletter' },
    ])
  })

  it('finds a company by business id or name, and gives it no domain', async () => {
    app = await startImports()
    await app.importContacts(csv('email,company', 'e@yritys.example,Yritys Oy'), bare)
    await app.importContacts(
      csv(
        'email,company,businessId',
        'a@yritys.example,Yritys Oy,1234567-1',
        'b@yritys.example,,1234567-1',
        'c@muu.example,Yritys Oy,',
      ),
      bare,
    )
    await app.importContacts(
      csv('email,company,businessId,priceGroup', 'd@yritys.example,Yritys Oy konserni,1234567-1,A'),
      bare,
    )
    const { db } = app.deps.store
    const companies = await db.selectFrom('companies').selectAll().execute()
    expect(companies).toMatchObject([{ name: 'Yritys Oy', business_id: '1234567-1', price_group: 'A' }])
    expect(new Set((await app.contacts()).map(({ company_id }) => company_id))).toEqual(new Set([companies[0]?.id]))
    expect(await db.selectFrom('company_domains').selectAll().execute()).toEqual([])
  })

  it('links people of a domain to the company that staff gave it to, and refuses a price group without a company', async () => {
    app = await startImports()
    const made = await app.api('/companies', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Yritys Oy', businessId: '1234567-1', domains: ['yritys.example'] }),
    })
    const { id } = (await made.json()) as { id: string }
    const done = await app.importContacts(csv('email,priceGroup', 'a@osasto.yritys.example,A', 'b@muu.example,B'), bare)
    expect(done).toMatchObject({ added: 1, refused: 1 })
    expect(await app.contacts()).toMatchObject([{ strict: 'a@osasto.yritys.example', company_id: id }])
    expect(await app.refusals(done.id)).toMatchObject([{ row_number: 3, field: 'priceGroup' }])
  })

  it('P07 refuses people whose company is banned by its business id', async () => {
    app = await startImports()
    await ban(app.deps, { kind: 'company', value: '1234567-1' }, 'system')
    const done = await app.importContacts(
      csv('email,company,businessId', 'a@yritys.example,Yritys Oy,1234567-1', 'b@yritys.example,Muu Oy,'),
      bare,
    )
    expect(done).toMatchObject({ added: 1, refused: 1 })
  })

  it('P09 another spelling of its name, or another company, takes nobody out of a banned company', async () => {
    app = await startImports()
    await app.importContacts(csv('email,company,businessId', 'a@yritys.example,Yritys Oy,1234567-1'), bare)
    const [before] = await app.contacts()
    const respelled = await app.importContacts(csv('email,company', 'a@yritys.example,Yritys Finland'), bare)
    expect(respelled).toMatchObject({ updated: 1, refused: 0 })
    expect(await app.contacts()).toMatchObject([{ company_id: before?.company_id, company_name: 'Yritys Finland' }])
    await ban(app.deps, { kind: 'company', value: '1234567-1' }, 'system')
    const named = await app.importContacts(csv('email,company', 'a@yritys.example,Yritys Suomi'), bare)
    const moved = await app.importContacts(csv('email,company,businessId', 'a@yritys.example,Muu Oy,0112038-9'), bare)
    expect([named, moved]).toMatchObject([{ refused: 1 }, { refused: 1 }])
    expect(await app.contacts()).toMatchObject([{ company_id: before?.company_id }])
  })

  it('decides a chunk anew when its people or companies were changed meanwhile, and writes back nothing old', async () => {
    app = await startImports()
    await app.importContacts(csv('email,company,businessId', 'a@yritys.example,Yritys Oy,1234567-1'), bare)
    const [a] = await app.contacts()
    const { deps } = app
    const tries: ((id: string, companyId: string) => Promise<unknown>)[] = [
      (_, companyId) => changeCompany(deps, companyId, { name: 'Yritys Oyj' }, null),
      (id) => changeContact(deps, id, { email: 'b@yritys.example' }, null, 'system'),
    ]
    const batch: typeof deps.store.batch = async (queries) => {
      const isChunk = queries.some((query) => JSON.stringify(query).includes('update contacts set address'))
      if (isChunk) await tries.shift()?.(a?.id ?? '', a?.company_id ?? '')
      return deps.store.batch(queries)
    }
    const file = csv('email,company,businessId,priceGroup,name', 'a@yritys.example,Yritys Oy,1234567-1,A,Aino')
    const { id } = (await (await app.post('/imports', file, bare)).json()) as { id: string }
    await runToEnd({ deps: { ...deps, store: { ...deps.store, batch } } })
    expect(tries).toEqual([])
    expect(await app.show('/imports', id)).toMatchObject({ state: 'finished', added: 1, updated: 0 })
    expect(await app.contacts()).toMatchObject([
      { strict: 'a@yritys.example', name: 'Aino' },
      { id: a?.id, strict: 'b@yritys.example', address: 'b@yritys.example', name: null },
    ])
    expect(await deps.store.db.selectFrom('companies').selectAll().execute()).toMatchObject([
      { name: 'Yritys Oyj', price_group: 'A' },
    ])
  })

  it('answers the same file with the same options with the first import, and does nothing again (F074)', async () => {
    app = await startImports()
    const file = csv('email', 'a@yritys.example')
    const first = await app.post('/imports', file, declared)
    const second = await app.post('/imports', file, declared)
    expect([first.status, second.status]).toEqual([202, 200])
    expect(await second.json()).toEqual(await first.json())
    expect((await app.post('/imports', file, bare)).status).toBe(202)
    expect(await app.deps.store.db.selectFrom('imports').select('id').execute()).toHaveLength(2)
  })

  it('records in the ledger that it started and finished, with the hash of the file and no address (P23)', async () => {
    app = await startImports()
    const { id } = await app.importContacts(csv('email', 'canary@yritys.example', 'bad@@canary'))
    const events = await app.deps.store.db
      .selectFrom('ledger')
      .selectAll()
      .where('subject', '=', id)
      .orderBy('event')
      .execute()
    expect(events.map(({ event, actor }) => [event, actor])).toEqual([
      ['import_finished', 'system'],
      ['import_started', 'api:environment'],
    ])
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ kind: 'contacts', added: 1, refused: 1 })
    const all = JSON.stringify([
      await app.deps.store.db.selectFrom('ledger').selectAll().execute(),
      await app.refusals(id),
      app.logged,
    ])
    expect(all).not.toContain('canary')
  })
})
