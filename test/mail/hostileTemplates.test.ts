import { describe, expect, it } from 'vitest'
import { renderPreview } from '../../src/mail/compose.ts'
import { checkContent } from '../../src/mail/content.ts'
import { documentProblem } from '../../src/mail/inert.ts'
import { inputs } from '../inputs.ts'
import { allFields, readyInput, recipient } from './fixtures.ts'

const page = (inner: string) =>
  `<mjml><mj-body><mj-section><mj-column>${inner}</mj-column></mj-section></mj-body></mjml>`

/** What the corpus only describes, written out. */
const meant: Record<string, string> = {
  I059: page('<mj-image src="https://a.example/k.png" alt=""/>'),
  I063: `<mjml><mj-head><mj-preview>${'x'.repeat(1024 * 1024)}</mj-preview></mj-head><mj-body></mj-body></mjml>`,
  I067: page(`<mj-text>${'<a href="https://a.example">a</a>'.repeat(2000)}</mj-text>`),
}

/**
 * Decisions for class I. Markdown shows HTML as text, so the inert rows are saved and shown there. MJML refuses what is
 * not on its lists, the inert rows included: an author who is told mends it, and what is refused is inert for good.
 * Rows that are no template at all ("not xml", "billion laughs") are plain words in Markdown and refused as MJML.
 */
describe.each(
  inputs('I').map(({ id, in: value, expect: outcome }) => [id, meant[id] ?? String(value), outcome] as const),
)('class I, %s', (id, source, outcome) => {
  const mjml = source.startsWith('<mjml') ? source : page(source)

  it('as MJML is refused with its line', async () => {
    const check = await checkContent({ format: 'mjml', subject: 'Uutiskirje', body: mjml }, allFields)
    expect(check.ok).toBe(false)
    if (!check.ok) for (const error of check.errors) expect(error).toMatchObject({ path: 'content.body', line: 1 })
  })

  it('as Markdown is refused with its line, or shown as text', async () => {
    const check = await checkContent({ format: 'markdown', subject: 'Uutiskirje', body: `Hei\n\n${source}` }, allFields)
    if (/^I(048|052|054)$/.test(id))
      expect(check).toMatchObject({ ok: false, errors: [{ line: 3, column: expect.any(Number) as number }] })
    if (!check.ok) return expect(outcome).toContain('save refused')
    const { html, text } = renderPreview(readyInput(check.content), recipient)
    expect(documentProblem(html, () => false)).toBeNull()
    expect(html).not.toMatch(/<(script|object|embed|textarea|noscript|iframe|svg|form|input)/i)
    expect(text).not.toBe('')
  })
})
