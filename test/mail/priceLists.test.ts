import { afterAll, beforeAll, expect, it } from 'vitest'
import { addVersion } from '../../src/actions/addPriceVersion.ts'
import { remarkIn } from '../../src/templates/words/admin/remarks.ts'
import { startApp, type Mail, type TestApp } from '../app.ts'
import { clientOf, read, type Client } from '../routes/api/client.ts'

const PDF = '%PDF-1.4\ntrailer <<>>\n%%EOF'
let app: TestApp
let client: Client
let list: string

async function version(fields: Record<string, string>, files: [string, string][]) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: 'Rautahinnasto', ...fields })) form.append(name, value)
  for (const [name, content] of files) form.append('file', new File([content], name))
  const init = { method: 'POST', headers: { Authorization: `Bearer ${app.apiKey}` }, body: form }
  const answer = await read(await app.request('/api/v1/price-lists', init))
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.json as { id: string; version: { id: string } }
}

async function person(email: string, language: string, priceGroup: string | null) {
  const company =
    priceGroup === null
      ? null
      : await client.call('POST', '/companies', { name: `${email} Oy`, priceGroup, domains: [] })
  const permissions = [{ topic: 'price-list', rule: 'consent', evidence: 'Pyysi hinnaston messuilla.' }]
  const made = await client.call('POST', '/contacts', { email, language, source: 'messut', permissions })
  if (made.status !== 201) throw new Error(made.text)
  if (company) {
    const { id } = company.json
    await app.deps.store.batch([
      app.deps.store.db.updateTable('contacts').set({ company_id: id }).where('id', '=', made.json.id),
    ])
  }
}

async function draft(extra: object = {}, body = 'Hei {{ contact.name | default: "asiakas" }},\n\ntässä hinnat.') {
  const made = await client.call('POST', '/mailings', {
    kind: 'price_list',
    topic: 'price-list',
    subject: 'Uudet hinnat',
    content: { format: 'markdown', body },
    ...extra,
  })
  if (made.status !== 201) throw new Error(made.text)
  return made.json.id as string
}

async function send(id: string) {
  const scheduled = await client.call('POST', `/mailings/${id}/schedule`, { at: 'now' })
  if (scheduled.status !== 200) throw new Error(scheduled.text)
  await app.tick()
  await app.deliver()
  await app.tick()
}

const lastTo = async (address: string): Promise<Mail> => {
  const mail = (await app.mailsTo(address)).at(-1)
  if (!mail) throw new Error(`nothing came to ${address}`)
  return mail
}

beforeAll(async () => {
  app = await startApp({ env: { ATTACH_UP_TO_KB: '1' } })
  client = await clientOf(app)
  list = (
    await version({ validFrom: '2026-01-01' }, [
      ['v1.csv', 'Koodi;Nimike;Hinta alv 0 %\n007;Ruuvi;1 200,00\n008;Mutteri;2,00\n'],
    ])
  ).id
  await version({ validFrom: '2026-05-01' }, [
    ['v2.csv', 'Koodi;Nimike;Hinta alv 0 %\n007;Ruuvi;1 234,50\n008;Mutteri;2,00\n'],
    ['hinnasto ä.pdf', PDF],
  ])
  await version({ validFrom: '2026-02-01', priceGroup: 'A' }, [
    ['a.csv', 'Koodi;Nimike;Hinta alv 0 %\n007;Ruuvi <b>;999,00\n'],
    ['A.pdf', `${PDF}${' '.repeat(2000)}`],
  ])
  await person('fi@yritys.example', 'fi', null)
  await person('sv@bolag.example', 'sv', 'B')
  await person('a@iso.example', 'en', 'A')
})
afterAll(() => app.close())

it('each price group gets its own newest version, as a table in its language, with changed prices old → new', async () => {
  await send(await draft({ priceList: list }))
  const fi = await lastTo('fi@yritys.example')
  expect(fi.text).toContain('Rautahinnasto, voimassa 1.5.2026 alkaen\nMuuttunut hinta: vanha → uusi')
  expect(fi.text).toContain('Hinta (€, alv 0 %)')
  expect(fi.text?.replaceAll('\u00a0', ' ')).toContain('007, Ruuvi: 1 200,00 → 1 234,50\n008, Mutteri: 2,00')
  expect(fi.html?.replaceAll('\u00a0', ' ')).toContain('<s>1 200,00</s> → <strong>1 234,50</strong>')
  expect(fi.html).toContain('<th scope="col" align="right">Hinta (€, alv 0 %)</th>')
  expect(fi.attachments.map(({ filename }) => filename)).toEqual(['hinnasto ä.pdf'])
  const sv = await lastTo('sv@bolag.example')
  expect(sv.text).toContain('Rautahinnasto, gäller från 1.5.2026')
  expect(sv.text).toContain('Ändrat pris: gammalt → nytt')
  const a = await lastTo('a@iso.example')
  expect(a.text).toContain('Rautahinnasto, valid from 1 February 2026')
  expect(a.text).toContain('007, Ruuvi <b>: 999.00')
  expect(a.html).toContain('Ruuvi &lt;b&gt;')
  expect(a.text).not.toMatch(/1,234|Mutteri/)
  expect(a.attachments).toEqual([])
})

