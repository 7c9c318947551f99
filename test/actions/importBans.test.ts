import { afterEach, describe, expect, it } from 'vitest'
import { checkBan } from '../../src/actions/checkBan.ts'
import { liftBan } from '../../src/actions/liftBan.ts'
import type { BanKind } from '../../src/rules/matchKeys.ts'
import { engines } from '../stores.ts'
import { startImports } from './imported.ts'

let app: Awaited<ReturnType<typeof startImports>>
afterEach(() => app.close())

const csv = (...lines: string[]) => `${lines.join('\n')}\n`
const scopes = async (kind: BanKind, value: string) => {
  const result = await checkBan(app.deps, kind, value)
  return result.ok ? result.bans.map(({ scope }) => scope) : result.error
}

describe.each(engines)('an import of bans ($name)', ({ name: engine }) => {
  it('bans every kind of value, in the scope of its row', async () => {
    app = await startImports({ engine })
    const done = await app.importBans(
      csv(
        'kind;value;scope;reason',
        'email;Matti+lehti@Yritys.example;;asked by phone',
        'DOMAIN;hiljainen.example;;',
        'company;FI12345671;no_contact;',
        'phone;040 123 4567;;',
        'postal;Matti|Katu 1 A 3|00100;;',
        'email;liisa@yritys.example;topic:newsletter;',
        'email;pekka@yritys.example;purpose:surveys;',
      ),
    )
    expect(done).toMatchObject({ state: 'finished', rows: 7, added: 7, refused: 0 })
    expect(await scopes('email', 'matti+LEHTI@yritys.example')).toEqual(['all'])
    expect(await scopes('email', 'matti@yritys.example')).toEqual(['all'])
    expect(await scopes('email', 'x@osasto.hiljainen.example')).toEqual(['all'])
    expect(await scopes('company', '1234567-1')).toEqual(['no_contact'])
    expect(await scopes('phone', '+358401234567')).toEqual(['all'])
    expect(await scopes('email', 'liisa@yritys.example')).toEqual(['topic:newsletter'])
    expect(await scopes('email', 'pekka@yritys.example')).toEqual(['purpose:surveys'])
  })

  it('D-24 only ever adds: a file without a ban takes it away from nobody, and a ban in force stays as it is', async () => {
    app = await startImports({ engine })
    await app.importBans(csv('email', 'a@yritys.example', 'b@yritys.example'))
    const before = await app.deps.store.db.selectFrom('bans').selectAll().orderBy('id').execute()
    app.clock.advance(1000)
    const done = await app.importBans(csv('email', 'B@yritys.example', 'c@yritys.example', 'c@yritys.example'))
    expect(done).toMatchObject({ added: 1, unchanged: 2, refused: 0 })
    const after = await app.deps.store.db.selectFrom('bans').selectAll().orderBy('id').execute()
    expect(after).toHaveLength(3)
    expect(after).toEqual(expect.arrayContaining(before))
  })

  it('bans again whom a later file names after the ban was lifted', async () => {
    app = await startImports({ engine })
    await app.importBans(csv('email', 'a@yritys.example'))
    await liftBan(
      app.deps,
      { kind: 'email', value: 'a@yritys.example', scope: 'all' },
      { requestedBy: 'the person', reason: 'wrote to us' },
      'user:1',
    )
    expect(await scopes('email', 'a@yritys.example')).toEqual([])
    expect(await app.importBans(csv('email', 'a@yritys.example', 'b@yritys.example'))).toMatchObject({ added: 2 })
    expect(await scopes('email', 'a@yritys.example')).toEqual(['all'])
  })
})

describe('an import of bans', () => {
  it('D-9 refuses what would ban strangers, and every other row that cannot be read, with its field', async () => {
    app = await startImports()
    const done = await app.importBans(
      csv(
        'kind,value,scope,reason',
        'domain,fi,,',
        'domain,co.uk,,',
        'domain,gmail.com,,',
        'email,bad,,',
        'fax,040 123 4567,,',
        'email,a@yritys.example,some,',
        'email,a@yritys.example,topic:none,',
        'email,a@yritys.example,,called from b@yritys.example',
        'email,a@yritys.example',
        'email,ok@yritys.example,,',
      ),
    )
    expect(done).toMatchObject({ rows: 10, added: 1, refused: 9 })
    expect((await app.refusals(done.id)).map(({ field }) => field)).toEqual([
      'value',
      'value',
      'value',
      'value',
      'kind',
      'scope',
      'scope',
      'reason',
      'row',
    ])
    expect(JSON.stringify(await app.deps.store.db.selectFrom('bans').selectAll().execute())).not.toContain('@')
  })

  it('P07 says at once who is banned from now on, to whoever is about to send', async () => {
    app = await startImports()
    const stopped: ReadonlySet<string>[] = []
    app.deps.signals.onStop((keys) => void stopped.push(keys))
    await app.importBans(csv('email', 'a@yritys.example'))
    expect(stopped.some((keys) => keys.has(app.deps.keyring.hash('email:v1:a@yritys.example')))).toBe(true)
  })

  it('takes a plain CSV body, and answers the same file with the same import', async () => {
    app = await startImports()
    const post = () =>
      app.api('/bans/imports', {
        method: 'POST',
        headers: { 'content-type': 'text/csv; charset=utf-8' },
        body: csv('email', 'a@yritys.example'),
      })
    const [first, second] = [await post(), await post()]
    expect([first.status, second.status]).toEqual([202, 200])
    expect(await second.json()).toEqual(await first.json())
  })

  it('changes nothing in a dry run', async () => {
    app = await startImports()
    expect(await app.importBans(csv('email', 'a@yritys.example'), { dryRun: 'true' })).toMatchObject({
      dryRun: true,
      added: 1,
    })
    expect(await scopes('email', 'a@yritys.example')).toEqual([])
  })
})
