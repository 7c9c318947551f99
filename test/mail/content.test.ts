import { describe, expect, it } from 'vitest'
import { checkContent } from '../../src/mail/content.ts'
import { allFields, contentOf } from './fixtures.ts'

const check = (body: string, subject = 'Hinnasto', fields: readonly string[] = allFields) =>
  checkContent({ format: 'markdown', subject, body }, fields)

/** Where each error is, and the first words of what it says. */
async function errorsOf(body: string, subject?: string, fields?: readonly string[]) {
  const result = await check(body, subject, fields)
  return result.ok ? [] : result.errors.map(({ path, line, column, message }) => [path, line, column, message] as const)
}

describe('merge tags at save', () => {
  it('names an unknown field with line and column in what the author wrote', async () => {
    expect(await errorsOf('# Hei\n\n- a\n- b {{ contact.nimi }}')).toEqual([
      ['content.body', 4, 8, expect.stringContaining('unknown field "contact.nimi"')],
    ])
    expect(await errorsOf('Hei', 'Hinnasto {{ conact.name }}')).toEqual([
      ['subject', 1, 13, expect.stringContaining('unknown field')],
    ])
  })

  it('counts lines the same way for every kind of line end', async () => {
    expect(await errorsOf('a\r\n\r\nb {{ x }}')).toEqual([['content.body', 3, 6, expect.anything()]])
  })

  it('refuses a field that the purpose of the mailing may not show', async () => {
    expect(await errorsOf('Hei {{ contact.name }}', 'Kysely', ['workEmail'])).toEqual([
      ['content.body', 1, 8, expect.stringContaining('may not be used in a mailing of this purpose')],
    ])
    expect(
      await errorsOf('Hei {{ contact.email }} {{ contact.language }} {{ company.businessId }}', 'Kysely', [
        'workEmail',
      ]),
    ).toEqual([])
  })

  it('tells which register fields subject and body show, once each', async () => {
    const content = await contentOf({
      subject: '{{ contact.name | default: "asiakas" }}',
      body: '{% if contact.title %}Olet {{ contact.title }}{% endif %} {{ contact.name | default: "x" }} {{ contact.language }}',
    })
    expect(content.mergedFields).toEqual(['name', 'title'])
  })

  it('refuses a subject that would be empty for whoever lacks the field, and one of two lines', async () => {
    expect(await errorsOf('Hei', '{{ contact.name }}')).toEqual([['subject', 1, 1, expect.stringContaining('empty')]])
    expect(await errorsOf('Hei', 'a\r\nBcc: x@y.example')).toEqual([
      ['subject', 1, 2, expect.stringContaining('one line')],
    ])
    expect(await errorsOf('Hei', '   ')).toEqual([['subject', 1, 1, expect.stringContaining('missing')]])
  })

  it.each(['{% raw %}{{ x }}{% endraw %}', 'a {% comment %}b{% endcomment %}', '{% if contact.name %}', '{{'])(
    'refuses the subject %j with an answer, not with a crash',
    async (subject) => {
      expect(await errorsOf('Hei', subject)).toContainEqual(['subject', 1, expect.any(Number), expect.any(String)])
    },
  )

  it('links to nothing personal but the unsubscribe page', async () => {
    expect(await errorsOf('[a]({{ preferencesUrl }})')).toEqual([
      ['content.body', 1, 8, expect.stringContaining('unsubscribeUrl')],
    ])
    expect(await errorsOf('[a]({{ viewUrl }})')).toEqual([['content.body', 1, 8, expect.stringContaining('reserved')]])
    expect(await errorsOf('[a](https://a.example/?n={{ contact.name }})')).toEqual([
      ['content.body', 1, 1, expect.stringContaining('a link is either written out or {{ unsubscribeUrl }}')],
    ])
    expect(await errorsOf('[a]({{ unsubscribeUrl }})')).toEqual([])
  })

  it('keeps what belongs to everybody out of conditions and filters', async () => {
    expect(await errorsOf('{% if contact.name %}{{ identity }}{% endif %}')).toEqual([
      ['content.body', 1, 25, expect.stringContaining('cannot depend on a condition')],
    ])
    expect(await errorsOf('{{ unsubscribeUrl | upcase }}')).toEqual([
      ['content.body', 1, 19, expect.stringContaining('no filters')],
    ])
    expect(await errorsOf('[{{ identity }}](https://a.example)')).toEqual([
      ['content.body', 1, 2, expect.stringContaining('cannot stand here')],
    ])
  })

  it('lets the names of a survey stand in survey invitations only', async () => {
    expect(await errorsOf('{{ surveyBlock }}')).toEqual([
      ['content.body', 1, 4, expect.stringContaining('cannot be used here')],
    ])
    const input = {
      format: 'markdown',
      subject: 'Kysely',
      body: 'Hei\n\n{{ surveyBlock }}\n\n[Vastaa]({{ surveyUrl }})',
    } as const
    expect((await checkContent(input, ['workEmail'], { survey: true })).ok).toBe(true)
  })

  it('warns about a field that somebody may lack', async () => {
    const { warnings } = await contentOf({
      body: 'Hei {{ contact.name }}, {{ contact.email }} {% if contact.title %}{{ contact.title }}{% endif %}',
    })
    expect(warnings).toEqual([
      { path: 'content.body', line: 1, column: 5, message: expect.stringContaining('default') as string },
    ])
  })

  it('asks that a condition opens and closes in one paragraph', async () => {
    expect(await errorsOf('- a {% if contact.name %}\n- b {% endif %}')).toEqual([
      ['content.body', 2, 5, expect.stringContaining('same paragraph')],
    ])
    expect(await errorsOf('**a {% if contact.name %}b** c{% endif %}')).toEqual([
      ['content.body', 1, 31, expect.stringContaining('same paragraph')],
    ])
    expect(await errorsOf('{% if contact.name %}\n- a\n\n{% else %}\nb\n{% endif %}\n\nc')).toEqual([])
  })
})

