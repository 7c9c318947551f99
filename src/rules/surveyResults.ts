import { valuesOf, type Question, type QuestionKind } from './survey.ts'

/** How often a question was answered with a value; of free text the value is ''. */
export type AnswerCount = { question: string; value: string; n: number }

export type QuestionResult = {
  id: string
  kind: QuestionKind
  /** null where the group is too small to be shown */
  answers: number | null
  /** −100 to 100 */
  nps?: number
  /** two decimals */
  average?: number
  /** every value that the question can have, also those that nobody chose */
  distribution?: Record<string, number>
}

export type Results = {
  invited: number
  answered: number
  /** fewer have answered than an anonymous survey shows anything of */
  withheld: boolean
  questions: QuestionResult[]
}

/**
 * Counts, averages, distribution, and the Net Promoter Score of every question.
 * @param smallestGroup of an anonymous survey: what fewer people answered is not shown (standards C row 9); null = show everything
 */
export const resultsOf = (
  questions: readonly Question[],
  counts: readonly AnswerCount[],
  { invited, answered }: { invited: number; answered: number },
  smallestGroup: number | null,
): Results => {
  const withheld = smallestGroup !== null && answered < smallestGroup
  return {
    invited,
    answered,
    withheld,
    questions: questions.map((question) => {
      const own = counts.filter((count) => count.question === question.id)
      const answers = own.reduce((sum, { n }) => sum + n, 0)
      const few = smallestGroup !== null && answers > 0 && answers < smallestGroup
      const { id, kind } = question
      if (withheld || few) return { id, kind, answers: null }
      return { id, kind, answers, ...figures(question, own) }
    }),
  }
}

const figures = (question: Question, own: readonly AnswerCount[]) => {
  const values = valuesOf(question)
  if (values === null) return {}
  const of = (value: string) => own.find((count) => count.value === value)?.n ?? 0
  const distribution = Object.fromEntries(values.map((value) => [value, of(value)]))
  if (question.kind === 'choice') return { distribution }
  const average = averageOf(distribution)
  if (average === null) return { distribution }
  return { ...(question.kind === 'nps' ? { nps: npsOf(distribution) } : {}), average, distribution }
}

/** @returns two decimals, or null when nobody answered */
export const averageOf = (distribution: Readonly<Record<string, number>>): number | null => {
  const entries = Object.entries(distribution)
  const n = entries.reduce((sum, [, count]) => sum + count, 0)
  if (n === 0) return null
  const total = entries.reduce((sum, [value, count]) => sum + Number(value) * count, 0)
  return Math.round((total / n) * 100) / 100
}

export type NpsGroups = { detractors: number; passives: number; promoters: number }

/** Reichheld's groups: 0–6 would not recommend, 9–10 would, 7–8 count for neither. */
export const npsGroups = (distribution: Readonly<Record<string, number>>): NpsGroups => {
  const groups: NpsGroups = { detractors: 0, passives: 0, promoters: 0 }
  for (const [value, n] of Object.entries(distribution))
    groups[Number(value) >= 9 ? 'promoters' : Number(value) >= 7 ? 'passives' : 'detractors'] += n
  return groups
}

/** Share of promoters less share of detractors, in whole percentage points; 0 when nobody answered. */
export const npsOf = (distribution: Readonly<Record<string, number>>): number => {
  const { detractors, passives, promoters } = npsGroups(distribution)
  const n = detractors + passives + promoters
  // `+ 0`: never a negative zero
  return n === 0 ? 0 : Math.round((100 * (promoters - detractors)) / n) + 0
}
