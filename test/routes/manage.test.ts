import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows, header, press, settingsPath } from '../leaving.ts'
import { addPeople } from '../people.ts'
import { DAY, said, signUp } from '../signUps.ts'
import { engines } from '../stores.ts'

describe.each(engines.map(({ name }) => name))('features 33 "send me my link" (%s)', (engine) => {
  let t: TestApp
  beforeAll(async () => {
    t = await startApp({ engine })
    await addPeople(t, [
      { email: 'Tuttu@yritys.example', language: 'sv' },
      { email: 'kielletty@yritys.example' },
      { email: 'ei@yritys.example' },
      { email: 'paiva@yritys.example' },
    ])
    await ban(t.deps, { kind: 'email', value: 'kielletty@yritys.example' }, 'person')
    await ban(t.deps, { kind: 'email', value: 'ei@yritys.example', scope: 'no_contact' }, 'user:1')
    await signUp(t, { email: 'odottaa@yritys.example' })
    await t.deliver()
  })
  afterAll(() => t.close())

  const linksTo = async (email: string) => {
    await t.deliver()
    return (await t.mailsTo(email)).filter((mail) => mail.links.some((link) => link.includes('/p/')))
  }

  it('mails it to a contact, at the address and in the language that we know, with nothing of the person in it', async () => {
    await press(t, '/manage', { email: 'TUTTU@yritys.example' }, 'fi')
    const [mail, ...more] = await linksTo('Tuttu@yritys.example')
    expect(more).toEqual([])
    expect(mail?.subject).not.toContain('asetu')
    expect(mail?.raw).not.toMatch(/^List-/im)
    expect(mail && header(mail, 'To')).toEqual(['<Tuttu@yritys.example>'])
    const link = mail?.links.find((url) => url.includes('/p/')) ?? ''
    expect(link).not.toMatch(/tuttu|yritys/i)
    expect((await t.request(new URL(link).pathname)).status).toBe(200)
  })

  it('P12 T02 answers the same for known, unknown, banned, pending and never-contact, and mails only whom it may', async () => {
    const names = ['kielletty', 'ei', 'tuntematon', 'odottaa']
    const answers = await Promise.all(
      names.map(async (name) => (await press(t, '/manage', { email: `${name}@yritys.example` })).text()),
    )
    answers.push(await (await press(t, '/manage', { email: 'tuttu@yritys.example' })).text())
    expect(new Set(answers).size).toBe(1)
    const mailed = await Promise.all(names.map(async (name) => (await linksTo(`${name}@yritys.example`)).length))
    expect(mailed).toEqual([1, 0, 0, 0])
  })

  it('P12 mails one a day, however often it is asked for, and a new one the next day', async () => {
    for (let n = 0; n < 5; n++) await press(t, '/manage', { email: 'paiva@yritys.example' })
    expect(await linksTo('paiva@yritys.example')).toHaveLength(1)
    t.clock.advance(DAY)
    await press(t, '/manage', { email: 'paiva@yritys.example' })
    expect(await linksTo('paiva@yritys.example')).toHaveLength(2)
  })
})

describe('the page that asks for the address', () => {
  let t: TestApp
  beforeAll(async () => {
    t = await startApp({ env: { LIMIT_PER_NETWORK: '2' } })
    await addPeople(
      t,
      Array.from({ length: 5 }, (_, n) => ({ email: `n${n}@yritys.example` })),
    )
  })
  afterAll(() => t.close())

  it('P12 lets a network cause only so many mails an hour', async () => {
    for (let n = 0; n < 5; n++) await press(t, '/manage', { email: `n${n}@yritys.example` })
    await t.deliver()
    expect(await t.mails()).toHaveLength(2)
  })

  it('says in the language of the page what is wrong', async () => {
    expect(await said(press(t, '/manage?lang=sv', { email: 'x' }))).toContain('E-postadress: ')
    expect(await said(press(t, '/manage?lang=en', {}))).toContain('E-mail address: fill in this field.')
    expect((await press(t, '/manage', { email: 'x@y' })).status).toBe(422)
  })

  it('GET changes nothing, other methods are refused, and no body is a fault of ours', async () => {
    const before = await allRows(t)
    expect((await t.request('/manage')).status).toBe(200)
    expect((await t.request('/manage', { method: 'HEAD' })).status).toBe(200)
    expect((await t.request('/manage', { method: 'DELETE' })).status).toBe(405)
    for (const [type, body, status] of [
      ['multipart/form-data', 'x', 400],
      ['application/json', '[]', 400],
      ['text/csv', 'x', 415],
      ['application/x-www-form-urlencoded', 'email[]=a', 422],
    ] as const) {
      const answer = await t.request('/manage', { method: 'POST', headers: { 'Content-Type': type }, body })
      expect([type, answer.status]).toEqual([type, status])
    }
    expect(await allRows(t)).toEqual(before)
  })

  it('answers programs in JSON', async () => {
    const init = {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ email: 'n0@yritys.example' }),
    }
    const answer = await t.request('/manage', init)
    expect([answer.status, await answer.json()]).toEqual([202, { status: 'accepted' }])
  })

  it('P23 names no address in a log', async () => {
    await expect(settingsPath(t, 'n4@yritys.example')).rejects.toThrow('no link')
    expect(t.logged.join('\n')).not.toMatch(/@/)
  })
})
