import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valuesOf, type Question } from '../../src/rules/survey.ts'
import { averageOf, npsGroups, npsOf, resultsOf, type AnswerCount } from '../../src/rules/surveyResults.ts'

const score: Question = { id: 'score', kind: 'nps', text: { fi: 'Suosittelisitko?' } }
const channel: Question = { id: 'channel', kind: 'choice', text: { fi: 'Mistä?' }, choices: ['shop', 'web'] }
const words: Question = { id: 'words', kind: 'text', text: { fi: 'Muuta?' } }
const counted = (question: string, values: Record<string, number>): AnswerCount[] =>
  Object.entries(values).map(([value, n]) => ({ question, value, n }))

/** The same by another way: every answer one by one. */
const distribution = fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 200 })
const countsOf = (answers: readonly number[]) =>
  Object.fromEntries(
    (valuesOf(score) ?? []).map((value) => [value, answers.filter((one) => String(one) === value).length]),
  )

describe('results', () => {
  it.each([
    ['all promoters', { 9: 1, 10: 1 }, 100],
    ['all detractors', { 0: 1, 6: 1 }, -100],
    ['passives alone', { 7: 1, 8: 3 }, 0],
    ['one of each', { 3: 1, 8: 1, 9: 1 }, 0],
    ['two promoters, one passive', { 9: 2, 7: 1 }, 67],
    ['nobody', {}, 0],
  ])('NPS of %s: %j → %i', (_, values, nps) => {
    expect(npsOf(values)).toBe(nps)
  })

  it('NPS is the mean of +1, 0 and −1 in points, within −100 and 100, never a negative zero', () => {
    fc.assert(
      fc.property(distribution, (answers) => {
        const nps = npsOf(countsOf(answers))
        const sum = answers.reduce((all, one) => all + (one >= 9 ? 1 : one <= 6 ? -1 : 0), 0)
        const exact = answers.length === 0 ? 0 : (100 * sum) / answers.length
        expect(Math.abs(nps - exact)).toBeLessThanOrEqual(0.5)
        expect(Object.is(nps, -0)).toBe(false)
        const { detractors, passives, promoters } = npsGroups(countsOf(answers))
        expect(detractors + passives + promoters).toBe(answers.length)
      }),
    )
  })

  it('an average is the mean to two decimals and lies between the least and the most', () => {
    fc.assert(
      fc.property(distribution, (answers) => {
        const average = averageOf(countsOf(answers))
        if (answers.length === 0) {
          expect(average).toBeNull()
          return
        }
        const mean = answers.reduce((sum, one) => sum + one, 0) / answers.length
        expect(Math.abs((average ?? 0) - mean)).toBeLessThanOrEqual(0.005 + 1e-9)
        expect(average).toBeGreaterThanOrEqual(Math.min(...answers))
        expect(average).toBeLessThanOrEqual(Math.max(...answers))
      }),
    )
  })

  it('a distribution names every value, and its sum is the number of answers, in whatever order they were counted', () => {
    fc.assert(
      fc.property(distribution, fc.boolean(), (answers, reversed) => {
        const counts = counted('score', countsOf(answers)).filter(({ n }) => n > 0)
        const of = resultsOf(
          [score],
          reversed ? counts.toReversed() : counts,
          { invited: 500, answered: answers.length },
          null,
        )
        const [question] = of.questions
        expect(Object.keys(question?.distribution ?? {})).toHaveLength(11)
        expect(Object.values(question?.distribution ?? {}).reduce((sum, n) => sum + n, 0)).toBe(answers.length)
        expect(question?.answers).toBe(answers.length)
      }),
    )
  })

  it('say only how often a question of free text was answered', () => {
    const { questions } = resultsOf([words], counted('words', { '': 3 }), { invited: 5, answered: 3 }, null)
    expect(questions).toEqual([{ id: 'words', kind: 'text', answers: 3 }])
  })

  it('count a question that nobody answered as such', () => {
    const { questions } = resultsOf([score, channel], [], { invited: 5, answered: 0 }, null)
    expect(questions).toMatchObject([{ answers: 0 }, { answers: 0, distribution: { shop: 0, web: 0 } }])
    expect(questions[0]).not.toHaveProperty('nps')
    expect(questions[0]).not.toHaveProperty('average')
  })
})

describe('an anonymous survey', () => {
  const counts = [
    ...counted('score', { 9: 3, 2: 3 }),
    ...counted('channel', { web: 4 }),
    ...counted('words', { '': 2 }),
  ]
  const of = (answered: number, smallest: number | null) =>
    resultsOf([score, channel, words], counts, { invited: 10, answered }, smallest)

  it('C9 shows nothing before the smallest group has answered, but how many have', () => {
    expect(of(4, 5)).toEqual({
      invited: 10,
      answered: 4,
      withheld: true,
      questions: [
        { id: 'score', kind: 'nps', answers: null },
        { id: 'channel', kind: 'choice', answers: null },
        { id: 'words', kind: 'text', answers: null },
      ],
    })
  })

  it('C9 afterwards shows each question that the smallest group has answered, and no other', () => {
    const { withheld, questions } = of(6, 5)
    expect(withheld).toBe(false)
    expect(questions).toMatchObject([{ answers: 6, nps: 0 }, { answers: null }, { answers: null }])
    expect(questions[1]).not.toHaveProperty('distribution')
  })

  it('shows no figure of any question below the group, whatever was answered', () => {
    fc.assert(
      fc.property(distribution, fc.integer({ min: 2, max: 30 }), (answers, smallest) => {
        const [question] = resultsOf(
          [score],
          counted('score', countsOf(answers)),
          { invited: 300, answered: answers.length },
          smallest,
        ).questions
        const shown = question?.answers !== null
        expect(shown).toBe(answers.length >= smallest)
        if (!shown) expect(Object.keys(question ?? {})).toEqual(['id', 'kind', 'answers'])
      }),
    )
  })
})
