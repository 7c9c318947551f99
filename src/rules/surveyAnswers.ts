import type { Fault, Posted } from './submission.ts'
import { valuesOf, type Question } from './survey.ts'
import { cleanText } from './text.ts'

export type Answer = { question: string; value: string }

/** UTF-16 code units, as `maxlength` counts them. */
export const ANSWER_LENGTH = 2000

/** So many unknown names are listed; more would only make the page long. */
const UNKNOWN_LISTED = 20

/**
 * Reads what was posted to a survey. Every question may be left out, but not all of them; a name that is no question's is
 * refused, never dropped in silence.
 */
export const readAnswers = (
  questions: readonly Question[],
  posted: Posted,
): { ok: true; answers: Answer[] } | { ok: false; faults: Fault[] } => {
  const faults: Fault[] = []
  const answers: Answer[] = []
  const ids = new Set(questions.map(({ id }) => id))
  for (const name of posted.keys())
    if (!ids.has(name) && name !== 'lang' && faults.length < UNKNOWN_LISTED)
      faults.push({ path: name, fault: 'unknown' })
  for (const question of questions) {
    const read = readAnswer(question, posted.get(question.id))
    if (typeof read === 'object') faults.push({ path: question.id, ...read })
    else if (read !== '') answers.push({ question: question.id, value: read })
  }
  if (faults.length > 0) return { ok: false, faults }
  const [first] = questions
  return answers.length > 0 || !first
    ? { ok: true, answers }
    : { ok: false, faults: [{ path: first.id, fault: 'required' }] }
}

/** The value as it is stored, '' where there is none, or what is wrong with it. */
const readAnswer = (question: Question, given: unknown): string | Omit<Fault, 'path'> => {
  if (given === undefined || given === null) return ''
  if (Array.isArray(given)) return { fault: 'once' }
  const values = valuesOf(question)
  if (values === null) {
    const read = cleanText(given, { field: question.id, max: ANSWER_LENGTH, multiline: true, optional: true })
    if (read.ok) return read.value
    return typeof given === 'string' ? { fault: 'tooLong', max: ANSWER_LENGTH } : { fault: 'text' }
  }
  const value = typeof given === 'number' ? String(given) : given
  return typeof value === 'string' && (value === '' || values.includes(value)) ? value : { fault: 'choice' }
}

/** The answer that a link of the message chooses beforehand, if it is one; nothing is answered by it. */
export const preselected = (
  questions: readonly Question[],
  id: string | undefined,
  value: string | undefined,
): Answer | null => {
  const question = questions.find((one) => one.id === id)
  return question && value !== undefined && valuesOf(question)?.includes(value)
    ? { question: question.id, value }
    : null
}
