import type { Keyring } from '../keyring.ts'
import { parseEmail } from '../rules/address.ts'
import { matchForms } from '../rules/matchKeys.ts'
import type { Claimed } from '../store/gateFacts.ts'
import { keysOfColumn } from '../store/keys.ts'

/**
 * The ban keys that an unsubscribe link carries: the address strict and loose, under the newest key. The contact's own column
 * begins with the strict one, and most addresses have no looser form, so the hashing is seldom done anew.
 */
export function leavingHashes(keyring: Keyring, { address, keys }: Pick<Claimed, 'address' | 'keys'>): string[] {
  if (address === null) return []
  const strict = keys === null ? undefined : keysOfColumn(keys)[0]
  if (strict !== undefined && !/\+|@(gmail|googlemail)\.com$/i.test(address)) return [strict]
  const email = parseEmail(address, { allowReserved: true })
  return email.ok ? matchForms('email', email.email).map(({ text }) => keyring.hash(text)) : []
}
