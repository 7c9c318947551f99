import { domainChain, isPublicSuffix, type Email } from './address.ts'
import { disposableDomains, personalMailDomains } from './mailDomains.ts'
import { machineNames, placeNames, roleNames } from './roleNames.ts'

export type AddressClass = 'role_work' | 'named_work' | 'sole_trader' | 'private' | 'unknown'
export type CompanyForm = 'legal_person' | 'sole_trader' | 'unknown'

/**
 * Whose address it is, as the Finnish Act on Electronic Communications Services (917/2014, sections 200 and 202) asks:
 * a role at a legal person may be mailed until it objects, a natural person only by consent or as a customer.
 * `unknown` is left for domains that are themselves public suffixes: whose they are cannot be said.
 */
export const classifyAddress = (email: Email, about: { companyForm?: CompanyForm } = {}): AddressClass => {
  const domains = domainChain(email.domain)
  if (domains.some((domain) => personalMailDomains.has(domain) || disposableDomains.has(domain))) return 'private'
  if (about.companyForm === 'sole_trader') return 'sole_trader'
  if (isPublicSuffix(email.domain)) return 'unknown'
  return namesRole(email.local) ? 'role_work' : 'named_work'
}

/** True for addresses that no message of ours may go to: machines, postmasters and abuse desks, disposable domains. */
export const isNeverMailed = (email: Email): boolean =>
  namesMachine(email.local) || domainChain(email.domain).some((domain) => disposableDomains.has(domain))

const namesMachine = (local: string): boolean => {
  const words = wordsOf(local)
  return machineNames.has(words.join('')) || /\b(?:no|do ?not) ?reply\b/.test(words.join(' '))
}

// A person's name beside the role (`myynti.virtanen@`) makes the address that person's: only places may stand there.
const namesRole = (local: string): boolean => {
  const words = wordsOf(local)
  if (namesMachine(local) || roleNames.has(words.join(''))) return true
  return words.some((word) => roleNames.has(word)) && words.every((word) => roleNames.has(word) || placeNames.has(word))
}

// `Laskut-2026+arkisto` → laskut
const wordsOf = (local: string): string[] => {
  const [untagged = ''] = local.toLowerCase().split('+')
  return untagged
    .split(/[._'-]/)
    .map((word) => (word.charAt(word.length - 1) <= '9' ? word.replace(/\d+$/, '') : word))
    .filter((word) => word !== '')
}
