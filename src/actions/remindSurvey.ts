import type { Deps } from '../deps.ts'
import { remind } from '../mail/surveys.ts'
import { isOpen } from '../rules/survey.ts'
import { invitationsOf, surveyById } from '../store/surveys.ts'

export type RemindResult =
  | { ok: true; mailings: string[] }
  | { ok: false; status: 404 }
  | { ok: false; status: 409; why: 'over' | 'nobody' | 'already'; message: string }

/** Reminds, once, everybody who was invited to a survey and has not answered; each invitation's reminder is a mailing of its own. */
export async function remindSurvey(deps: Deps, id: string, actor: string): Promise<RemindResult> {
  const survey = await surveyById(deps.store, id)
  if (!survey) return { ok: false, status: 404 }
  const refuse = (why: 'over' | 'nobody' | 'already', message: string) =>
    ({ ok: false, status: 409, why, message }) as const
  if (!isOpen(survey, deps.now())) return refuse('over', 'The survey is closed: nobody could answer any more.')
  const mailings = await invitationsOf(deps.store, id)
  const reminded = new Set(mailings.map(({ reminds }) => reminds))
  const started = mailings.filter((one) => one.started_at !== null && one.cancelled_at === null && one.reminds === null)
  if (started.length === 0) return refuse('nobody', 'Nobody was invited yet. Send the invitation first.')
  const made = await Promise.all(
    started.filter((one) => !reminded.has(one.id)).map((mailing) => remind(deps, mailing, actor)),
  )
  const ids = made.filter((one) => one !== null)
  return ids.length > 0
    ? { ok: true, mailings: ids }
    : refuse('already', 'They were reminded once; nobody is reminded twice.')
}
