import { z } from 'zod'
import { inLanguage, languages, type Language } from './form.ts'
import { cleanText } from './text.ts'

/** What a survey is: its questions, until when it takes answers, and who learns what of them. */

const clean = (typed: string): string => {
  const read = cleanText(typed, { field: 'The text', max: typed.length + 1 })
  return read.ok ? read.value : ''
}

const shortText = (max: number) =>
  z.string().max(max, `shorten it to ${max} characters`).overwrite(clean).min(1, 'write a text here')

const text = shortText(500)

/** A text in at least one language; the others fall back to it. */
const texts = z
  .strictObject({ fi: text.optional(), sv: text.optional(), en: text.optional() })
  .refine((given) => languages.some((language) => given[language] !== undefined), {
    error: 'give the text in at least one of fi, sv, en',
  })

/** A name of a question or choice: it becomes the field's name or value on the page, and stands in links. */
const name = z.string().regex(/^[A-Za-z0-9][\w-]{0,39}$/, 'use letters a–z, digits, - or _, 40 at most')

/** Names that mean something to the page itself. */
const taken = new Set(['lang'])

/** A choice may be given as its text alone, which then is what is stored, too. */
const choice = z.union([shortText(200), z.strictObject({ id: name, text: texts })])

const unique = (values: readonly string[]) => new Set(values).size === values.length

const question = z
  .strictObject({
    id: name.refine((id) => !taken.has(id), { error: 'this name has a meaning of its own: use another' }),
    kind: z.enum(['nps', 'csat', 'ces', 'choice', 'text']),
    text: texts,
    choices: z
      .array(choice)
      .min(2, 'give at least two choices')
      .max(30, 'give at most 30 choices')
      .refine((choices) => unique(choices.map(idOfChoice)), { error: 'names a choice twice' })
      .optional(),
  })
  .refine((given) => (given.kind === 'choice') === (given.choices !== undefined), {
    path: ['choices'],
    error: 'a question of kind choice needs choices, and no other has them',
  })

export const surveyInput = z.strictObject({
  name: shortText(200),
  questions: z
    .array(question)
    .min(1, 'ask at least one question')
    .max(30, 'ask at most 30 questions')
    .refine((questions) => unique(questions.map(({ id }) => id)), { error: 'has two questions of one id' }),
  closesAt: z.iso.datetime({ offset: true, error: 'write it as 2026-12-31T16:00:00+02:00' }).nullable().optional(),
  anonymous: z.boolean().optional(),
  smallestGroup: z
    .int()
    .min(2, 'one answer alone would be no group: give 2 or more')
    .max(1000, 'give 1000 or less')
    .optional(),
})

export type SurveyInput = z.infer<typeof surveyInput>
export type Question = z.infer<typeof question>
export type QuestionKind = Question['kind']

/** Of an anonymous survey that does not say otherwise: fewer answers than this show nothing. */
export const SMALLEST_GROUP = 5

function idOfChoice(given: string | { id: string }): string {
  return typeof given === 'string' ? given : given.id
}

const SCALES = { nps: [0, 10], csat: [1, 5], ces: [1, 7] } as const

/** The values that an answer to this question may have, in their order; null where it is free text. */
export const valuesOf = ({ kind, choices }: Pick<Question, 'kind' | 'choices'>): string[] | null => {
  if (kind === 'text') return null
  if (kind === 'choice') return (choices ?? []).map(idOfChoice)
  const [from, to] = SCALES[kind]
  return Array.from({ length: to - from + 1 }, (_, n) => String(from + n))
}

/** The same with what a reader sees; a scale's values are their own labels. */
export const choicesIn = (given: Question, language: Language): { value: string; label: string }[] => {
  if (given.kind !== 'choice') return (valuesOf(given) ?? []).map((value) => ({ value, label: value }))
  return (given.choices ?? []).map((one) =>
    typeof one === 'string' ? { value: one, label: one } : { value: one.id, label: inLanguage(one.text, language) },
  )
}

/** Milliseconds UTC. */
export type SurveyTimes = { closesAt: number | null; closedAt: number | null }

/** Answers are taken, and may be changed, until somebody closes it or its time comes. */
export const isOpen = ({ closesAt, closedAt }: SurveyTimes, now: number): boolean =>
  closedAt === null && (closesAt === null || now < closesAt)

/**
 * What stands against a change. Who has been asked or has answered was told what is asked and whether it is anonymous, so that
 * stays (GDPR Art. 5(1)(a)).
 * @param use whether a mailing that names it was scheduled or anybody has answered
 * @returns one line for each field that may not change, or []
 */
export const refuseChange = (
  changed: readonly (keyof SurveyInput)[],
  times: SurveyTimes,
  use: { inUse: boolean },
  now: number,
): { path: string; message: string }[] => {
  if (!isOpen(times, now))
    return changed
      .filter((field) => field !== 'name')
      .map((path) => ({ path, message: 'The survey is closed. Make a new one.' }))
  if (!use.inUse) return []
  return changed
    .filter((field) => field === 'questions' || field === 'anonymous' || field === 'smallestGroup')
    .map((path) => ({ path, message: 'People were asked already, so this stays. Make a new survey.' }))
}
