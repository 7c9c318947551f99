import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compose, makeReady, renderPreview } from '../../src/mail/compose.ts'
import { checkContent } from '../../src/mail/content.ts'
import { documentProblem } from '../../src/mail/inert.ts'
import { expectWireSafe, rawOf, readyInput, recipient, sent } from './fixtures.ts'

const scraps = [
  '{{ contact.name }}', '{{- contact.name -}}', '{{ "x" | upcase }}', '{{ identity }}', '{{ unsubscribeUrl }}', '{{', '}}', '{%', '%}',
  '{% if contact.name %}', '{% else %}', '{% endif %}', '{% raw %}', '{% endraw %}', '{% comment %}', '{% endcomment %}',
  '\n', '\n\n', '- ', '1. ', '> ', '# ', '**', '_', '`', '```\n', '~~', '---', '===\n', '|', '|-|\n', '[a](', '![b](', ')',
  'https://a.example', '[x]({{ unsubscribeUrl }})', '[r]: https://a.example\n', '<b>', '</b>', '<script>', '</mj-text>', '<mj-text>',
  '&amp;', '&#123;', '&lt;', '&', '{', '}', '\\', '"', "'", 'a', 'ä', '😀', ' ', '\t', '.', '\u00a0', 'mergetag0z',
] // prettier-ignore
const source = fc.array(fc.constantFrom(...scraps), { maxLength: 40 }).map((parts) => parts.join(''))
const page = (text: string) =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`

it('whatever an author writes is refused with a place, or becomes a message that is inert and safe on the wire', async () => {
  await fc.assert(
    fc.asyncProperty(
      source,
      source,
      fc.constantFrom('markdown' as const, 'mjml' as const),
      async (text, subject, format) => {
        const check = await checkContent(
          { format, subject: subject || 'Uutiskirje', body: format === 'mjml' ? page(text) : text },
          ['name'],
        )
        if (!check.ok) {
          expect(check.errors.length).toBeGreaterThan(0)
          for (const { line, column } of check.errors) expect(Math.min(line, column)).toBeGreaterThan(0)
          return
        }
        const input = readyInput(check.content)
        for (const contact of [{}, { name: 'Matti' }, { name: '<script>{{ "%}' }]) {
          const someone = { ...recipient, values: { contact, company: {} } }
          const { html, text: plain } = renderPreview(input, someone)
          expect(documentProblem(html, () => false)).toBeNull()
          expect(html + plain).not.toContain('\0')
          const composed = compose(makeReady(input), someone)
          if (composed.ok) expectWireSafe(rawOf(sent(composed)))
          else expect(composed.field).toBe('subject')
        }
      },
    ),
    { numRuns: 1000 },
  )
})
