import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { adminStyleFor, styleFor } from '../../../src/templates/style.ts'
import type { Language } from '../../../src/templates/words/index.ts'
import { languages, samplePages } from './samples.tsx'

const pages = { fi: samplePages('fi'), sv: samplePages('sv'), en: samplePages('en') }
const page = (language: Language, name: string) => pages[language][name] ?? ''
const tags = (html: string) => html.match(/<[a-z][^>]*>/gi) ?? []
const visible = (html: string) => html.replace(/<head>.*<\/head>/s, '').replaceAll(/<[^>]+>/g, ' ')

describe.each(languages)('every page in %s', (language) => {
  const all = Object.entries(pages[language])

  test('is a whole document that says its language and title', () => {
    for (const [name, html] of all) {
      expect(html, name).toMatch(new RegExp(`^<!doctype html><html lang="${language}"><head><meta charset="utf-8"`))
      expect(html, name).toMatch(/<title>[^<]{3,} – Pohjolan Kiinnike<\/title>/)
      expect(html.match(/<h1>/g), name).toHaveLength(1)
      expect(html, name).toContain('name="viewport" content="width=device-width, initial-scale=1"')
      expect(html, name).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  test('A9-5 has no script (admin: the one of ours), no handler, no style attribute, and takes nothing from elsewhere', () => {
    for (const [name, html] of all) {
      for (const tag of tags(html)) {
        if (name.startsWith('admin') && tag === '<script src="/admin/htmx.js" defer="">') continue
        expect(tag, name).not.toMatch(/^<(script|object|embed|base|audio|video|svg)\b/i)
        // A button that shows an unsaved content in the frame beside it
        const plain = name.startsWith('admin') ? tag.replace(' formaction="/admin/mailings/layout"', '') : tag
        expect(plain, name).not.toMatch(/\s(on\w+|style|srcdoc|formaction|ping|background)\s*=/i)
        if (!tag.startsWith('<a ')) expect(tag, name).not.toMatch(/\b(src|href|action|content)="(https?:)?\/\//i)
      }
      expect(html, name).toContain('<meta name="robots" content="noindex, nofollow"/>')
    }
  })

  test('carries the one style whose hash the policy names', () => {
    for (const [name, html] of all) {
      const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, css]) => css)
      expect(styles, name).toEqual([(name.startsWith('admin') ? adminStyleFor : styleFor)('#1a4f8b')])
    }
  })

  test('names the controller and leads to the notice and the ban', () => {
    for (const [name, html] of all.filter(([name]) => !name.startsWith('admin'))) {
      const footer = visible(html.slice(html.indexOf('<footer>')))
      expect(footer, name).toContain('Pohjolan Kiinnike Oy')
      expect(footer, name).toContain('1234567-1')
      expect(footer, name).toContain('Sahakatu 4, 40100 Jyväskylä')
      expect(html, name).toContain(`href="/privacy?lang=${language}"`)
      expect(html, name).toContain(`href="/ban?lang=${language}"`)
    }
  })

  test('B1-9 asks for no log-in and no reason', () => {
    for (const [name, html] of all) expect(html, name).not.toMatch(/type="password"|name="reason"/)
  })

  test('links to its other languages, in those languages', () => {
    for (const [name, html] of all) {
      for (const other of languages) {
        const current = other === language ? ' aria-current="true"' : ''
        expect(html, name).toContain(`<a href="?lang=${other}" lang="${other}" hreflang="${other}"${current}>`)
      }
    }
  })
})

describe('the words of the law', () => {
  test.each([
    ['fi', 'unsubscribe', 'Peruuta tilaus'],
    ['sv', 'unsubscribe', 'Avsluta prenumerationen'],
    ['en', 'unsubscribe', 'Unsubscribe'],
    ['fi', 'unsubscribed', 'Tilaus on peruutettu'],
    ['sv', 'unsubscribed', 'Prenumerationen har avslutats'],
    ['en', 'unsubscribed', 'You have been unsubscribed'],
    ['fi', 'sign-up-accepted', 'Lähetimme sinulle vahvistusviestin'],
    ['sv', 'sign-up-accepted', 'Vi har skickat ett bekräftelsemeddelande'],
    ['en', 'sign-up-accepted', 'We have sent you a confirmation message'],
    ['fi', 'confirm', 'Vahvista tilaus'],
    ['sv', 'confirm', 'Bekräfta prenumerationen'],
    ['en', 'confirm', 'Confirm your subscription'],
    ['fi', 'preferences', 'Viestintäasetukset'],
    ['sv', 'preferences', 'Kommunikationsinställningar'],
    ['en', 'preferences', 'Communication preferences'],
    ['fi', 'ban', 'Kiellä kaikki suoramarkkinointi'],
    ['sv', 'ban', 'Förbjud all direktmarknadsföring'],
    ['en', 'ban', 'Opt out of all direct marketing'],
    ['fi', 'privacy', 'Tietosuojaseloste'],
    ['sv', 'privacy', 'Dataskyddsbeskrivning'],
    ['en', 'privacy', 'Privacy notice'],
  ] as const)('in %s the page %s is headed "%s"', (language, name, heading) => {
    expect(page(language, name)).toContain(`<h1>${heading}</h1>`)
  })

  test.each([
    ['fi', ['Rekisterinpitäjä', 'Vastustamisoikeus', 'oikeus saada pääsy tietoihin', 'Tietosuojavaltuutetun toimisto']],
    ['sv', ['Personuppgiftsansvarig', 'Rätt att göra invändningar', 'rätt till tillgång', 'Dataombudsmannens byrå']],
    ['en', ['Controller', 'Right to object', 'right of access', 'Office of the Data Protection Ombudsman']],
  ] as const)('B1-12 the notice in %s names controller, rights and authority', (language, terms) => {
    for (const term of terms) expect(visible(page(language, 'privacy'))).toContain(term)
  })
})

describe('a form', () => {
  const topicBoxes = (html: string) => tags(html).filter((tag) => tag.includes('name="topics"'))

  test.each(languages)('B1-1 ticks no topic by itself in %s', (language) => {
    for (const name of ['form', 'form-enquiry', 'form-problems']) {
      expect(topicBoxes(page(language, name))).toHaveLength(2)
      for (const box of topicBoxes(page(language, name))) expect(box).not.toContain('checked')
    }
    expect(topicBoxes(page(language, 'form-one-topic'))).toHaveLength(0)
  })

  test.each(languages)('B1-6 makes no topic a condition in %s', (language) => {
    for (const box of topicBoxes(page(language, 'form-enquiry'))) expect(box).not.toContain('required')
  })

  test.each(languages)('B1-7 tells in %s how to leave, before asking', (language) => {
    const words = {
      fi: 'peruuttaa tilauksen milloin tahansa',
      sv: 'när som helst avsluta',
      en: 'unsubscribe at any time',
    }
    expect(page(language, 'form')).toContain(words[language])
  })

  test('shows the wording and posts its id', () => {
    expect(page('fi', 'form')).toContain('<input type="hidden" name="consent" value="newsletter-fi-1"/>')
    expect(visible(page('fi', 'form'))).toContain('saa lähettää minulle sähköpostia valitsemistani aiheista')
  })

  test('hides its trap from people, keyboards and screen readers', () => {
    expect(page('fi', 'form')).toMatch(
      /<div class="v" aria-hidden="true"><label>[^<]+<input name="homepage" value="" tabindex="-1" autocomplete="off"\/>/,
    )
  })

  test('leads from the summary to each field and keeps what was typed', () => {
    const html = page('sv', 'form-problems')
    const links = [...html.matchAll(/<li><a href="#(field-\d+)">([^<]+)<\/a>/g)]
    expect(links).toHaveLength(3)
    for (const [, id, message] of links) {
      const control = tags(html).find((tag) => tag.includes(`id="${id}"`)) ?? ''
      const described = /aria-describedby="([^"]+)"/.exec(control)?.[1] ?? ''
      expect(control).toContain('aria-invalid="true"')
      expect(html).toContain(`<p class="err" id="${described}">${message}</p>`)
    }
    expect(html).toMatch(/<title>Fel: /)
    expect(html).toContain('value="matti@"')
    expect(html).toContain('>Hei</textarea>')
  })
})

