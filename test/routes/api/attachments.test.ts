import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { inputs } from '../../inputs.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client
let id: string

beforeEach(async () => {
  app = await startApp()
  client = await clientOf(app)
  const draft = {
    kind: 'newsletter',
    topic: 'newsletter',
    subject: 'Hinnasto',
    content: { format: 'markdown', body: 'Liitteenä.' },
  }
  id = (await client.call('POST', '/mailings', draft)).json.id
})
afterEach(() => app.close())

const MIB = 1024 * 1024
const attach = (name: string, bytes: Uint8Array | string) => client.upload(`/mailings/${id}/attachments`, name, bytes)
const pdf = (size: number, mark = '') =>
  Buffer.concat([Buffer.from(`%PDF-1.7 ${mark}`), Buffer.alloc(size - 9 - mark.length, 'x')])
const chunks = async () => (await app.deps.store.db.selectFrom('file_chunks').select('n').execute()).length

describe('attachments', () => {
  it('arrive byte for byte as they were sent, under the name that was shown', async () => {
    const bytes = pdf(2 * MIB + 1)
    const answer = await attach('Hinnasto – kevät 2026.pdf', bytes)
    expect([answer.status, answer.json]).toMatchObject([
      201,
      { name: 'Hinnasto – kevät 2026.pdf', mediaType: 'application/pdf', size: bytes.length },
    ])
    expect((await client.call('GET', `/mailings/${id}`)).json.attachments).toEqual([answer.json])
    await client.call('POST', '/contacts', {
      email: 'info@yritys.example',
      source: 'x',
      permissions: [{ topic: 'newsletter', rule: 'legal_person' }],
    })
    await client.call('POST', `/mailings/${id}/schedule`, { at: 'now' })
    await app.tick()
    await app.deliver()
    const [mail] = await app.mailsTo('info@yritys.example')
    expect(mail?.attachments.map(({ filename }) => filename)).toEqual(['Hinnasto – kevät 2026.pdf'])
    expect(Buffer.from(mail!.attachments[0]!.content as ArrayBuffer).equals(bytes)).toBe(true)
  })

  it('are taken off again, and their content is forgotten with the last mailing that has it', async () => {
    const { json } = await attach('a.txt', 'sama sisältö')
    const copy = (await client.call('POST', `/mailings/${id}/copy`)).json
    expect(copy.attachments).toHaveLength(1)
    expect((await client.call('DELETE', `/mailings/${id}/attachments/${json.id}`)).status).toBe(204)
    expect((await client.call('DELETE', `/mailings/${id}/attachments/${json.id}`)).status).toBe(404)
    expect(await chunks()).toBe(1)
    expect((await client.call('DELETE', `/mailings/${copy.id}`)).status).toBe(204)
    expect(await chunks()).toBe(0)
  })

  it('G080 are refused when they are too large, each and together, before anything is kept', async () => {
    expect((await attach('a.pdf', pdf(10 * MIB + 1))).status).toBe(413)
    expect((await attach('a.pdf', pdf(11 * MIB))).status).toBe(413)
    expect((await attach('a.pdf', pdf(10 * MIB, 'a'))).status).toBe(201)
    expect((await attach('b.pdf', pdf(10 * MIB, 'b'))).status).toBe(201)
    const before = await chunks()
    expect((await attach('c.txt', 'x')).status).toBe(413)
    expect(await chunks()).toBe(before)
  })

  it('F78 change nothing that was scheduled', async () => {
    const { json } = await attach('a.txt', 'x')
    await client.call('POST', `/mailings/${id}/schedule`, { at: 'now' })
    expect((await attach('b.txt', 'y')).status).toBe(409)
    expect((await client.call('DELETE', `/mailings/${id}/attachments/${json.id}`)).status).toBe(409)
    expect((await client.upload('/mailings/nobody/attachments', 'a.txt', 'x')).status).toBe(404)
  })

  it('come one at a time, in the part that is named for it', async () => {
    const form = new FormData()
    form.append('file', new File(['x'], 'a.txt'))
    form.append('file', new File(['y'], 'b.txt'))
    const send = (body: FormData) =>
      app.request(`/api/v1/mailings/${id}/attachments`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${app.apiKey}` },
        body,
      })
    expect((await send(form)).status).toBe(422)
    const other = new FormData()
    other.append('upload', new File(['x'], 'a.txt'))
    expect((await send(other)).status).toBe(422)
    const field = new FormData()
    field.append('file', 'no file')
    expect((await send(field)).status).toBe(422)
    expect((await client.call('POST', `/mailings/${id}/attachments`, '{}')).status).toBe(415)
    expect((await client.call('GET', `/mailings/${id}`)).json.attachments).toEqual([])
  })

  const names = inputs('G').filter(({ expect: expected }) =>
    /^(stored under|name rewritten|refused 415)/.test(expected),
  )
  it.each(names)('G $id $in: $expect', async ({ in: value, expect: expected }) => {
    const name = String(value).replace(/ (that is SVG|GIF89a.*|encrypted|\(unless.*)$/, '')
    const content = /SVG/.test(String(value))
      ? '<svg/>'
      : /encrypted/.test(String(value))
        ? '%PDF-1.7 /Encrypt'
        : '%PDF-1.7'
    const { status, json } = await attach(name === '' ? '""' : name, content)
    if (expected.startsWith('stored under')) expect(status).toBe(201)
    else if (expected.startsWith('refused')) expect(status).toBe(422)
    else expect([201, 422]).toContain(status)
    if (status !== 201) return
    expect(json.name).toMatch(/^[^\p{Cc}"<>:;|?*%/\\=+@.\s-][^\p{Cc}"<>:;|?*%/\\]{0,115}\.pdf$/iu)
  })
})
