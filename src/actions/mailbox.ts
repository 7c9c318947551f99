import type { Deps } from '../deps.ts'
import { isConfiguredStaff } from '../mail/facts.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import type { Language } from '../rules/form.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { userByStrict } from '../store/users.ts'

export type Mailbox = { address: string; language: Language; keys: string }

/**
 * A colleague's mailbox: staff mail goes to users and to what the configuration names, and the gate asks again in the moment of
 * sending (domain.md 3). Null for anybody else's.
 */
export async function staffMailbox(
  deps: Pick<Deps, 'store' | 'config' | 'keyring'>,
  text: string,
): Promise<Mailbox | null> {
  const read = parseEmail(text, { allowReserved: true })
  if (!read.ok) return null
  const { strict, address } = read.email
  const user = await userByStrict(deps.store, strict)
  const active = user !== null && user.disabled_at === null
  if (!active && !isConfiguredStaff(deps.config, address)) return null
  return {
    address: active ? user.address : address,
    language: active ? user.language : 'fi',
    keys: matchHashes(deps.keyring, contactForms({ email: read.email })),
  }
}

/** Where a form's enquiries go: its own mailbox, else ENQUIRY_TO, else the sender's. Null when none is staff's any more. */
export async function enquiryMailbox(
  deps: Pick<Deps, 'store' | 'config' | 'keyring'>,
  mailbox: string | undefined,
): Promise<Mailbox | null> {
  const { enquiryTo, mailFrom } = deps.config
  return (
    (mailbox === undefined ? null : await staffMailbox(deps, mailbox)) ??
    (await staffMailbox(deps, enquiryTo ?? mailFrom.address))
  )
}
