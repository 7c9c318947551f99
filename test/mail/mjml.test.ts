import { describe, expect, it } from 'vitest'
import { checkContent } from '../../src/mail/content.ts'
import { allFields, contentOf } from './fixtures.ts'

const page = (column: string, head = '') =>
  `<mjml>${head && `<mj-head>${head}</mj-head>`}\n<mj-body><mj-section><mj-column>\n${column}\n</mj-column></mj-section></mj-body></mjml>`

async function errorsOf(body: string) {
  const result = await checkContent({ format: 'mjml', subject: 'Uutiskirje', body }, allFields)
  return result.ok ? [] : result.errors.map(({ line, column, message }) => [line, column, message] as const)
}

describe('MJML', () => {
  it('becomes a whole document that fetches nothing, with merge tags as they were written', async () => {
    const tag = `{{ contact.name | default: "asia'kas & co" }}`
    const { html, text, shape, links } = await contentOf({
      format: 'mjml',
      body: page(
        `<mj-text font-size="16px">Hei <b>${tag}</b>!<br>Toinen &amp; &euro;</mj-text><mj-button href="https://a.example/?a=1&b=2">Osta</mj-button><mj-image src="https://a.example/k.png" alt="Kuva ${tag}" href="https://a.example/k"/><mj-table><tr><td>A</td><td>B</td></tr></mj-table>`,
        `<mj-title>Kesä</mj-title><mj-preview>Esi ${tag}</mj-preview><mj-style>.a > b { color: red }</mj-style>`,
      ),
    })
    expect(shape).toBe('document')
    expect(html).toContain(`Hei <b>${tag}</b>!<br>Toinen &amp; €`)
    expect(html).toContain(`alt="Kuva ${tag}"`)
    expect(html).toContain('{{ top }}')
    expect(html).toContain('{{ bottom }}')
    expect(html).toContain('<html lang="{{ language }}"')
    expect(html).not.toMatch(/fonts\.googleapis|Ubuntu|@import|<link/)
    expect(links).toEqual(['https://a.example/?a=1&b=2', 'https://a.example/k'])
    expect(text).toBe(
      `Hei ${tag}!\nToinen & €\n\nOsta (https://a.example/?a=1&b=2)\n\nKuva ${tag} (https://a.example/k)\n\nA | B`,
    )
  })

  it('lets a background picture stand when it is fetched over TLS', async () => {
    const body = `<mjml><mj-body><mj-section background-url="https://a.example/b.png"><mj-column><mj-text>Hei</mj-text></mj-column></mj-section></mj-body></mjml>`
    expect(await errorsOf(body)).toEqual([])
    expect(await errorsOf(body.replace('https:', 'http:'))).toEqual([
      [1, 16, expect.stringContaining('picture address')],
    ])
  })

  it('keeps conditions inside one element', async () => {
    expect(await errorsOf(page('<mj-text>{% if contact.name %}<b>a</b>{% else %}b{% endif %}</mj-text>'))).toEqual([])
    expect(await errorsOf(page('<mj-text>{% if contact.name %}<b>a{% endif %}</b></mj-text>'))).toEqual([
      [3, 35, expect.stringContaining('same paragraph')],
    ])
    expect(
      await errorsOf(page('<mj-button href="https://a.example">{% if contact.name %}a{% endif %}</mj-button>')),
    ).not.toEqual([])
    expect(
      await errorsOf(page('<mj-text>a</mj-text>{% if contact.name %}<mj-text>b</mj-text>{% endif %}')),
    ).not.toEqual([])
  })

  it.each([
    ['<mj-text>a</mj-text><mj-evil/>', 3, 21, '<mj-evil> is not allowed'],
    ['<mj-text>a</mj-text><mj-include path="../../secret.css" type="css"/>', 3, 21, '<mj-include> is not allowed'],
    ['<mj-raw><script>1</script></mj-raw>', 3, 1, '<mj-raw> is not allowed'],
    ['<mj-text>a<script>alert(1)</script></mj-text>', 3, 11, '<script> is not allowed'],
    ['<mj-text><a href="https://x" onclick="1">x</a></mj-text>', 3, 10, '"onclick" is not allowed'],
    ['<mj-text><a href="&#106;avascript:alert(1)">x</a></mj-text>', 3, 10, 'is not a link'],
    ['<mj-text><img src="https://a.example/k.png"></mj-text>', 3, 10, 'needs a text in "alt"'],
    ['<mj-image src="https://a.example/k.png"/>', 3, 1, 'needs a text in "alt"'],
    ['<mj-text><p style="background:url(//evil.test)">a</p></mj-text>', 3, 10, '"url()" is not allowed'],
    ['<mj-text><p style="background:u&#114;l(//evil.test)">a</p></mj-text>', 3, 10, '"url()" is not allowed'],
    ['<mj-text><p style="w:\\75rl(x)">a</p></mj-text>', 3, 10, 'styles may not contain'],
    ['<mj-text font-family="Arial;background:url(//e.test)">a</mj-text>', 3, 1, 'one plain value'],
    ['<mj-text css-class="a&quot; onclick=&quot;1">a</mj-text>', 3, 1, 'names only'],
    ['<mj-text>a &foo; b</mj-text>', 3, 12, 'unknown character reference &foo;'],
    ['<mj-text>a < b</mj-text>', 3, 12, 'write &lt;'],
    ['<mj-text>a<b></mj-text>', 3, 14, '</mj-text> closes nothing: <b> is still open'],
    ['<mj-text color=red>a</mj-text>', 3, 15, 'put attribute values in quotes'],
    ['<mj-text color="red" color="blue">a</mj-text>', 3, 21, 'color twice'],
    ['<mj-text color="notacolor">a</mj-text>', 3, 1, 'color has invalid value'],
    ['<mj-text foo="1">a</mj-text>', 3, 1, 'foo is illegal'],
    ['<mj-text>a</mj-text>oops', 3, 21, 'text stands in <mj-text>'],
    ['<mj-text><mj-image src="https://a.example/k.png" alt="k"/></mj-text>', 3, 10, 'cannot stand here'],
    [
      '<mj-social><mj-social-element name="facebook">a</mj-social-element></mj-social>',
      3,
      1,
      '<mj-social> is not allowed',
    ],
    ['<mj-text><svg onload="1"></svg>a</mj-text>', 3, 10, '<svg> is not allowed'],
    ['<mj-text><form action="https://a.example"><input name="x"></form></mj-text>', 3, 10, '<form> is not allowed'],
    ['<mj-text><base href="https://a.example/">a</mj-text>', 3, 10, '<base> is not allowed'],
    ['<mj-text><!-- never closed a</mj-text>', 3, 10, 'comment is not closed'],
    ['<mj-text><p title="{{ identity }}">a</p></mj-text>', 3, 10, 'only fields can stand in "title"'],
    ['<mj-text font-size="{{ contact.name }}">a</mj-text>', 3, 1, 'merge tags cannot stand in "font-size"'],
  ])('refuses %s with its line and column', async (column, line, at, message) => {
    expect(await errorsOf(page(column))).toContainEqual([line, at, expect.stringContaining(message)])
  })

  it.each([
    ['<mj-font name="X" href="https://fonts.example/x.css"/>', '<mj-font> is not allowed'],
    ['<mj-style>body{background:url(//evil.test/?x)}</mj-style>', '"url()" is not allowed'],
    ['<mj-style>@import "https://evil.test/x.css";</mj-style>', '"@import" is not allowed'],
    ['<mj-style>@font-face{font-family:x}</mj-style>', '"@font-face" is not allowed'],
    ['<mj-style>a{b:image-set("https://evil.test/x.png" 1x)}</mj-style>', '"image-set()" is not allowed'],
    ['<mj-style>a{width:expression(alert(1))}</mj-style>', '"expression()" is not allowed'],
    ['<mj-style></style><script>1</script></mj-style>', 'holds styles only'],
    ['<mj-style inline="inline">a{color:red}</mj-style>', '"inline" is not allowed'],
    [
      '<mj-html-attributes><mj-selector path="a"><mj-html-attribute name="onclick">1</mj-html-attribute></mj-selector></mj-html-attributes>',
      'is not allowed',
    ],
    ['<mj-attributes><mj-text color="red;x:y"/></mj-attributes>', 'one plain value'],
    ['<mj-preview><b>a</b></mj-preview>', 'cannot stand here'],
    ['<mj-title>{% if contact.name %}a{% endif %}</mj-title>', 'a condition cannot stand in a label'],
  ])('refuses %s in the head', async (head, message) => {
    const errors = await errorsOf(page('<mj-text>a</mj-text>', head))
    expect(errors).toContainEqual([1, expect.any(Number), expect.stringContaining(message)])
  })

  it.each([
    '',
    'not xml',
    '<mjml><mj-body></mj-body></mjml><p>x</p>',
    '<p>x</p>',
    '<mjml></mjml>',
    '<MJML><mj-body/>',
    '<mjml owa="desktop"><mj-body/></mjml>',
  ])('refuses %j, which says nothing', async (body) => {
    expect(await errorsOf(body)).not.toEqual([])
  })

  it('CT87 reads no file: what MJML compiles is the checked tree, not the source', async () => {
    const inside = page('<mj-text>a</mj-text>').replace(
      '<mj-body>',
      '<mj-body><mj-include path="/etc/passwd" type="html"/>',
    )
    expect(await errorsOf(inside)).toEqual([[2, 10, '<mj-include> is not allowed in a message']])
    expect(
      (await contentOf({ format: 'mjml', body: page('<mj-text>a<!-- <mj-include path="/etc/passwd"/> --></mj-text>') }))
        .html,
    ).not.toMatch(/include|root:/)
  })

  it('has a limit of components, so that nobody waits for its compiling', async () => {
    const many = '<mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section>'.repeat(400)
    expect(await errorsOf(`<mjml><mj-body>${many}</mj-body></mjml>`)).toEqual([
      [1, 1, expect.stringContaining('1000 components')],
    ])
  })
})
