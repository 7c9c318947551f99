import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { erase } from '../../src/actions/erase.ts'
import { ensureKeyring } from '../../src/actions/rekey.ts'
import { liftBan } from '../../src/actions/liftBan.ts'
import type { Deps } from '../../src/deps.ts'
import { makeKeyring } from '../../src/keyring.ts'
import { matchHashes } from '../../src/mail/matchHashes.ts'
import { parseEmail } from '../../src/rules/address.ts'
import { contactForms } from '../../src/rules/matchKeys.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows, gets, ownAddress, run } from '../leaving.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { signUp } from '../signUps.ts'
import { engines } from '../stores.ts'

const newer = 'a newer secret, also of more than 32 characters'

describe.each(engines.map(({ name }) => name))('D-7 a new secret (%s)', (engine) => {
  let t: TestApp
  let old: string[]
  beforeEach(async () => {
    t = await startApp({ engine })
    old = t.deps.config.secrets
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const withRing = (...secrets: string[]): Deps => ({ ...t.deps, keyring: makeKeyring(secrets) })
  const formsOf = (text: string, more: { phone?: string; businessId?: string } = {}) => {
    const read = parseEmail(text, { allowReserved: true })
    if (!read.ok) throw new Error(read.error)
    return contactForms({ email: read.email, ...more })
  }

  it('gives everybody a hash under it, keeps the old ones, and is done before anything is sent', async () => {
    const [id = ''] = await addPeople(t, [{ email: ownAddress }])
    await signUp(t, { email: 'uusi@yritys.example', phone: '' })
    await t.deps.store.batch([
      db().insertInto('companies').values({
        id: 'co',
        name: 'Oy',
        business_id: '1234567-1',
        form: 'legal_person',
        address: null,
        price_group: null,
        keys: '[]',
        created_at: 1,
        updated_at: 1,
      }),
      db().updateTable('contacts').set({ company_id: 'co', phone: '+358401234567' }).where('id', '=', id),
    ])
    const renewed = withRing(newer, ...old)
    expect(await ensureKeyring(renewed)).toEqual({ ok: true })
    const keysOf = async (table: 'contacts' | 'signups' | 'companies' | 'deliveries') =>
      (await db().selectFrom(table).select('keys').executeTakeFirstOrThrow()).keys
    const { keyring } = renewed
    expect(await keysOf('contacts')).toBe(
      matchHashes(keyring, formsOf(ownAddress, { phone: '+358401234567', businessId: '1234567-1' })),
    )
    expect(await keysOf('signups')).toBe(matchHashes(keyring, formsOf('uusi@yritys.example')))
    expect(await keysOf('deliveries')).toBe(matchHashes(keyring, formsOf('uusi@yritys.example')))
    expect(await keysOf('companies')).toBe(matchHashes(keyring, ['company:v1:1234567-1']))
    const after = await allRows(t)
    expect(await ensureKeyring(renewed)).toEqual({ ok: true })
    expect(await allRows(t)).toEqual(after)
  })

  it('loses no ban: of known and unknown people, of domains, made before or after', async () => {
    await addPeople(t, [
      { email: ownAddress },
      { email: 'b@kielto.example' },
      { email: 'c+x@yritys.example' },
      { email: 'saa@yritys.example' },
    ])
    await ban(t.deps, { kind: 'email', value: ownAddress }, 'person')
    await ban(t.deps, { kind: 'domain', value: 'kielto.example' }, 'person')
    await ban(t.deps, { kind: 'email', value: 'c@yritys.example', scope: 'topic:price-list' }, 'person')
    await ban(t.deps, { kind: 'email', value: 'tuleva@yritys.example' }, 'person')
    const renewed = withRing(newer, ...old)
    await ensureKeyring(renewed)
    await addPeople({ deps: renewed }, [{ email: 'tuleva@yritys.example' }])
    t.deps.keyring = renewed.keyring
    const mailing = await scheduled(t)
    t.clock.advance(1000)
    await run(t)
    expect(await reportOf(t, mailing)).toMatchObject({ counts: { sent: 1, skipped: 4 } })
    expect((await t.mails()).map(({ recipient }) => recipient)).toEqual(['saa@yritys.example'])
  })

  it('is one ban still, when the same is said again under the new secret', async () => {
    await ban(t.deps, { kind: 'email', value: ownAddress }, 'person')
    const renewed = withRing(newer, ...old)
    await ensureKeyring(renewed)
    expect(await ban(renewed, { kind: 'email', value: ownAddress }, 'person')).toMatchObject({ added: false })
    expect(await db().selectFrom('bans').select('id').execute()).toHaveLength(1)
  })

  it('P07 P24 reaches people whom a node with the old ring added meanwhile, and bans that it took', async () => {
    const renewed = withRing(newer, ...old)
    await ensureKeyring(renewed)
    await addPeople(t, [{ email: 'vanhalta@yritys.example' }])
    await addPeople({ deps: renewed }, [{ email: 'uudelta@yritys.example' }])
    await ban(renewed, { kind: 'email', value: 'vanhalta@yritys.example' }, 'person')
    await ban(t.deps, { kind: 'email', value: 'uudelta@yritys.example' }, 'person')
    for (const deps of [t.deps, renewed]) {
      t.deps.keyring = deps.keyring
      expect(await gets(t, 'vanhalta@yritys.example')).toBe(false)
      expect(await gets(t, 'uudelta@yritys.example')).toBe(false)
    }
  })

  it('does not overwrite the keys of somebody whose address another node changes at the same time', async () => {
    const [id = ''] = await addPeople(t, [{ email: ownAddress }])
    const renewed = withRing(newer, ...old)
    const moved = matchHashes(t.deps.keyring, formsOf('muutti@yritys.example'))
    const { batch } = t.deps.store
    let first = true
    const racing: Deps = {
      ...renewed,
      store: {
        ...renewed.store,
        batch: async (queries) => {
          if (first) {
            first = false
            await batch([
              db()
                .updateTable('contacts')
                .set({ strict: 'muutti@yritys.example', address: 'muutti@yritys.example', keys: moved })
                .where('id', '=', id),
            ])
          }
          return batch(queries)
        },
      },
    }
    await ensureKeyring(racing)
    expect((await db().selectFrom('contacts').select('keys').executeTakeFirstOrThrow()).keys).toBe(moved)
  })

  it('P03 refuses to start without a secret that bans still need, names its key and the mend, and writes nothing', async () => {
    const [id = ''] = await addPeople(t, [{ email: ownAddress }])
    await ban(t.deps, { kind: 'email', value: ownAddress }, 'person')
    await erase(t.deps, id, 'person')
    const before = await allRows(t)
    const result = await ensureKeyring(withRing(newer))
    expect(result).toEqual({
      ok: false,
      problem: expect.stringMatching(/^SECRETS: .* Put it back at the end of the list\.$/) as string,
    })
    expect('problem' in result && result.problem).toContain(t.deps.keyring.ids[0])
    expect(await allRows(t)).toEqual(before)
  })

  it('F86 lets an old secret go once no ban in force needs it', async () => {
    await addPeople(t, [{ email: ownAddress }])
    await ban(t.deps, { kind: 'email', value: ownAddress }, 'person')
    const known = await ban(t.deps, { kind: 'email', value: 'tuntematon@yritys.example' }, 'person')
    await ensureKeyring(withRing(newer, ...old))
    expect(await ensureKeyring(withRing(newer))).toMatchObject({ ok: false })
    if (known.ok) await liftBan(t.deps, { id: known.id }, { requestedBy: 'the person', reason: 'asked' }, 'user:1')
    const alone = withRing(newer)
    expect(await ensureKeyring(alone)).toEqual({ ok: true })
    t.deps.keyring = alone.keyring
    expect(await gets(t, ownAddress)).toBe(false)
  })
})