describe('Markdown', () => {
  it('leaves every merge tag as it was written, quotes and all', async () => {
    const tag = `{{ contact.name | default: "'asiakas' & *co* <x>" }}`
    const { html, text } = await contentOf({
      body: `**Hei ${tag}**\n\n| a |\n|---|\n| ${tag.replace('|', '|')} |`.split('\n\n|')[0] ?? '',
    })
    expect(html).toBe(`<p><strong>Hei ${tag}</strong></p>\n`)
    expect(text).toBe(`Hei ${tag}`)
  })

  it('shows HTML as text and obeys none of it', async () => {
    const { html, text } = await contentOf({ body: 'a <b onclick="x">b</b> &lt;c&gt;\n\n<script>alert(1)</script>' })
    expect(html).toBe(
      '<p>a &lt;b onclick=&quot;x&quot;&gt;b&lt;/b&gt; &lt;c&gt;</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n',
    )
    expect(text).toBe('a <b onclick="x">b</b> <c>\n\n<script>alert(1)</script>')
  })

  it('T07 makes no merge tag of what was text, however it was spelt', async () => {
    for (const body of [
      '&#123;&#123; env }}',
      '&#x7b;{ env }}',
      '\\{{ "{" }}{ env }}',
      '`&#123;% if %}`',
      '{% raw %}{{ env }}{% endraw %}',
    ]) {
      const { html, text } = await contentOf({ body: `a ${body}` })
      expect(html).not.toMatch(/\{\{ env|\{%/)
      expect(text).not.toMatch(/\{\{ env|\{% if/)
    }
  })

  it('turns lists, quotations, tables, code and pictures into plain text that can be read', async () => {
    const body = [
      '# Otsikko', 'Teksti\nja [linkki](https://a.example/x) sekä <https://b.example/> ja [posti](mailto:a@b.example).',
      '1. yksi\n2. kaksi\n   - sisällä', '> lainaus\n>\n> toinen', '| A | B |\n|---|--:|\n| 1 | 2 |',
      '![Kuva tuotteesta](https://a.example/k.png)', '---', '    koodi\n      sisennys', 'Rivi  \nToinen',
    ].join('\n\n') // prettier-ignore
    expect((await contentOf({ body })).text).toBe(
      [
        'Otsikko', 'Teksti ja linkki (https://a.example/x) sekä https://b.example/ ja posti (a@b.example).',
        '1. yksi\n2. kaksi\n  - sisällä', '> lainaus\n>\n> toinen', 'A | B\n1 | 2',
        'Kuva tuotteesta', '----------', 'koodi\n  sisennys', 'Rivi\nToinen',
      ].join('\n\n'), // prettier-ignore
    )
  })

  it('leaves no gap in the text where a condition is not met', async () => {
    const { text } = await contentOf({ body: 'a\n\n{% if contact.name %}\nb\n{% else %}\nc\n{% endif %}\n\nd' })
    expect(text).toBe('a{% if contact.name %}\n\nb{% else %}\n\nc{% endif %}\n\nd')
  })

  it.each([
    ['[a](javascript:alert(1))'],
    ['[a](&#106;avascript:alert(1))'],
    ['[a](JaVaScRiPt:alert(1))'],
    ['[a](data:text/html,<script>1</script>)'],
    ['[a](vbscript:x)'],
    ['[a](//evil.test/x)'],
    ['[a](/suhteellinen)'],
    ['[a](https://user:pass@evil.test/)'],
    ['[a](https:evil.test)'],
    ['[a](mailto:a@b.example?subject=x%0d%0aBcc:c@d.example)'],
    ['[a](ftp://a.example/)'],
    ['![a](http://a.example/k.png)'],
    ['![a](data:image/svg+xml,x)'],
    ['![](https://a.example/k.png)'],
  ])('refuses %s where it stands', async (markdown) => {
    expect(await errorsOf(`Hei\n\nb ${markdown}`)).toEqual([['content.body', 3, 3, expect.anything()]])
  })

  it.each([
    'https://a.example/?a=1&b=2#c',
    'http://a.example',
    'mailto:a@b.example?subject=Hei',
    'tel:+358401234567',
    'https://käsityö.example/ä',
  ])('takes the link %s', async (url) => {
    const { links, html } = await contentOf({ body: `[a](${url})` })
    expect(links).toEqual([url])
    expect(html).toContain(`href="${url.replace('&', '&amp;')}"`)
  })

  it('takes pictures of this machine without TLS, so that a trial can show them', async () => {
    expect(await errorsOf('![a](http://127.0.0.1:8080/i/abc)')).toEqual([])
  })

  it('V1.3.12 answers within limits to input made to be slow', async () => {
    for (const body of [
      '>'.repeat(100_000),
      '- '.repeat(50_000),
      '['.repeat(100_000),
      '*a '.repeat(50_000),
      '<a'.repeat(60_000),
      '{'.repeat(50_000),
      '`a'.repeat(50_000),
      '{{'.repeat(20_000),
    ]) {
      await expect(check(body)).resolves.toBeDefined()
    }
  })

  it('has a limit of 256 KiB, of 200 links and of what can be sent', async () => {
    expect(await errorsOf('x'.repeat(256 * 1024 + 1))).toEqual([
      ['content.body', 1, 1, expect.stringContaining('256 KiB')],
    ])
    expect(await errorsOf('[a](https://a.example)\n'.repeat(201))).toEqual([
      ['content.body', 201, 1, expect.stringContaining('200 links')],
    ])
    expect(await errorsOf('a\0b')).toEqual([['content.body', 1, 2, expect.stringContaining('control character')]])
    expect(await errorsOf('{{ contact.name | default: "x" }}')).toEqual([
      ['content.body', 1, 1, expect.stringContaining('plain-text part')],
    ])
  })

  it('warns where mail programs would hide the end', async () => {
    const { warnings } = await contentOf({ body: 'pitkä teksti '.repeat(9000) })
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('hide its end')])
  })
})
