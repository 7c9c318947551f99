import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { links } from '../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { allRows, leavingPath, mailed, post } from '../leaving.ts'

describe('whose link it is', () => {
  let t: TestApp
  let path: string
  let contactId: string
  beforeAll(async () => {
    t = await startApp()
    const { ids, mails } = await mailed(t)
    contactId = ids[0] ?? ''
    path = leavingPath(mails[0])
  })
  afterAll(() => t.close())
  const token = () => path.slice('/u/'.length)

  it("A1-4 T12 any changed bit makes it nobody's link, and nothing happens", async () => {
    const before = await allRows(t)
    const bytes = Buffer.from(token())
    const broken = await (await t.request('/u/x')).text()
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        const answer = await post(t, `/u/${encodeURIComponent(changed.toString('latin1'))}`)
        expect(answer.status).toBe(404)
        expect(await answer.text()).toBe(broken)
      }),
      { numRuns: 300 },
    )
    expect(await allRows(t)).toEqual(before)
  })

  it('A1-4 the link of one topic never touches another, and no link opens what another kind opens', async () => {
    const read = links(t.deps).readLeaving(token())
    expect(read).toMatchObject({ topic: 'price-list', contactId })
    const other = links(t.deps).makeLeaving({
      topic: 'newsletter',
      language: 'fi',
      mailingId: 'm',
      contactId,
      hashes: [],
    })
    const spliced = [...other.split('.').slice(0, 4), token().split('.')[4]].join('.')
    expect((await post(t, `/u/${spliced}`)).status).toBe(404)
    for (const kind of ['c', 'p']) {
      expect((await t.request(`/${kind}/${token()}`)).status).toBe(404)
      expect((await post(t, `/${kind}/${token()}`)).status).toBe(404)
    }
    expect((await post(t, `/ban/undo/${token()}`)).status).toBe(404)
    const { make } = links(t.deps)
    for (const scope of ['c', 'p', 'b', 't'] as const)
      expect((await post(t, `/u/${make(scope, contactId)}`)).status).toBe(404)
  })
})

describe('class C at the unsubscribe link', () => {
  let t: TestApp
  let path: string
  beforeAll(async () => {
    t = await startApp()
    path = leavingPath((await mailed(t)).mails[0])
  })
  afterAll(() => t.close())

  it.each(inputs('C').filter(({ expect: wanted }) => wanted.startsWith('404')))(
    "$id is nobody's link: $in",
    async ({ in: given }) => {
      const [version = '', kid = '', scope = '', payload = '', mac = ''] = path.slice('/u/'.length).split('.')
      const flipped = (text: string) => `${text.startsWith('p') ? 'q' : 'p'}${text.slice(1)}`
      const made: Record<string, string> = {
        '<valid>%3D': `${path}%3D`,
        '<valid> ': `${path}%20`,
        '<valid>/': `${path}/`,
        '<valid>.': `${path}.`,
        '<valid lower-cased>': path.toLowerCase(),
        '<valid with one bit flipped in payload>': `/u/${[version, kid, scope, flipped(payload), mac].join('.')}`,
        '<valid with one bit flipped in mac>': `/u/${[version, kid, scope, payload, flipped(mac)].join('.')}`,
        '<valid with empty mac>': `/u/${[version, kid, scope, payload, ''].join('.')}`,
        '<valid with mac of all zero>': `/u/${[version, kid, scope, payload, 'A'.repeat(22)].join('.')}`,
        '<valid, kid unknown>': `/u/${[version, '00000000', scope, payload, mac].join('.')}`,
        '<valid, version v0>': `/u/${['v0', kid, scope, payload, mac].join('.')}`,
        '<JWT signed with our HMAC key as RS256 public>': '/u/eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA',
        '<unsubscribe token on preferences-edit URL>': path.replace('/u/', '/p/'),
        '<two tokens a=1&a=2>': `${path}&${path.slice('/u/'.length)}`,
      }
      const text = String(given)
      const at = made[text] ?? `/u/${encodeURIComponent(text).replaceAll('%252', '%2')}`
      const before = await allRows(t)
      const unknown = await (await t.request('/u/unknown')).text()
      for (const method of ['GET', 'POST', 'HEAD']) {
        const answer = await t.request(at, { method })
        expect([method, answer.status]).toEqual([method, 404])
        if (method === 'GET') expect(await answer.text()).toBe(unknown)
      }
      expect(await allRows(t)).toEqual(before)
    },
  )
})
