import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import type { FoundBan } from '../store/bans.ts'
import { pendingOf } from '../store/contactSearch.ts'
import { contactByStrict } from '../store/contacts.ts'
import type { ContactRow } from '../store/tables.ts'
import { checkBan } from './checkBan.ts'

/** What is known of an address, also where there is no contact (any more). */
export type Known = {
  address: string
  contact: ContactRow | null
  pending: { topic: string; requested_at: number; expires_at: number }[]
  bans: FoundBan[]
  /** A ban tells that a contact of this address was erased after leaving; an erasure without one leaves nothing. */
  wasErased: boolean
}

/** @returns null for what is no address */
export async function lookUpPerson(deps: Deps, typed: string): Promise<Known | null> {
  const read = parseEmail(typed, { allowReserved: true })
  if (!read.ok) return null
  const { strict, address } = read.email
  const [contact, pending, checked] = await Promise.all([
    contactByStrict(deps.store, strict),
    pendingOf(deps.store, strict, deps.now()),
    checkBan(deps, 'email', typed),
  ])
  const bans = checked.ok ? checked.bans : []
  const wasErased = contact === null && bans.some(({ id }) => id.startsWith('erased.'))
  return { address, contact, pending, bans, wasErased }
}
