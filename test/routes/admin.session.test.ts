import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { allRows } from '../leaving.ts'
import { cookieOf, look, newLink, ours, signIn } from '../signedIn.ts'
import { DAY, HOUR, MINUTE } from '../signUps.ts'
import { engines } from '../stores.ts'

describe.each(engines.map(({ name }) => name))('signing in (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  it('T14 works once, by a press: looking at the link uses nothing up', async () => {
    const link = await newLink(t)
    const before = await allRows(t)
    for (let n = 0; n < 5; n++) expect((await t.request(link)).status).toBe(200)
    await t.request(link, { method: 'HEAD' })
    expect(await allRows(t)).toEqual(before)
    const first = await t.request(link, { method: 'POST', headers: ours })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/admin/mailings'])
    expect(first.headers.getSetCookie()[0]).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect((await look(t, '/admin/mailings', cookieOf(first))).status).toBe(200)
    const second = await t.request(link, { method: 'POST', headers: ours })
    expect([second.status, second.headers.getSetCookie()]).toEqual([410, []])
  })

  it('gives one session to ten presses at the same moment', async () => {
    const link = await newLink(t)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => t.request(link, { method: 'POST', headers: ours })),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    const cookie = cookieOf(answers.find(({ status }) => status === 303) ?? new Response())
    expect((await look(t, '/admin/mailings', cookie)).status).toBe(200)
  })

  it('T14 a link lives a day, a session twelve hours and half an hour without a look; signing out ends it at once', async () => {
    const link = await newLink(t)
    t.clock.advance(DAY + 1)
    expect((await t.request(link, { method: 'POST', headers: ours })).status).toBe(410)
    const idle = await signIn(t)
    t.clock.advance(30 * MINUTE - 1)
    expect((await look(t, '/admin/mailings', idle)).status).toBe(200)
    t.clock.advance(30 * MINUTE + 1)
    expect((await look(t, '/admin/mailings', idle)).status).toBe(302)
    const long = await signIn(t)
    for (let ms = 0; ms < 12 * HOUR - 20 * MINUTE; ms += 20 * MINUTE) {
      t.clock.advance(20 * MINUTE)
      expect((await look(t, '/admin/mailings', long)).status).toBe(200)
    }
    t.clock.advance(20 * MINUTE + 1)
    expect((await look(t, '/admin/mailings', long)).status).toBe(302)
    const out = await signIn(t)
    const left = await t.request('/admin/sign-out', { method: 'POST', headers: { ...ours, Cookie: out } })
    expect([left.status, left.headers.get('location')]).toEqual([303, '/admin/sign-in'])
    expect(left.headers.getSetCookie()[0]).toMatch(/^sid=; Max-Age=0/)
    expect((await look(t, '/admin/mailings', out)).status).toBe(302)
  })

  it('T14 always opens a new session, ends the one that the browser had, and takes none that it was given', async () => {
    const planted = 'sid=' + 'a'.repeat(43)
    const mine = await signIn(t, { Cookie: planted })
    expect(mine).not.toBe(planted)
    expect((await look(t, '/admin/mailings', planted)).status).toBe(302)
    const again = await signIn(t, { Cookie: mine })
    expect(again).not.toBe(mine)
    expect((await look(t, '/admin/mailings', mine)).status).toBe(302)
    expect((await look(t, '/admin/mailings', again)).status).toBe(200)
    // Two of the name are none: one of them was planted.
    expect((await look(t, '/admin/mailings', `${again}; ${planted}`)).status).toBe(302)
    // A press on a link that is used up ends no session.
    expect(
      (await t.request('/admin/sign-in/unknown', { method: 'POST', headers: { ...ours, Cookie: again } })).status,
    ).toBe(410)
    expect((await look(t, '/admin/mailings', again)).status).toBe(200)
  })

  it('V7.2.3 keeps links and sessions as their hashes only, ends those of a disabled user, and clears away what ran out', async () => {
    const link = await newLink(t)
    const answer = await t.request(link, { method: 'POST', headers: ours })
    const rows = (await allRows(t)).join('\n')
    expect(rows).not.toContain(link.split('/').at(-1))
    expect(rows).not.toContain(cookieOf(answer).slice('sid='.length))
    await t.deps.store.batch([t.deps.store.db.updateTable('users').set({ disabled_at: 1 })])
    expect((await look(t, '/admin/mailings', cookieOf(answer))).status).toBe(302)
    t.clock.advance(2 * DAY)
    await signIn(t)
    expect(await t.deps.store.db.selectFrom('sessions').select('hash').execute()).toHaveLength(1)
    expect(await t.deps.store.db.selectFrom('sign_in_links').select('hash').execute()).toHaveLength(1)
  })
})
