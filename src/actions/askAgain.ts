import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import { pendingOf } from '../store/signups.ts'
import type { SignupRow } from '../store/tables.ts'
import { subscribe, type Origin } from './subscribe.ts'

/** "Send me a new link": the request is made again as it stood, under the same caps as any other. */
export async function askAgain(deps: Deps, signup: SignupRow, origin: Origin): Promise<void> {
  const email = parseEmail(signup.address, { allowReserved: deps.config.allowReservedDomains })
  const { requests } = await pendingOf(deps.store, signup.strict)
  const own = requests.filter((request) => request.signup_id === signup.id)
  const topics = [...new Set((own.length > 0 ? own : requests).map((request) => request.topic))]
  if (!email.ok || topics.length === 0) return
  await subscribe(
    deps,
    signup.form_id,
    {
      email: email.email,
      language: signup.language,
      topics,
      wordingId: own[0]?.wording_id ?? null,
      name: signup.name,
      company: signup.company_name,
      title: signup.title,
      phone: signup.phone,
      fields: JSON.parse(signup.fields) as Record<string, string>,
      source: signup.source ?? `form:${signup.form_id}`,
    },
    origin,
  )
}
