import { guardDomainBan } from './address.ts'
import type { BanKind } from './matchKeys.ts'

/**
 * The values whose bans carry out the objection of a company for all its people. A domain that belongs to many is left out: it
 * would silence strangers.
 * @param of.addresses of people whom neither the business id nor a domain reaches
 */
export const companyForms = (of: {
  businessId: string | null
  domains: readonly string[]
  addresses: readonly string[]
}): { kind: Extract<BanKind, 'company' | 'domain' | 'email'>; value: string }[] => [
  ...(of.businessId === null ? [] : [{ kind: 'company' as const, value: of.businessId }]),
  ...of.domains
    .filter((domain) => guardDomainBan(domain) === null)
    .map((value) => ({ kind: 'domain' as const, value })),
  ...of.addresses.map((value) => ({ kind: 'email' as const, value })),
]
