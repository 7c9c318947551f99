import { describe, expect, test } from 'vitest'
import { mailingStepWords, mailingWords } from '../../src/templates/words/admin/mailings.ts'
import { outboxWords } from '../../src/templates/words/admin/outbox.ts'
import { reasonsEn } from '../../src/templates/words/admin/reasons.en.ts'
import { reasonsFi } from '../../src/templates/words/admin/reasons.fi.ts'
import { reasonsSv } from '../../src/templates/words/admin/reasons.sv.ts'
import {
  formatDay,
  formatHours,
  formatNumber,
  formatTime,
  pickLanguage,
  words,
} from '../../src/templates/words/index.ts'

describe('the language of a page', () => {
  test.each([
    ['fi-FI,fi;q=0.9,en;q=0.8', 'fi'],
    ['sv-FI, sv;q=0.9, fi;q=0.8', 'sv'],
    ['en-US,en;q=0.5', 'en'],
    ['de,en;q=0.3,sv;q=0.7', 'sv'],
    ['DE, SV', 'sv'],
    ['fi;q=0, en;q=0.1', 'en'],
    ['en;q=0.8,fi;q=0.8', 'en'],
    ['de-DE,de', 'fi'],
    ['*', 'fi'],
    ['', 'fi'],
    [null, 'fi'],
    [undefined, 'fi'],
    ['fi;q=banana, sv', 'sv'],
    [';;;,,q=1,', 'fi'],
    ['finnish, english', 'fi'],
  ] as const)('for Accept-Language %j is %s', (header, language) => {
    expect(pickLanguage(header, 'fi')).toBe(language)
  })

  test('is the fallback that was given', () => {
    expect(pickLanguage('de', 'sv')).toBe('sv')
  })

  test('is found at once in a header of any length', () => {
    expect(pickLanguage('x,'.repeat(500_000) + 'sv', 'fi')).toBe('sv')
  })
})

describe('words', () => {
  const leaves = (value: unknown, path = ''): [string, string][] => {
    if (typeof value === 'string') return [[path, value]]
    if (typeof value === 'function') {
      return [1, 2].map((n) => [`${path}(${n})`, String(value(n, n))])
    }
    return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key))
  }
  const texts = {
    fi: new Map(leaves([words.fi, outboxWords.fi, mailingWords.fi, mailingStepWords.fi, reasonsFi])),
    sv: new Map(leaves([words.sv, outboxWords.sv, mailingWords.sv, mailingStepWords.sv, reasonsSv])),
    en: new Map(leaves([words.en, outboxWords.en, mailingWords.en, mailingStepWords.en, reasonsEn])),
  }

  test.each(['fi', 'sv', 'en'] as const)('exist in %s for every text, whole and without placeholders', (language) => {
    expect([...texts[language].keys()]).toEqual([...texts.fi.keys()])
    for (const [path, text] of texts[language]) {
      expect(text, path).not.toMatch(/^\s|\s$|undefined|\[object|TODO|\{\{| {2}/)
      expect(text.length, path).toBeGreaterThan(0)
    }
  })

  // Words that the languages share, such as "Version" in Swedish and English
  const shared = ['2.form.formats.mjml', '0.privacy.version(1)', '0.privacy.version(2)']
  test.each([
    ['fi', 'en'],
    ['sv', 'en'],
    ['fi', 'sv'],
  ] as const)('leave nothing of %s in the words of %s', (one, other) => {
    const same = [...texts[one]].filter(([path, text]) => texts[other].get(path) === text && !shared.includes(path))
    expect(same).toEqual([])
  })

  test.each(['fi', 'sv', 'en'] as const)('call the ban in %s what the law calls it', (language) => {
    for (const [path, text] of texts[language]) expect(text, path).not.toMatch(/musta lista|svart ?lista|blacklist/i)
  })
})

describe('times and numbers', () => {
  const at = Date.UTC(2026, 9, 25, 0, 30)

  // The rest of the format belongs to the runtime's language data, which changes from version to version
  test.each([
    ['fi', /^25\.10\.2026\D+0?3\.30$/, '25. lokakuuta 2026', /^12\s480$/],
    ['sv', /^25 okt\.? 2026\D+0?3[.:]30$/, '25 oktober 2026', /^12\s480$/],
    ['en', /^25 Oct 2026\D+0?3:30$/, '25 October 2026', /^12,480$/],
  ] as const)('are written as in %s', (language, time, day, number) => {
    expect(formatTime(language, at, 'Europe/Helsinki')).toMatch(time)
    expect(formatDay(language, at, 'Europe/Helsinki')).toBe(day)
    expect(formatNumber(language, 12480)).toMatch(number)
  })

  test('follow the given zone', () => {
    expect(formatDay('en', at, 'America/New_York')).toBe('24 October 2026')
  })

  test.each([
    ['fi', 24, '24 tuntia'],
    ['fi', 168, '7 päivää'],
    ['sv', 48, '48 timmar'],
    ['sv', 168, '7 dygn'],
    ['en', 72, '3 days'],
    ['en', 73, '73 hours'],
  ] as const)('in %s %i hours are %s', (language, hours, text) => {
    expect(formatHours(language, hours)).toBe(text)
  })
})
