import { domainChain, type Email } from './address.ts'
import type { Postal } from './postal.ts'

/** What each kind of ban is parsed into, by the parser of its name. */
export type Parsed = { email: Email; domain: string; company: string; phone: string; postal: Postal }
export type BanKind = keyof Parsed
export type MatchForm = { form: 'strict' | 'loose'; text: string }

/**
 * The texts whose keyed hashes stand for a value in the ban list, strict form first. The prefix keeps the kinds apart and
 * carries the version of the normal forms: a new version is added beside the old one, so that no ban is lost by it.
 */
export const matchForms = <Kind extends BanKind>(kind: Kind, parsed: Parsed[Kind]): MatchForm[] => {
  const value: Email | Postal | string = parsed
  const { strict, loose } = typeof value === 'string' ? { strict: value, loose: [] } : value
  return [
    { form: 'strict', text: `${kind}:v1:${strict}` },
    ...loose.map((key) => ({ form: 'loose' as const, text: `${kind}:v1:${key}` })),
  ]
}

/**
 * Every text under which a ban can hit a contact: the address strict and loose, its domain and the domain's parents, the
 * phone (E.164), the company (business id).
 */
export const contactForms = (contact: { email: Email; phone?: string; businessId?: string }): string[] =>
  [
    ...matchForms('email', contact.email),
    ...domainChain(contact.email.domain).flatMap((domain) => matchForms('domain', domain)),
    ...(contact.phone === undefined ? [] : matchForms('phone', contact.phone)),
    ...(contact.businessId === undefined ? [] : matchForms('company', contact.businessId)),
  ].map(({ text }) => text)

/**
 * How an address stands in the ban list of which only the SHA-256 is known: registers that list plain hashes of normalised
 * addresses (standards D-6). Everybody who can be hit by a ban has this form of each of their addresses as well, so that one
 * look-up finds both.
 * @param hex lower case
 */
export const digestForm = (hex: string): MatchForm => ({ form: 'strict', text: `email:sha256:v1:${hex}` })
