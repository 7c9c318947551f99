import { parseSchedule, showInstant } from '../../rules/schedule.ts'
import type { Posted } from '../../rules/submission.ts'
import { SMALLEST_GROUP, surveyInput, type Question, type SurveyInput } from '../../rules/survey.ts'
import type { Survey } from '../../store/surveys.ts'
import type { SurveyDraft } from '../../templates/pages/admin/surveyForm.tsx'
import { textOf } from '../body.ts'

type DraftQuestion = SurveyDraft['questions'][number]

const languages = ['fi', 'sv', 'en'] as const
const kinds = ['nps', 'csat', 'ces', 'choice', 'text'] as const
const none = { fi: '', sv: '', en: '' }
const MOST = 30

export const emptyDraft: SurveyDraft = {
  name: '',
  closesAt: '',
  anonymous: false,
  smallestGroup: String(SMALLEST_GROUP),
  questions: [{ id: 'q1', kind: 'nps', text: none, choices: none }],
}

/** A survey as its form shows it; choices are lines. */
export function draftOf(survey: Survey, timeZone: string): SurveyDraft {
  return {
    name: survey.name,
    closesAt: survey.closesAt === null ? '' : showInstant(survey.closesAt, timeZone).local.slice(0, 16),
    anonymous: survey.anonymous,
    smallestGroup: String(survey.smallestGroup),
    questions: survey.questions.map((question) => ({
      id: question.id,
      kind: question.kind,
      text: { fi: question.text.fi ?? '', sv: question.text.sv ?? '', en: question.text.en ?? '' },
      choices: linesOf(question),
    })),
  }
}

function linesOf({ choices = [] }: Question): DraftQuestion['choices'] {
  const line = (language: (typeof languages)[number]) =>
    choices
      .map((one) => (typeof one === 'string' ? (language === 'fi' ? one : '') : (one.text[language] ?? '')))
      .join('\n')
  return { fi: line('fi').trimEnd(), sv: line('sv').trimEnd(), en: line('en').trimEnd() }
}

/** The form as it was posted, and the button that posted it: `save`, `add`, or `up`, `down`, `remove` with the question's number. */
export function readDraft(posted: Posted): { draft: SurveyDraft; verb: string; n: number } {
  const questions: DraftQuestion[] = []
  for (let n = 1; n <= MOST + 1 && posted.has(`q${n}.kind`); n++) {
    const of = (name: string) => ({
      fi: textOf(posted, `q${n}.${name}.fi`),
      sv: textOf(posted, `q${n}.${name}.sv`),
      en: textOf(posted, `q${n}.${name}.en`),
    })
    const kind = kinds.find((one) => one === textOf(posted, `q${n}.kind`)) ?? 'text'
    questions.push({ id: textOf(posted, `q${n}.id`), kind, text: of('text'), choices: of('choices') })
  }
  const draft = {
    name: textOf(posted, 'name'),
    closesAt: textOf(posted, 'closesAt'),
    anonymous: posted.has('anonymous'),
    smallestGroup: textOf(posted, 'smallestGroup'),
    questions,
  }
  const [verb = '', n] = textOf(posted, 'do').split(':')
  return {
    draft: verb === 'add' ? added(draft, textOf(posted, 'newKind')) : moved(draft, verb, Number(n)),
    verb,
    n: Number(n),
  }
}

function added(draft: SurveyDraft, wanted: string): SurveyDraft {
  if (draft.questions.length >= MOST) return draft
  const used = new Set(draft.questions.map(({ id }) => id))
  let n = draft.questions.length + 1
  while (used.has(`q${n}`)) n++
  const kind = kinds.find((one) => one === wanted) ?? 'text'
  return { ...draft, questions: [...draft.questions, { id: `q${n}`, kind, text: none, choices: none }] }
}

function moved(draft: SurveyDraft, verb: string, n: number): SurveyDraft {
  const question = draft.questions[n - 1]
  if (!question || !['up', 'down', 'remove'].includes(verb)) return draft
  const questions = draft.questions.filter((one) => one !== question)
  if (verb !== 'remove') questions.splice(Math.max(0, verb === 'up' ? n - 2 : n), 0, question)
  return { ...draft, questions }
}

export type DraftFault = {
  field: 'name' | 'closesAt' | 'smallestGroup' | 'questions' | 'text' | 'choices' | 'kind'
  n: number
}

/**
 * Reads the form.
 * @param frozen people were asked already: only name and end are the form's
 * @returns what the actions take, or what is wrong: the field, and which question's
 */
export function inputOfDraft(
  draft: SurveyDraft,
  timeZone: string,
  now: number,
  frozen: boolean,
): { ok: true; input: Partial<SurveyInput> } | { ok: false; faults: DraftFault[] } {
  const faults: DraftFault[] = []
  const fault = (field: DraftFault['field'], n = 0) => {
    if (!faults.some((one) => one.field === field && one.n === n)) faults.push({ field, n })
  }
  const end = draft.closesAt === '' ? null : parseSchedule({ at: draft.closesAt, timeZone }, now)
  if (end && (!end.ok || end.dueAt <= now)) fault('closesAt')
  const closesAt = end?.ok ? new Date(end.dueAt).toISOString() : null
  const whole = {
    name: draft.name,
    closesAt,
    anonymous: draft.anonymous,
    smallestGroup: Number(draft.smallestGroup || Number.NaN),
    questions: draft.questions.map(questionOf),
  }
  const read = frozen
    ? surveyInput.pick({ name: true, closesAt: true }).safeParse({ name: draft.name, closesAt })
    : surveyInput.safeParse(whole)
  for (const { path } of read.error?.issues ?? []) {
    const [first, at, part] = path
    const n = typeof at === 'number' ? at + 1 : 0
    if (first !== 'questions') fault(first === 'smallestGroup' ? 'smallestGroup' : 'name')
    else if (n === 0) fault('questions')
    else fault(part === 'choices' ? 'choices' : part === 'kind' ? 'kind' : 'text', n)
  }
  return read.success && faults.length === 0 ? { ok: true, input: read.data } : { ok: false, faults }
}

function questionOf({ id, kind, text, choices }: DraftQuestion) {
  const given = (of: DraftQuestion['text']) =>
    Object.fromEntries(Object.entries(of).filter(([, value]) => value !== ''))
  if (kind !== 'choice') return { id, kind, text: given(text) }
  const lines = languages.map((language) => choices[language].split('\n').map((line) => line.trim()))
  const count = Math.max(...lines.map((of) => (of.some((line) => line !== '') ? of.length : 0)))
  const rows = Array.from({ length: count }, (_, n) => ({
    id: `c${n + 1}`,
    text: given({ fi: lines[0]?.[n] ?? '', sv: lines[1]?.[n] ?? '', en: lines[2]?.[n] ?? '' }),
  })).filter((row) => Object.keys(row.text).length > 0)
  return { id, kind, text: given(text), choices: rows }
}
