import { domainChain, guardDomainBan, parseDomain, parseEmail, type DomainOptions } from './address.ts'
import { parseBusinessId } from './businessId.ts'
import { contactForms, matchForms, type BanKind, type MatchForm } from './matchKeys.ts'
import { parsePhone } from './phone.ts'
import { parsePostal } from './postal.ts'

export type BanValue = {
  ok: true
  /** What a ban of this value is stored under, strict form first. */
  forms: MatchForm[]
  /** Every text under which a ban hits this value: for an address its domain and the domain's parents too. */
  hitBy: string[]
  /** The domain that the value lies in. */
  domain: string | null
  /** Why nobody may ban the whole of it, or null. */
  guarded: string | null
}

/** Reads what somebody wants banned, or wants to know whether it is. */
export const parseBanValue = (
  kind: BanKind,
  value: unknown,
  options: DomainOptions,
): BanValue | { ok: false; error: string } => {
  switch (kind) {
    case 'email': {
      const read = parseEmail(value, options)
      return read.ok
        ? found(matchForms('email', read.email), read.email.domain, contactForms({ email: read.email }))
        : read
    }
    case 'domain': {
      const read = parseDomain(value, options)
      if (!read.ok) return read
      const chain = domainChain(read.domain).flatMap((domain) => matchForms('domain', domain))
      return {
        ...found(matchForms('domain', read.domain), read.domain, texts(chain)),
        guarded: guardDomainBan(read.domain),
      }
    }
    case 'company': {
      const read = parseBusinessId(value)
      return read.ok ? found(matchForms('company', read.businessId)) : read
    }
    case 'phone': {
      const read = parsePhone(value)
      return read.ok ? found(matchForms('phone', read.e164)) : read
    }
    case 'postal': {
      const read = parsePostal(value)
      return read.ok ? found(matchForms('postal', read.postal)) : read
    }
  }
}

const found = (forms: MatchForm[], domain: string | null = null, hitBy: string[] = texts(forms)): BanValue => ({
  ok: true,
  forms,
  hitBy,
  domain,
  guarded: null,
})

const texts = (forms: readonly MatchForm[]): string[] => forms.map(({ text }) => text)