describe('leaving', () => {
  test.each(languages)(
    'A1-8 posts in %s to the address that was opened, one button a choice, no field to fill',
    (language) => {
      for (const name of ['unsubscribe', 'unsubscribe-gone', 'unsubscribed']) {
        const forms = tags(page(language, name)).filter((tag) => tag.startsWith('<form'))
        expect(new Set(forms)).toEqual(new Set(['<form method="post" action="/c/token">']))
        expect(page(language, name)).not.toMatch(/<(input|textarea|select)/)
      }
      const scopes = [...page(language, 'unsubscribe').matchAll(/<button[^>]* name="scope" value="(\w+)"/g)].map(
        ([, s]) => s,
      )
      expect(scopes).toEqual(['topic', 'purpose', 'all'])
    },
  )

  test('offers the ban after leaving, and nothing once everything is banned', () => {
    expect(page('en', 'unsubscribed')).toContain('name="scope" value="all"')
    expect(page('en', 'unsubscribed-all')).not.toContain('<form')
  })

  test('shows in the preferences what is on, and nothing else as chosen', () => {
    const boxes = tags(page('en', 'preferences')).filter((tag) => tag.includes('name="topics"'))
    expect(boxes.map((box) => box.includes('checked'))).toEqual([true, false, false, false])
    expect(page('en', 'preferences')).toContain('<option value="sv" lang="sv" selected="">')
  })

  test.each(languages)('D-20 says in %s what an erasure keeps', (language) => {
    const kept = { fi: 'vain tunnisteen', sv: 'bara en kod', en: 'only a code' }
    expect(page(language, 'erase')).toContain(kept[language])
    expect(page(language, 'erased')).toContain(kept[language])
  })
})

