import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { htmlLiquid, textLiquid } from '../../src/mail/liquid.ts'
import { compileTemplate, engineSlot, fill } from '../../src/mail/parts.ts'
import type { MergeValues, SlotValues } from '../../src/mail/parts.ts'
import { scanMergeTags } from '../../src/mail/mergeTags.ts'
import { allFields } from './fixtures.ts'

const rules = { allowedFields: allFields, system: [] }
const messagesOf = (source: string) => scanMergeTags(source, rules).problems.map(({ message }) => message)
const values = (name: string | undefined): SlotValues => ({
  unsubscribeUrl: 'https://a.example/u/x',
  source: null,
  values: { contact: { name }, company: {} },
})

describe('the merge language', () => {
  it.each([
    ['{{ contact.name }}', 'Mäki &amp; &lt;b&gt;', 'Mäki & <b>'],
    ['{{ contact.title | default: "asiakas" }}', 'asiakas', 'asiakas'],
    ['{{contact.name|upcase|truncate: 4, "…"}}', 'MÄK…', 'MÄK…'],
    ['{{ contact.name | escape }}', 'Mäki &amp; &lt;b&gt;', 'Mäki & <b>'],
    ['{% if contact.title %}a{% elsif contact.name contains "Mäki" %}b{% else %}c{% endif %}', 'b', 'b'],
    ['{% unless contact.title %}a{% endunless %}', 'a', 'a'],
    ['{% case contact.language %}{% when "sv", "fi" %}a{% else %}b{% endcase %}', 'b', 'b'],
    ['{% if contact.name == "x" or contact.title != empty and true %}a{% endif %}', 'a', 'a'],
  ])('fills %s, escaped in HTML and as it is in text', (source, html, text) => {
    expect(messagesOf(source)).toEqual([])
    const scope = { contact: { name: 'Mäki & <b>' }, company: {} }
    expect(htmlLiquid.parseAndRenderSync(source, scope)).toBe(html)
    expect(textLiquid.parseAndRenderSync(source, scope)).toBe(text)
  })

  it.each([
    ['a {{ contact.nimi }}', 5],
    ['a\n{{ contact }}', 5],
    ['{{ contact.name | money }}', 18],
    ['{{ contact.name | constructor }}', 18],
    ['{{ contact.name | default }}', 18],
    ['{{ contact.name | upcase: 1 }}', 18],
    ['{{ contact["name"] }}', 10],
    ['{{ contact.name company.name }}', 16],
    ['{{ (1..9) }}', 3],
    ['{{ contact.name', 0],
    ['{% for x in contact %}{% endfor %}', 0],
    ['{% include "x" %}', 0],
    ['{% if contact.name %}a', 0],
    ['a{% endif %}', 1],
    ['{% if contact.name %}{% endunless %}', 21],
    ['{% else %}', 0],
    ['{% if %}a{% endif %}', 5],
    ['{% if contact.name = "a" %}a{% endif %}', 19],
    ['{% if contact.name %}a{% else x %}{% endif %}', 30],
    ['{{ unsubscribeUrl }}', 3],
    ['{{ "a\\"b" }}', 3],
    ['{% comment %} a', 0],
  ])('finds what is wrong with %j at offset %i', (source, at) => {
    expect(scanMergeTags(source, rules).problems[0]?.at).toBe(at)
  })

  it('says what a raw block and a comment are for: nothing in them is a merge tag', () => {
    expect(messagesOf('{% raw %}{{ anything }}{% endraw %}{% comment %}{{ anything }}{% endcomment %}')).toEqual([])
  })

  it.each([
    '{{env "PATH"}}',
    '{{ env.PATH }}',
    '{{7*7}}',
    '{{ this }}',
    '{{constructor.constructor("return process")()}}',
    '{{ "".constructor }}',
    '{{__proto__}}',
    '{{ contact.__proto__ }}',
    '{{ contact.constructor }}',
    '{{> partial}}',
    '{{{ contact.name }}}',
    '{{#with "s" as |string|}}{{/with}}',
    '{% render "a" %}',
    '{% layout "/etc/passwd" %}',
    '{% assign a = contact.name %}',
    '{% capture x %}{% endcapture %}',
    '{% liquid echo 1 %}',
    '{% increment x %}',
    '{{ contact.name | raw }}',
    '{{ contact.name | json }}',
    '{{ contact.name | date: "%s" }}',
    '{{ contact.name | where_exp: "x", "y" }}',
  ])('CT1 T07 refuses %s at save', (source) => {
    expect(messagesOf(source)).not.toEqual([])
  })

  it.each(['${7*7}', '<%= 7*7 %>', '#{7*7}', '*{7*7}', '@(7*7)', '[[7*7]]', '%env%'])(
    'CT1 T07 takes %s for plain text',
    (source) => {
      expect(messagesOf(source)).toEqual([])
      expect(textLiquid.parseAndRenderSync(source, {})).toBe(source)
    },
  )

  it('CT1 knows no tag and no filter by an inherited name, whatever reaches the engine itself', () => {
    expect(() => htmlLiquid.parse('{{ "a" | constructor }}')).toThrow('undefined filter')
    expect(() => htmlLiquid.parse('{% constructor %}')).toThrow('not found')
    expect(() => htmlLiquid.parse('{% include "a" %}')).toThrow('not found')
    const inherited = Object.create({ secret: 'x' }) as object
    expect(htmlLiquid.parseAndRenderSync('{{ contact.secret }}{{ contact.toString }}', { contact: inherited })).toBe('')
  })
})

describe('slots', () => {
  const anyValue = fc.option(fc.string({ unit: 'grapheme', maxLength: 30 }), { nil: undefined })
  const shortcut = fc.constantFrom(
    '{{ contact.name }}',
    '{{contact.name}}',
    '{{- contact.name -}}',
    '{{ contact.name | default: "asiakas <&> \'" }}',
    "{{ contact.name|default:'' }}",
  )

  it.each(['html', 'text'] as const)(
    'a plain field in %s, taken the short way, is what the engine would say',
    (form) => {
      const engine = form === 'html' ? htmlLiquid : textLiquid
      fc.assert(
        fc.property(anyValue, shortcut, (name, source) => {
          const [template] = engine.parse(source)
          if (!template) throw new Error('no template')
          const recipient = values(name)
          expect(fill(compileTemplate(form, source, {}), recipient)).toBe(engineSlot(form, template)(recipient))
        }),
      )
    },
  )

  it('give the value and nothing else, escaped where it is HTML', () => {
    const hostile: MergeValues['contact'] = { name: '<img src=x onerror=alert(1)> {{ contact.email }} "\'' }
    const recipient = { ...values(''), values: { contact: hostile, company: {} } }
    expect(fill(compileTemplate('html', '<p>{{ contact.name }}</p>', {}), recipient)).toBe(
      '<p>&lt;img src=x onerror=alert(1)&gt; &#123;&#123; contact.email }} &quot;&#39;</p>',
    )
    expect(fill(compileTemplate('text', '{{ contact.name }}', {}), recipient)).toBe(hostile['name'])
  })
})
