import type { Reason } from './facts.ts'

/** What a refusal of the gate means, and what can be done about it, in one sentence for whoever works with the contact. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  unknown: 'It cannot be said whether this may be sent, so it is not.',
  source_stale: 'A required ban source is not fresh; sending goes on by itself when it is.',
  held: 'Sending is held by the kill switch.',
  erased: 'There is no such contact any more.',
  restricted: "The person's data may only be stored (GDPR Art. 18); nothing is sent.",
  no_contact: 'The person wants no contact at all.',
  complaint: 'The person complained; nothing is sent.',
  banned: 'A direct-marketing ban is in force; only the person can come back, by a sign-up of their own.',
  loose_match: 'A ban of a spelling of this address is in force.',
  banned_topic: 'The person left this topic; only their own sign-up opens it again.',
  external_ban: 'The address stands in an external ban register.',
  dead_address: 'Its mail server says that the address does not exist.',
  never_mailed: 'No person reads this address, so nothing is sent to it.',
  not_staff: 'This message goes to staff only.',
  unsubscribed: 'The person left this topic; no permission that others record opens it again.',
  consent_expired: 'The consent has expired; ask for a new one.',
  invoice_address: 'This mailbox takes invoices; only a consent opens it to marketing.',
  no_permission: 'No recorded rule opens e-mail marketing to this class of address.',
  no_basis: 'The purpose has no legal basis that carries this.',
  field_not_allowed: 'The content merges a field that the purpose may not hold.',
  frequency_cap: 'The person got as many messages as they may for now.',
}
