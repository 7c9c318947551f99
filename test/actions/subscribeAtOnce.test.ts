import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { permissionFact } from '../../src/mail/facts.ts'
import { judgeReturn } from '../../src/rules/comingBack.ts'
import { startApp, type TestApp } from '../app.ts'
import { DAY, makeForm, said, signUp, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

const address = 'maija@yritys.example'

describe.each(engines)('a form whose double opt-in is off ($name)', ({ name }) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine: name })
    await makeForm(t, 'messut', { doubleOptIn: false, welcome: true })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const post = () => signUp(t, { email: address, name: 'Maija' }, { form: 'messut' })

  it('A7-5 makes a contact at once, and the evidence says that nobody confirmed it', async () => {
    expect(await said(post())).toContain('Uutiskirje')
    await post()
    const contact = await db().selectFrom('contacts').selectAll().executeTakeFirstOrThrow()
    expect(contact).toMatchObject({ strict: address, name: 'Maija' })
    expect(await db().selectFrom('permissions').selectAll().execute()).toEqual([
      expect.objectContaining({
        contact_id: contact.id,
        rule: 'consent',
        evidence: 'single opt-in',
        confirmed_from: 'form',
        wording_id: 'messut-w1',
      }),
    ])
    const events = await db().selectFrom('ledger').select(['event', 'subject']).orderBy('event').execute()
    expect(events).toEqual([
      { event: 'contact_created', subject: contact.id },
      { event: 'permission_recorded', subject: contact.id },
    ])
    t.clock.advance(DAY)
    await post()
    await t.deliver()
    expect(await t.mailsTo(address)).toHaveLength(1)
  })

  it('D-14 brings nobody back who was banned or left', async () => {
    await ban(t.deps, { kind: 'email', value: address }, 'person')
    t.clock.advance(DAY)
    expect((await post()).status).toBe(200)
    const rows = (await db().selectFrom('permissions').selectAll().execute()).map(permissionFact)
    const own = {
      id: 'b',
      kind: 'email' as const,
      scope: 'all',
      external: false,
      reason: null,
      form: 'strict' as const,
      at: t.clock.now() - DAY,
    }
    const asked = { topic: 'newsletter', purpose: 'direct_marketing' as const, at: t.clock.now() }
    expect(judgeReturn([own], asked, rows, t.clock.now())).toBe('lifts')
  })

  it('changes nothing of a known contact', async () => {
    await subscribed(t, { email: address, name: 'Maija Meikäläinen' })
    const before = await db().selectFrom('permissions').selectAll().execute()
    t.clock.advance(DAY)
    await post()
    expect(await db().selectFrom('permissions').selectAll().execute()).toEqual(before)
    expect(await db().selectFrom('contacts').select('name').execute()).toEqual([{ name: 'Maija Meikäläinen' }])
  })

  it('P12 is held by the same caps', async () => {
    await t.close()
    t = await startApp({ engine: name, env: { LIMIT_PER_NETWORK: '4' } })
    await makeForm(t, 'messut', { doubleOptIn: false })
    for (let i = 0; i < 5; i++) await signUp(t, { email: `a${i}@yritys.example` }, { form: 'messut' })
    expect(await db().selectFrom('contacts').selectAll().execute()).toHaveLength(2)
  })
})