it('a file above the size goes as a link that is saved, never shown, and says calmly when it is over', async () => {
  const link = (await lastTo('a@iso.example')).links.find((one) => one.includes('/l/')) ?? ''
  const path = new URL(link).pathname
  const file = await app.request(path)
  expect(file.status).toBe(200)
  expect(await file.text()).toHaveLength(PDF.length + 2000)
  expect(file.headers.get('Content-Disposition')).toContain('attachment; filename="A.pdf"')
  expect(file.headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect((await app.request(path, { method: 'HEAD' })).headers.get('Content-Length')).toBe(String(PDF.length + 2000))
  expect((await app.request(path, { method: 'POST' })).status).toBe(405)
  expect((await app.request(`${path.slice(0, -2)}zz`)).status).toBe(404)
  expect((await app.request(path.replace('.l.', '.c.'))).status).toBe(404)
  app.clock.advance(61 * 86_400_000)
  const over = await app.request(path)
  expect(over.status).toBe(410)
  expect(await over.text()).toContain('The file is no longer available')
})

it('the table stands where the content places it, once, and stays apart from its paragraphs', async () => {
  const id = await draft({ priceList: list }, 'Alku\n\n{{ priceTable }}\n\nLoppu')
  const { html, text } = (await client.call('POST', `/mailings/${id}/preview`, { language: 'fi' })).json
  expect(text.indexOf('Alku')).toBeLessThan(text.indexOf('007'))
  expect(text.indexOf('007')).toBeLessThan(text.indexOf('Loppu'))
  expect(text.split('007')).toHaveLength(2)
  expect(html).not.toMatch(/<p>\s*<p>|<p>\s*<table/)
  const inside = await client.call('POST', '/mailings', {
    kind: 'price_list',
    topic: 'price-list',
    subject: 'x',
    content: { format: 'markdown', body: 'Hinnat: {{ priceTable }}' },
  })
  expect(inside.json.errors[0]).toMatchObject({
    path: 'content.body',
    message: expect.stringContaining('line of its own') as string,
  })
  const other = await client.call('POST', '/mailings', {
    kind: 'newsletter',
    topic: 'newsletter',
    subject: 'x',
    content: { format: 'markdown', body: '{{ priceTable }}' },
    priceList: list,
  })
  expect(other.status).toBe(422)
})

it('stands in MJML too, with its styles on it', async () => {
  const content = {
    format: 'mjml',
    body: '<mjml><mj-body><mj-section><mj-column><mj-text>Hinnat</mj-text><mj-text>{{ priceTable }}</mj-text></mj-column></mj-section></mj-body></mjml>',
  }
  const id = await draft({ priceList: list, content })
  const { html } = (await client.call('POST', `/mailings/${id}/preview`, { language: 'fi' })).json
  expect(html).toContain('<td style="padding:6px 12px 6px 0')
})

it('scheduling freezes the versions: what is uploaded later does not enter, and cannot be taken away', async () => {
  const id = await draft({ priceList: list })
  const at = new Date(app.clock.now() + 3_600_000).toISOString()
  const before = await client.call('POST', `/mailings/${id}/schedule`, { at })
  const later = await version({ validFrom: '2026-05-02' }, [
    ['v3.csv', 'Koodi;Nimike;Hinta alv 0 %\n007;Ruuvi;777,00\n'],
  ])
  app.clock.advance(3_600_000)
  await app.tick()
  await app.deliver()
  expect((await lastTo('fi@yritys.example')).text).not.toContain('777')
  expect((await client.call('GET', `/mailings/${id}`)).json.contentHash).toBe(before.json.contentHash)
  const sent = (await client.call('GET', `/price-lists/${list}`)).json.versions.find(
    (one: { validFrom: string; priceGroup: null }) => one.validFrom === '2026-05-01',
  )
  expect((await client.call('DELETE', `/price-lists/${list}/versions/${sent.id}`)).status).toBe(409)
  expect((await client.call('DELETE', `/price-lists/${list}/versions/${later.version.id}`)).status).toBe(204)
})

it('prices as of a day to come are sent before that day', async () => {
  await version({ validFrom: '2027-01-01' }, [['v4.csv', 'Koodi;Nimike;Hinta alv 0 %\n007;Ruuvi;888,00\n']])
  const now = (await client.call('POST', `/mailings/${await draft({ priceList: list })}/preview`, {})).json
  expect(now.text).not.toContain('888')
  const ahead = await draft({ priceList: list, pricesOn: '2027-01-01' })
  expect((await client.call('POST', `/mailings/${ahead}/preview`, {})).json.text).toContain('888,00')
})

it('the check warns of old prices and of people without a version, who are skipped and told apart', async () => {
  const only = await version({ name: 'Vain A', validFrom: '2025-01-01', priceGroup: 'A' }, [
    ['a.csv', 'Koodi;Hinta\n1;5\n'],
  ])
  const id = await draft({ priceList: only.id })
  const check = (await client.call('POST', `/mailings/${id}/check`)).json
  expect(check.errors).toEqual([])
  const messages = check.warnings.map(({ message }: { message: string }) => message).join('\n')
  expect(messages).toContain('days old (valid from 2025-01-01)')
  expect(messages).toContain('2 people in the audience have no version')
  await send(id)
  const mailing = (await client.call('GET', `/mailings/${id}`)).json
  expect(mailing.skippedBy).toEqual({ no_price_list: 2 })
  expect(mailing.state).toBe('finished')
})

it('the check warns of a newer version whose columns nobody mapped: the old prices would go out', async () => {
  const old = await version({ name: 'Unohdettu', validFrom: '2026-05-01' }, [['a.csv', 'Koodi;Hinta\n1;5\n']])
  const files = [{ name: 'b.csv', bytes: Buffer.from('Koodi;Hinta;Uusi sarake\n1;6;x\n') }]
  for (const priceGroup of ['', 'A'])
    await addVersion(app.deps, { name: 'Unohdettu', validFrom: '2026-05-10', priceGroup, files }, 'user:u', 'wait')
  const check = (await client.call('POST', `/mailings/${await draft({ priceList: old.id })}/check`)).json
  const messages = check.warnings.map(({ message }: { message: string }) => message) as string[]
  const waiting = messages.filter((message) => message.includes('waits for its columns'))
  expect(waiting).toHaveLength(2)
  expect(waiting.map((message) => remarkIn('fi', message)).join('\n')).toMatch(
    /2026-05-10.*Hintaryhmän A|Hintaryhmän A[^]*2026-05-10/s,
  )
  for (const message of waiting) expect(remarkIn('sv', message)).toContain('väntar på sina kolumner')
})

it('a mailing without a sendable version is no mailing: the check says so and scheduling refuses', async () => {
  const empty = await version({ name: 'Tyhjenee', validFrom: '2026-01-01' }, [['a.csv', 'Koodi;Hinta\n1;5\n']])
  const id = await draft({ priceList: empty.id })
  await client.call('DELETE', `/price-lists/${empty.id}/versions/${empty.version.id}`)
  expect((await client.call('POST', `/mailings/${id}/check`)).json.errors).toMatchObject([{ path: 'priceList' }])
  expect((await client.call('POST', `/mailings/${id}/schedule`, { at: 'now' })).json.errors).toMatchObject([
    { path: 'priceList' },
  ])
  const unknown = await client.call('PATCH', `/mailings/${id}`, { priceList: 'nowhere' })
  expect(unknown.json.errors).toMatchObject([
    { path: 'priceList', message: expect.stringContaining('no such price list') as string },
  ])
  const copy = await client.call('POST', `/mailings/${id}/copy`)
  expect(copy.json.priceList).toBe(empty.id)
})

it('a list of thousands shows what changed, and gives the whole as a file', async () => {
  const csv = (changed: string) =>
    `Koodi;Hinta\n${Array.from({ length: 3000 }, (_, n) => `${n};${n === 2500 ? changed : '5,00'}`).join('\n')}\n`
  const big = await version({ name: 'Suuri', validFrom: '2026-01-01' }, [['v1.csv', csv('1,00')]])
  await version({ name: 'Suuri', validFrom: '2026-02-01' }, [['v2.csv', csv('2,00')]])
  const id = await draft({ priceList: big.id })
  const { text, html } = (await client.call('POST', `/mailings/${id}/preview`, { language: 'fi' })).json
  expect(text).toContain('Hinnastossa on 3000 tuotetta.')
  expect(text).toContain('2500: 1,00 → 2,00')
  expect(text).toContain('/l/')
  expect(html.length).toBeLessThan(20_000)
})
