import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choicesIn, isOpen, refuseChange, surveyInput, valuesOf, type Question } from '../../src/rules/survey.ts'
import { preselected, readAnswers } from '../../src/rules/surveyAnswers.ts'
import { questions } from '../surveys.ts'

const NOW = Date.UTC(2026, 6, 1, 12)
const text = { fi: 'Kysymys' }
const survey = (change: object) => ({ name: 'Kysely', questions: [{ id: 'q1', kind: 'nps', text }], ...change })

describe('a survey’s definition', () => {
  it.each<[string, object]>([
    ['one scale', {}],
    ['all kinds', { questions }],
    ['choices that are their own texts', { questions: [{ id: 'q', kind: 'choice', text, choices: ['Kyllä', 'Ei'] }] }],
    ['an end with an offset', { closesAt: '2026-12-31T16:00:00+02:00' }],
    ['no end', { closesAt: null }],
    ['anonymity and its group', { anonymous: true, smallestGroup: 10 }],
  ])('may have %s', (_, change) => {
    expect(surveyInput.safeParse(survey(change)).error?.issues).toBeUndefined()
  })

  it.each<[string, object, string]>([
    ['no name', { name: ' ' }, 'name'],
    ['no question', { questions: [] }, 'questions'],
    [
      '31 questions',
      { questions: Array.from({ length: 31 }, (_, n) => ({ id: `q${n}`, kind: 'nps', text })) },
      'questions',
    ],
    [
      'two questions of one id',
      {
        questions: [
          { id: 'q', kind: 'nps', text },
          { id: 'q', kind: 'ces', text },
        ],
      },
      'questions',
    ],
    ['an unknown kind', { questions: [{ id: 'q', kind: 'stars', text }] }, 'questions.0.kind'],
    ['a question without a text', { questions: [{ id: 'q', kind: 'nps', text: {} }] }, 'questions.0.text'],
    [
      'a text in another language',
      { questions: [{ id: 'q', kind: 'nps', text: { de: 'Frage' } }] },
      'questions.0.text',
    ],
    ['an id that is no name', { questions: [{ id: 'a b', kind: 'nps', text }] }, 'questions.0.id'],
    ['an id that the page needs itself', { questions: [{ id: 'lang', kind: 'nps', text }] }, 'questions.0.id'],
    ['__proto__ as an id', { questions: [{ id: '__proto__', kind: 'nps', text }] }, 'questions.0.id'],
    ['choices of a scale', { questions: [{ id: 'q', kind: 'nps', text, choices: ['a', 'b'] }] }, 'questions.0.choices'],
    ['a choice without choices', { questions: [{ id: 'q', kind: 'choice', text }] }, 'questions.0.choices'],
    ['one choice', { questions: [{ id: 'q', kind: 'choice', text, choices: ['a'] }] }, 'questions.0.choices'],
    ['a choice twice', { questions: [{ id: 'q', kind: 'choice', text, choices: ['a', 'a'] }] }, 'questions.0.choices'],
    ['an end that is no time', { closesAt: 'tomorrow' }, 'closesAt'],
    ['an end without an offset', { closesAt: '2026-12-31T16:00:00' }, 'closesAt'],
    ['a group of one', { smallestGroup: 1 }, 'smallestGroup'],
    ['an unknown field', { reward: 'mug' }, ''],
  ])('may not have %s, and says where', (_, change, path) => {
    const read = surveyInput.safeParse(survey(change))
    expect(read.error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
  })

  it('keeps no control characters, which would reach messages', () => {
    const read = surveyInput.parse(
      survey({ name: 'Ky\u0000se\u202ely', questions: [{ id: 'q', kind: 'nps', text: { fi: 'a\u0000b\nc' } }] }),
    )
    expect(read).toMatchObject({ name: 'Kysely', questions: [{ text: { fi: 'ab c' } }] })
  })

  it('has scales of 0–10, 1–5 and 1–7', () => {
    const ends = (kind: Question['kind']) => [
      valuesOf({ kind })?.at(0),
      valuesOf({ kind })?.at(-1),
      valuesOf({ kind })?.length,
    ]
    expect(ends('nps')).toEqual(['0', '10', 11])
    expect(ends('csat')).toEqual(['1', '5', 5])
    expect(ends('ces')).toEqual(['1', '7', 7])
    expect(valuesOf({ kind: 'text' })).toBeNull()
  })

  it('shows choices in the reader’s language, else in one that there is', () => {
    const [, , , channel] = questions as Question[]
    expect(choicesIn(channel as Question, 'en').map(({ label }) => label)).toEqual(['In the shop', 'On the web'])
    expect(choicesIn(channel as Question, 'sv').map(({ label }) => label)).toEqual(['Myymälästä', 'Verkosta'])
  })
})

describe('a survey’s life', () => {
  it.each([
    ['has no end', null, null, true],
    ['ends later', NOW + 1, null, true],
    ['ends now', NOW, null, false],
    ['was closed', NOW + 1, NOW - 1, false],
  ])('one that %s takes answers: %s %s → %s', (_, closesAt, closedAt, open) => {
    expect(isOpen({ closesAt, closedAt }, NOW)).toBe(open)
  })

  it.each<[string, Parameters<typeof refuseChange>[0], boolean, boolean, string[]]>([
    ['a draft may become anything', ['questions', 'anonymous', 'name'], false, false, []],
    ['in use, name and end may change', ['name', 'closesAt'], true, false, []],
    [
      'in use, what people were told stays',
      ['questions', 'anonymous', 'smallestGroup'],
      true,
      false,
      ['questions', 'anonymous', 'smallestGroup'],
    ],
    ['closed, only the name may change', ['name', 'closesAt'], true, true, ['closesAt']],
  ])('%s', (_, changed, inUse, closed, refused) => {
    const times = { closesAt: null, closedAt: closed ? NOW : null }
    expect(refuseChange(changed, times, { inUse }, NOW).map(({ path }) => path)).toEqual(refused)
  })
})

describe('answers', () => {
  const read = (posted: Record<string, unknown>) =>
    readAnswers(questions as Question[], new Map(Object.entries(posted)))

  it.each<[string, Record<string, unknown>, object[]]>([
    ['a scale', { score: '0' }, [{ question: 'score', value: '0' }]],
    ['a number of a program', { score: 10 }, [{ question: 'score', value: '10' }]],
    ['an empty field is none', { score: '', words: ' ', service: '5' }, [{ question: 'service', value: '5' }]],
    ['lines and markup as typed', { words: ' <b>a</b>\r\n=1+1 ' }, [{ question: 'words', value: '<b>a</b>\n=1+1' }]],
    ['the page’s language is no answer', { lang: 'sv', channel: 'web' }, [{ question: 'channel', value: 'web' }]],
  ])('are read: %s', (_, posted, answers) => {
    expect(read(posted)).toEqual({ ok: true, answers })
  })

  it.each<[string, Record<string, unknown>, object]>([
    ['nothing at all', {}, { path: 'score', fault: 'required' }],
    ['beyond the scale', { score: '11' }, { path: 'score', fault: 'choice' }],
    ['below the scale', { service: '0' }, { path: 'service', fault: 'choice' }],
    ['written otherwise', { score: '09' }, { path: 'score', fault: 'choice' }],
    ['a fraction', { score: 9.5 }, { path: 'score', fault: 'choice' }],
    ['two values', { score: ['9', '10'] }, { path: 'score', fault: 'once' }],
    ['an object', { words: { a: 1 } }, { path: 'words', fault: 'text' }],
    ['too much text', { words: 'a'.repeat(2001) }, { path: 'words', fault: 'tooLong', max: 2000 }],
    ['a name that is no question', { score: '9', email: 'a@b.example' }, { path: 'email', fault: 'unknown' }],
    ['a name of every object', { score: '9', constructor: '1' }, { path: 'constructor', fault: 'unknown' }],
  ])('are refused by name: %s', (_, posted, fault) => {
    expect(read(posted)).toEqual({ ok: false, faults: [fault] })
  })

  it('whatever comes is read or refused, and nothing is kept that the question does not have', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string()), fc.object())
    const posted = fc.dictionary(
      fc.constantFrom('score', 'service', 'channel', 'words', 'lang', '__proto__', 'x'),
      value,
    )
    fc.assert(
      fc.property(posted, (fields) => {
        const result = read(fields)
        if (!result.ok) return result.faults.length > 0
        return result.answers.every(({ question, value: kept }) => {
          const values = valuesOf((questions as Question[]).find(({ id }) => id === question) as Question)
          return values === null ? kept.length > 0 && kept.length <= 2000 : values.includes(kept)
        })
      }),
    )
  })

  it('a link’s choice is chosen only where the question has it', () => {
    const of = (q?: string, v?: string) => preselected(questions as Question[], q, v)
    expect(of('score', '9')).toEqual({ question: 'score', value: '9' })
    for (const [q, v] of [
      ['score', '11'],
      ['words', 'a'],
      ['other', '9'],
      ['score', undefined],
      [undefined, '9'],
    ] as const)
      expect(of(q, v)).toBeNull()
  })
})
