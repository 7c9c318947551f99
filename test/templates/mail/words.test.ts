import { describe, expect, it } from 'vitest'
import { brandColor, button, escapeHtml, inkOn } from '../../../src/templates/mail/html.ts'
import { mailWords } from '../../../src/templates/mail/words.ts'

/** Every text of a language, with functions asked for an example. */
function texts(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = `${path}.${key}`
    if (typeof value === 'string') return [[here, value]]
    if (typeof value === 'function') return [[here, String((value as (example: string) => string)('24'))]]
    return texts(value as object, here)
  })
}

describe('the words of messages', () => {
  it.each(['sv', 'en'] as const)('say everything in %s that they say in Finnish', (language) => {
    expect(texts(mailWords[language]).map(([path]) => path)).toEqual(texts(mailWords.fi).map(([path]) => path))
  })

  it.each(['fi', 'sv', 'en'] as const)('in %s are finished sentences without stray blanks', (language) => {
    for (const [path, text] of texts(mailWords[language])) {
      expect([path, text.trim()]).toEqual([path, text])
      expect([path, text]).not.toEqual([path, expect.stringMatching(/ {2}|undefined|^$/)])
    }
  })

  it('F call a ban what the authorities call it, never a list of a colour', () => {
    const all = texts(mailWords)
      .map(([, text]) => text)
      .join('\n')
    expect(all).not.toMatch(/musta lista|svart lista|blacklist/i)
    expect(mailWords.fi.objection.marketing.heading).toContain('kieltää suoramarkkinointi')
    expect(mailWords.sv.objection.marketing.heading).toContain('förbjuda direktmarknadsföring')
  })
})

describe('the look of messages', () => {
  it.each([
    ['#ffffff', '#000000'],
    ['#000000', '#ffffff'],
    ['#0b6e4f', '#ffffff'],
    ['#ffd400', '#000000'],
  ])('writes on %s in %s', (color, ink) => {
    expect(inkOn(color)).toBe(ink)
  })

  it('takes no colour that is more than a colour', () => {
    expect(brandColor({ name: 'x', color: 'red;background:url(x)' })).toBe('#1f4e9c')
    expect(button('https://a.example', '<b>', { name: 'x', color: 'x' })).toContain('&lt;b&gt;')
  })

  it('escapes what could be markup, an attribute’s end or a merge tag', () => {
    expect(escapeHtml(`<a b="c" d='e'>&{{`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&#123;&#123;')
  })
})
