import type { Deps } from '../deps.ts'
import type { Keyring } from '../keyring.ts'
import { inLanguage, type Language } from '../rules/form.ts'
import { choicesIn, isOpen } from '../rules/survey.ts'
import { recordEventIf } from '../store/ledger.ts'
import { tookPart } from '../store/surveyAnswers.ts'
import {
  addReminder,
  addReminderFiles,
  remindedNow,
  reminderId,
  remindersDue,
  surveyById,
  type Survey,
} from '../store/surveys.ts'
import type { MailingRow } from '../store/tables.ts'
import type { SurveyQuestion } from '../templates/mail/mailing.ts'
import { surveyWords } from '../templates/words/survey.ts'

/** A survey's first question as the invitation shows it; each answer's link chooses it on the page and no more. */
export function firstQuestion(survey: Pick<Survey, 'questions'>, language: Language): SurveyQuestion {
  const [question] = survey.questions
  if (!question) return { question: '', choices: [] }
  const scales = surveyWords[language].scale
  return {
    question: inLanguage(question.text, language),
    ends: question.kind in scales ? scales[question.kind as keyof typeof scales] : undefined,
    choices: choicesIn(question, language).map(({ value, label }) => ({
      label,
      query: new URLSearchParams({ q: question.id, v: value }).toString(),
    })),
  }
}

/**
 * The keyed digests that stand for somebody in one survey, under every key of the ring, newest first. `response` leads to what
 * they answered, `person` only says that they did; without the secrets neither leads to anybody.
 */
export function surveyDigests(
  keyring: Keyring,
  of: 'response' | 'person',
  surveyId: string,
  contactId: string,
): string[] {
  return keyring.hashes(`survey-${of}:v1:${surveyId}:${contactId}`).map(({ hash }) => hash)
}

/**
 * Why an invitation would be for nothing: the survey takes no answers any more, or a reminder finds that they have answered. Asked
 * anew for everybody: a survey may be closed while its invitation is being sent.
 */
export async function invitedForNothing(
  { store, keyring, now }: Pick<Deps, 'store' | 'keyring' | 'now'>,
  { id }: Pick<Survey, 'id'>,
  mailing: Pick<MailingRow, 'reminds'>,
  contactId: string,
): Promise<'survey_closed' | 'answered' | null> {
  const survey = await surveyById(store, id)
  if (!survey || !isOpen(survey, now())) return 'survey_closed'
  const answered =
    mailing.reminds !== null && (await tookPart(store, surveyDigests(keyring, 'person', survey.id, contactId)))
  return answered ? 'answered' : null
}

/** Reminds of the mailings whose time for it has come. */
export async function remindDue(deps: Deps): Promise<void> {
  for (const mailing of await remindersDue(deps.store, deps.now())) await remind(deps, mailing, 'system')
}

/**
 * Makes the one reminder of a mailing, which goes out as a mailing of its own, through the same gate.
 * @returns its id when this call made it
 */
export async function remind({ store, now, wake }: Deps, mailing: MailingRow, actor: string): Promise<string | null> {
  const at = now()
  const id = reminderId(mailing.id)
  const [added] = await store.batch([
    addReminder(store, mailing, actor, at),
    addReminderFiles(store, mailing.id),
    recordEventIf(
      store,
      {
        id: `reminder.${id}`,
        at,
        event: 'mailing_scheduled',
        subject: id,
        actor,
        data: { dueAt: at, reminds: mailing.id },
      },
      remindedNow(mailing.id, at),
    ),
  ])
  if (added.length > 0) wake()
  return added[0]?.id ?? null
}