describe('coming back', () => {
  test('says that confirming lifts a ban only for the topics that are marked', () => {
    const marked = 'Ban in force. Confirming lifts it for this subscription only.'
    expect(page('en', 'confirm-banned').split(marked)).toHaveLength(2)
    expect(page('en', 'confirm')).not.toContain('Ban in force')
  })
})

describe('errors', () => {
  test('lead on by hand where a link fails', () => {
    for (const status of [404, 410]) expect(page('fi', `error-${status}`)).toContain('<li><a href="/manage?lang=fi">')
  })

  test('name the request where the service failed, and only there', () => {
    expect(page('fi', 'error-500')).toContain('01jv3c8w4e')
    expect(page('fi', 'error-503')).not.toContain('01jv3c8w4e')
  })
})

describe('hostile values', () => {
  const skeleton = (html: string) => tags(html).map((tag) => tag.replaceAll(/="[^"]*"/g, ''))
  const usual = samplePages('fi', 'sana')
  const check = (said: string) => {
    for (const [name, html] of Object.entries(samplePages('fi', said))) {
      // the text part of a message turns web addresses into links; the next test looks at them
      const shape = skeleton(html.replaceAll(/<a href="[^"]+" rel="noreferrer">/g, ''))
      expect(shape, `${name} with ${JSON.stringify(said)}`).toEqual(skeleton(usual[name] ?? ''))
    }
  }

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    '</title></style></textarea><svg/onload=alert(1)>',
    '--><b>',
    '{{ contact.name }}${1}&lt;b&gt;&#60;b&#62;',
    '</head><body>$& $1 $$',
    '__proto__',
    'constructor',
  ])('stay text: %s', (said) => {
    check(said)
    expect(samplePages('fi', said)['confirm']).not.toContain('<b>')
  })

  const corpus = '../shared/corpora/strings/blns.json'
  test('stay text, all 515 of the public list of naughty strings', ({ skip }) => {
    if (!existsSync(corpus)) return skip(`${corpus} is not here`)
    const strings = JSON.parse(readFileSync(corpus, 'utf8')) as string[]
    expect(strings.length).toBeGreaterThan(500)
    for (let at = 0; at < strings.length; at += 10) check(strings.slice(at, at + 10).join(' '))
  })

  test('make no link of anything but a web address', () => {
    const html =
      samplePages('fi', 'javascript:alert(1) data:text/html,x ftp://x http://a.example/"onclick=1')['admin-message'] ??
      ''
    const pre = html.slice(html.indexOf('<pre>'), html.indexOf('</pre>'))
    expect(pre.match(/<a [^>]+>/g)).toEqual(['<a href="http://a.example/" rel="noreferrer">'])
  })
})
