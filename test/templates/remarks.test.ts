import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkContent } from '../../src/mail/content.ts'
import { remarkIn } from '../../src/templates/words/admin/remarks.ts'

const root = join(import.meta.dirname, '../..')

/** Sentences that a source says to authors; what is filled in is a number or a word. */
function sentencesIn(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  const found = [
    ...source.matchAll(
      /(?:message(?::| =)|return|\?|:|=|why:|else:|refuse\()\s*('(?:[^'\\\n]|\\.)+'|`[^`]+`|"[^"\n]+")/g,
    ),
  ]
  return found
    .map(([, literal = '']) => literal.slice(1, -1).replaceAll("\\'", "'"))
    .map((text) =>
      text.replace(/\$\{(?:[A-Z_]+[^}]*|count|given|attachmentLimits[^}]*)\}/g, '5').replace(/\$\{[^}]*\}/g, 'x'),
    )
    .filter((text) => !notSaid.some((piece) => text.startsWith(piece)))
    .filter((text) => /^["<{A-Za-z0-9].*\s\S+\s\S+/.test(text) && !/^[./@#]|^https?:/.test(text))
}

/** Pieces of other sentences, code, and what a screen says by the name of its control. */
const notSaid = [
  '<img src=',
  '<x> is still open',
  'nothing is open',
  'the price group x',
  'Only a mailing of kind price_list',
  'There is no such price list;',
]

const fallback = { fi: remarkIn('fi', 'nobody says this'), sv: remarkIn('sv', 'nobody says this') }

describe('remarks on a content and on files', () => {
  it.each([
    'src/mail/content.ts',
    'src/mail/contentTree.ts',
    'src/mail/links.ts',
    'src/mail/markup.ts',
    'src/mail/mergeExpression.ts',
    'src/mail/mergeTags.ts',
    'src/mail/mjmlDialect.ts',
    'src/rules/attachment.ts',
    'src/actions/mailingPrices.ts',
  ])('are all said in Finnish and Swedish: %s', (file) => {
    const sentences = sentencesIn(file)
    expect(sentences.length).toBeGreaterThan(0)
    for (const language of ['fi', 'sv'] as const) {
      expect(sentences.filter((text) => remarkIn(language, text) === fallback[language])).toEqual([])
    }
  })

  it.each([
    ['{{ contact.nam }}', 'Kenttää ”contact.nam” ei ole. Sallitut kentät näkyvät kohdassa Yhdistämiskentät.'],
    ['{{ contact.name | upper }}', 'Suodatinta ”upper” ei ole.'],
    ['{{ contact.name', 'Tästä alkava yhdistämiskenttä on sulkematta tai nimeämättä.'],
    ['{% if contact.name %}a', '{% if %} on sulkematta.'],
    ['{{ contact.phone }}', 'Kenttää ”contact.phone” ei saa käyttää tähän tarkoitukseen. Poista se.'],
    [
      '[a](javascript:alert(1))',
      'Linkkiä ”javascript:alert(1)” ei voi lähettää. Käytä alkua https://, http://, mailto: tai tel:.',
    ],
    ['![](https://yritys.example/a.png)', 'Anna kuvalle vaihtoehtoinen teksti.'],
    ['', 'Kirjoita viestiin tekstiä.'],
  ])('of Markdown keep what was written: %s', async (body, words) => {
    expect(await said('markdown', body)).toContain(words)
  })

  it.each([
    ['hei', 'MJML-sisältö on yksi <mjml>-elementti.'],
    ['<mjml><mj-body><mj-text>a</mj-text></mj-body></mjml>', 'mj-text ei voi olla elementissä mj-body.'],
    ['<mjml><mj-body><mj-foo>a</mj-foo></mj-body></mjml>', 'Elementtiä <mj-foo> ei voi käyttää viestissä.'],
    [
      '<mjml><mj-body><mj-section><mj-column><mj-text colour="red">a</mj-text></mj-column></mj-section></mj-body></mjml>',
      'Määritettä colour ei voi käyttää tässä.',
    ],
    ['<mjml><mj-body>', '<mj-body> on sulkematta.'],
  ])('of MJML, the compiler’s own too: %s', async (body, words) => {
    expect((await said('mjml', body)).join('\n')).toContain(words)
  })

  it('that are not known are never shown in English', () => {
    expect(fallback.fi).toMatch(/Tarkista/)
    expect(remarkIn('en', 'the subject is missing')).toBe('The subject is missing')
  })
})

async function said(format: 'markdown' | 'mjml', body: string): Promise<string[]> {
  const checked = await checkContent({ format, subject: 'Aihe', body }, ['name', 'company'])
  return checked.ok ? [] : checked.errors.map(({ message }) => remarkIn('fi', message))
}
