import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { contactForm, enquiriesOf } from '../enquiries.ts'
import { corpora, inputs } from '../inputs.ts'
import { look, signIn } from '../signedIn.ts'
import { post, signUp, signUpJson } from '../signUps.ts'

/** Every hostile input that a contact form takes: what is kept is shown inert to colleagues, in mail and on their pages. */

let t: TestApp
let cookie: string
let n = 0
beforeAll(async () => {
  t = await startApp({ env: { LIMIT_PER_NETWORK: '1000000', LIMIT_PER_FORM: '1000000', LIMIT_IN_ALL: '1000000' } })
  await contactForm(t)
  cookie = await signIn(t)
})
afterAll(() => t.close())

const form = { form: 'yhteys' }
const json = { Accept: 'application/json' }
const kept = async (address: string) => (await enquiriesOf(t)).find((row) => row.address === address)

/** The colleague's page with this text in it differs from one with a harmless text in that text only. */
async function isInert(id: string, text: string) {
  const html = await (await look(t, `/admin/enquiries/${id}`, cookie)).text()
  const shown = /<dd class="note">([^]*?)<\/dd>/.exec(html)?.[1] ?? ''
  expect(shown).not.toMatch(/[<>]/)
  expect(unescaped(shown).trim()).toBe(text.trim())
}
const unescaped = (html: string) =>
  html.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (_all, entity: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[entity] ?? '',
  )

describe('class B, texts', () => {
  it.each(inputs('B'))('$id $expect', async ({ in: text, expect: expected }) => {
    const email = `b${n++}@yritys.example`
    const answer = await signUpJson(t, { email, viesti: text }, form)
    if (typeof text !== 'string') {
      expect(answer.status).toBe(422)
      return
    }
    if (answer.status !== 202) {
      // What is empty or only invisible is asked for again, what is long is 413 or 422; nothing is kept.
      expect([400, 413, 422]).toContain(answer.status)
      return expect(await kept(email)).toBeUndefined()
    }
    const row = await kept(email)
    const { viesti } = JSON.parse(row?.fields ?? '{}') as { viesti: string }
    if (expected.includes('removed or rejected')) expect(viesti).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u)
    await isInert(row?.id ?? '', viesti)
    await t.deliver()
    const mail = (await t.mails()).find((one) => one.replyTo?.[0]?.address === email)
    expect(mail?.subject).toBe('Uusi yhteydenotto: Ota yhteyttä')
    expect(mail?.text?.normalize('NFC')).toContain(viesti.split('\n')[0] ?? '')
    expect(mail?.html).not.toMatch(/<script|<svg|onerror=["'a-z]*alert[^&]*>/i)
  })
})

describe('class I, templates', () => {
  it.each(inputs('I'))('$id is text like any other: $in', async ({ in: text }) => {
    const email = `i${n++}@yritys.example`
    const answer = await signUp(t, { email, viesti: String(text) }, { ...form, headers: json })
    if (String(text).length > 5000) return expect([413, 422]).toContain(answer.status)
    expect(answer.status).toBe(202)
    const row = await kept(email)
    const { viesti } = JSON.parse(row?.fields ?? '{}') as { viesti: string }
    await isInert(row?.id ?? '', viesti)
    await t.deliver()
    const mail = (await t.mails()).find((one) => one.replyTo?.[0]?.address === email)
    expect(mail?.text).toContain(viesti)
    // The frame of the message has tags of its own; the visitor's are none of them.
    expect(mail?.html).not.toMatch(/<(script|mj-|object|iframe|svg|noscript|textarea|form|base|meta http)/i)
  })
})

describe('class A, addresses', () => {
  it.each(inputs('A').filter(({ expect: expected }) => expected.startsWith('reject')))(
    '$id $expect',
    async ({ in: email }) => {
      const before = (await enquiriesOf(t)).length
      const answer = await signUpJson(t, { email, viesti: 'Hei' }, form)
      // The tests let reserved names in; everything else of the class is refused.
      if (answer.status === 202)
        return expect(String(email)).toMatch(
          /\.(test|example|invalid|localhost)$|@(example|test|localhost|invalid)/i,
        )
      expect([400, 413, 422]).toContain(answer.status)
      expect(await enquiriesOf(t)).toHaveLength(before)
    },
  )
})

describe('class E, requests', () => {
  it.each(inputs('E').filter((line) => line.expect.startsWith('400')))(
    '$id is no JSON that can be kept: $in',
    async ({ in: body }) => {
      const answer = await post(t, body as string, { ...form, headers: { 'Content-Type': 'application/json' } })
      expect(answer.status).toBe(400)
    },
  )
})

it('takes or refuses every known naughty string, and never breaks', async () => {
  if (corpora === undefined) return
  const strings = JSON.parse(readFileSync(new URL('strings/blns.json', corpora), 'utf8')) as string[]
  for (const text of strings) {
    const answer = await signUp(
      t,
      { email: `s${n++}@yritys.example`, viesti: text || '-', name: text },
      { ...form, headers: json },
    )
    expect([202, 422]).toContain(answer.status)
  }
})
