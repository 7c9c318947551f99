import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basisNames, fieldNames } from '../../src/templates/words/register.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows } from '../leaving.ts'

let t: TestApp
beforeAll(async () => {
  t = await startApp()
})
afterAll(() => t.close())

/** Rows of the table of purposes, each as the texts of its cells. */
async function rows(lang: string): Promise<string[][]> {
  const html = await (await t.request(`/privacy?lang=${lang}`)).text()
  const body = /<tbody[^>]*>([^]*?)<\/tbody>/.exec(html)?.[1] ?? ''
  const plain = (text: string) =>
    text
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&#39;', "'")
      .replace(/\s+/g, ' ')
      .trim()
  return [...body.matchAll(/<tr[^>]*>([^]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>([^]*?)<\/t[hd]>/g)].map(([, cell = '']) => plain(cell)),
  )
}

describe.each(['fi', 'sv', 'en'] as const)('the privacy notice in %s', (lang) => {
  it('features 125 B1-12 is the register that the program executes: purpose, data, basis and retention of all ten', async () => {
    const shown = await rows(lang)
    const purposes = Object.values(t.deps.register.purposes)
    expect(shown).toHaveLength(10)
    for (const [i, purpose] of purposes.entries()) {
      const [name = '', fields, bases, kept] = shown[i] ?? []
      expect(name.startsWith(purpose.name[lang])).toBe(true)
      expect(fields).toBe(purpose.fields.map((field) => fieldNames[field]?.[lang]).join(', '))
      expect(bases).toBe(purpose.bases.map((basis) => basisNames[basis]?.[lang]).join(', '))
      expect(kept).toBe(purpose.kept[lang])
    }
  })

  it('B1-12 B1-21 names the controller, and the right to object before anything else, with a way to use it', async () => {
    const html = await (await t.request(`/privacy?lang=${lang}`)).text()
    expect(html).toContain('Myyjä Oy')
    expect(html).toContain('1234567-1')
    expect(html).toContain('Satamakatu 1, 00100 Helsinki')
    expect(html.indexOf(`/ban?lang=${lang}`)).toBeLessThan(html.indexOf('<table'))
    expect(html).toContain(`/manage?lang=${lang}`)
    expect(html).toContain('https://tietosuoja.fi/')
    expect(html).toContain(t.deps.register.version)
  })
})

describe('the privacy notice', () => {
  it('shows another register as it is, so that text and program cannot differ', async () => {
    const { register } = t.deps
    const surveys = {
      ...register.purposes.surveys,
      fields: ['workEmail', 'name'] as typeof register.purposes.surveys.fields,
    }
    t.deps.register = { ...register, purposes: { ...register.purposes, surveys } }
    expect((await rows('en')).find(([name]) => name?.startsWith(surveys.name.en))?.[1]).toBe(
      [fieldNames['workEmail']?.en, fieldNames['name']?.en].join(', '),
    )
    t.deps.register = register
  })

  it('A9-5 is a page like the others, and changes nothing', async () => {
    const before = await allRows(t)
    const answer = await t.request('/privacy')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(await answer.text()).not.toMatch(/<script|<form/)
    expect((await t.request('/privacy', { method: 'POST' })).status).toBe(405)
    expect((await t.request('/privacy', { method: 'OPTIONS' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(await allRows(t)).toEqual(before)
  })
})
