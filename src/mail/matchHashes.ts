import type { Keyring } from '../keyring.ts'
import { matchForms, type BanKind, type Parsed } from '../rules/matchKeys.ts'

/** The `keys` column of whoever can be hit by a ban: the hash of every form under every key of the ring. */
export function matchHashes(keyring: Keyring, forms: readonly string[]): string {
  return JSON.stringify(forms.flatMap((form) => keyring.hashes(form).map(({ hash }) => ({ k: hash }))))
}

/** What is stored of a ban: one hash for each form, under the newest key (standards D-6). */
export function banHashes<Kind extends BanKind>(keyring: Keyring, kind: Kind, parsed: Parsed[Kind]) {
  const keyId = keyring.ids[0] ?? ''
  return matchForms(kind, parsed).map(({ form, text }) => ({ hash: keyring.hash(text), keyId, form }))
}
