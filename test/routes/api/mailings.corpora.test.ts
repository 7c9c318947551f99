import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { inputs } from '../../inputs.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeEach(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterEach(() => app.close())

const draft = {
  kind: 'newsletter',
  topic: 'newsletter',
  subject: 'Hei {{ contact.name | default: "asiakas" }}',
  content: { format: 'markdown', body: '# Kevään uutiset\n\nTervetuloa.' },
}
const write = async (more: object = {}) => {
  const answer = await client.call('POST', '/mailings', { ...draft, ...more })
  expect([answer.status, answer.json.errors]).toEqual([201, undefined])
  return answer.json as { id: string; state: string }
}
const does = (id: string, verb: string, body?: object) => client.call('POST', `/mailings/${id}/${verb}`, body)

describe('hostile times', () => {
  const zoned: Record<string, object> = {
    K004: { at: '2026-10-25T02:30', timeZone: 'Europe/Prague' },
    K005: { at: '2026-10-25T02:30+01:00' },
    K006: { at: '2028-02-29T12:00', timeZone: 'Europe/Helsinki' },
    K008: { at: '2026-10-25T02:30', timeZone: 'America/Sao_Paulo' },
    K013: { at: '2026-10-25T02:30', timeZone: 'UTC' },
  }
  const meant = inputs('K').filter(({ expect: expected }) => expected.startsWith('ok') || expected === '422')

  it.each(meant)('K through schedule: $id $in', async ({ id, in: value, expect: expected }) => {
    // Recurrence, intervals and send windows are no times of one mailing.
    const { id: mailing } = await write()
    const { status, json } = await does(mailing, 'schedule', zoned[id] ?? { at: value, timeZone: 'Europe/Helsinki' })
    expect([id, status]).toEqual([id, expected.startsWith('ok') ? 200 : 422])
    if (status === 200)
      expect(
        new Date(
          `${json.schedule.local}${json.schedule.offset === '+00:00' ? 'Z' : json.schedule.offset}`,
        ).toISOString(),
      ).toBe(json.schedule.at)
    else
      expect(json.errors.map(({ path }: { path: string }) => path)).toEqual([expect.stringMatching(/^(at|timeZone)$/)])
  })

  it('K a time that the clocks skip is shifted and explained', async () => {
    const { id } = await write()
    const { json } = await does(id, 'schedule', { at: '2027-03-28T03:30', timeZone: 'Europe/Helsinki' })
    expect(json.schedule).toMatchObject({
      local: '2027-03-28T04:30:00',
      note: { en: expect.stringContaining('does not exist') },
    })
  })

  it.each([
    { at: null },
    { at: 1767225600 },
    {},
    { at: 'now', timeZone: 'Mars/Olympus' },
    { at: 'now', notAfter: '2020-01-01T00:00Z' },
    { at: 'now', force: true },
  ])('K refuses %j', async (body) => {
    const { id } = await write()
    expect((await does(id, 'schedule', body)).status).toBe(422)
  })
})

describe('hostile content', () => {
  const spelled: Record<string, string> = {
    I042: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><mjml><mj-body>&b;</mj-body></mjml>`,
    I059: '<mjml><mj-body><mj-section><mj-column><mj-image src="https://yritys.example/a.png" /></mj-column></mj-section></mj-body></mjml>',
    I063: `<mjml><mj-head><mj-preview>${'x'.repeat(1024 * 1024)}</mj-preview></mj-head><mj-body></mj-body></mjml>`,
    I067: Array.from({ length: 2000 }, (_, i) => `[x](https://yritys.example/${i})`).join(' '),
  }
  const wrap = (inner: string) =>
    `<mjml><mj-body><mj-section><mj-column><mj-text>Hei ${inner}</mj-text></mj-column></mj-section></mj-body></mjml>`

  it.each(inputs('I'))('I through mailings: $id $expect', async ({ id, in: value }) => {
    const text = spelled[id] ?? String(value)
    for (const content of [
      { format: 'markdown', body: `Hei\n\n${text}` },
      { format: 'mjml', body: text.startsWith('<mjml') || text.startsWith('<!DOCTYPE') ? text : wrap(text) },
    ]) {
      const { status, json } = await client.call('POST', '/mailings', { ...draft, content })
      expect([201, 413, 422]).toContain(status)
      if (status === 422) expect(json.errors[0]).toMatchObject({ path: 'content.body', line: expect.any(Number) })
      if (status !== 201) continue
      const { html } = (await does(json.id, 'preview', {})).json
      // Text is escaped, so that whatever begins with "<" is a tag.
      const live =
        /<(script|object|embed|iframe)|<meta[^>]*refresh|<[a-z][^>]*\s(on\w+\s*=|href="\s*javascript|style="[^"]*url\()|<style>[^<]*evil/i
      expect([id, content.format, live.exec(html)?.[0]]).toEqual([id, content.format, undefined])
    }
  })

  it('I what the linter must refuse is refused', async () => {
    for (const { id, in: value, expect: expected } of inputs('I').filter((one) =>
      one.expect.startsWith('save refused'),
    )) {
      const text = spelled[id] ?? String(value)
      // Words that only mean something to MJML are plain text to Markdown, and many links are only many.
      if (['I039', 'I040', 'I067'].includes(id)) continue
      const body = text.startsWith('<m') || text.startsWith('<!') ? text : wrap(text)
      const { status } = await client.call('POST', '/mailings', { ...draft, content: { format: 'mjml', body } })
      expect([id, expected, [413, 422].includes(status)]).toEqual([id, expected, true])
    }
  })
})
