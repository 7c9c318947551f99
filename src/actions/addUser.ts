import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { parseEmail } from '../rules/address.ts'
import { cleanText, textLimits } from '../rules/text.ts'
import { recordEventIf } from '../store/ledger.ts'
import { addSignInLink, addUser as insertUser, userByStrict, userWith } from '../store/users.ts'

const LINK_MS = 24 * 3_600_000

export type AddUserResult =
  | { ok: true; id: string; added: boolean; link: string }
  | { ok: false; field: 'email' | 'name'; error: string }

/** Lets somebody of the staff sign in and receive test sends. Whoever is a user already gets another link. */
export async function addUser(
  deps: Deps,
  input: { email: string; name: string; language: 'fi' | 'sv' | 'en' },
  actor: string,
): Promise<AddUserResult> {
  const { store, config, now } = deps
  const email = parseEmail(input.email, { allowReserved: config.allowReservedDomains })
  if (!email.ok) return { ok: false, field: 'email', error: email.error }
  const name = cleanText(input.name, { field: 'name', max: textLimits.name, optional: true })
  if (!name.ok) return { ok: false, field: 'name', error: name.error }
  const { strict, address } = email.email
  const known = await userByStrict(store, strict)
  const id = known?.id ?? deps.id()
  const at = now()
  const secret = deps.secret()
  await store.batch([
    insertUser(store, { id, strict, address, name: name.value || null, language: input.language, created_at: at }),
    addSignInLink(store, { hash: sha256(secret), userStrict: strict, expiresAt: at + LINK_MS }),
    recordEventIf(store, { id: `${id}.added`, at, event: 'user_added', subject: id, actor, data: {} }, userWith(id)),
  ])
  return { ok: true, id, added: known === null, link: `${config.publicUrl}/admin/sign-in/${secret}` }
}
