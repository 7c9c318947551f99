import { sha256, type Keyring } from '../keyring.ts'
import { digestForm, matchForms, type BanKind, type MatchForm, type Parsed } from '../rules/matchKeys.ts'
import type { BanHash } from '../store/bans.ts'

/** The `keys` column of whoever can be hit by a ban: the hash of every form under every key of the ring. */
export function matchHashes(keyring: Keyring, forms: readonly string[]): string {
  return JSON.stringify(withDigests(forms).flatMap((form) => keyring.hashes(form).map(({ hash }) => ({ k: hash }))))
}

const ADDRESS = 'email:v1:'

/** The forms, then how a register that lists plain hashes would have the addresses among them. */
export function withDigests(forms: readonly string[]): string[] {
  const addresses = forms.filter((form) => form.startsWith(ADDRESS))
  return [...forms, ...addresses.map((form) => digestForm(sha256(form.slice(ADDRESS.length))).text)]
}

/** What is stored of a ban of this value, the strict form under the newest key first (standards D-6). */
export function banHashes<Kind extends BanKind>(keyring: Keyring, kind: Kind, parsed: Parsed[Kind]): BanHash[] {
  return hashesOf(keyring, matchForms(kind, parsed))
}

/**
 * Each form under every key of the ring, as those whom it hits have theirs: while a new secret is rolled out, a node that does
 * not know it yet still finds the ban (standards D-7).
 */
export function hashesOf(keyring: Keyring, forms: readonly MatchForm[]): BanHash[] {
  return forms.flatMap(({ form, text }) => keyring.hashes(text).map(({ keyId, hash }) => ({ hash, keyId, form })))
}
