import { parse } from 'tldts'
import { personalMailDomains, tenantDomains } from './mailDomains.ts'
import { remembered } from './remembered.ts'
import { trimInvisible } from './text.ts'

/**
 * An e-mail address that can be mailed.
 * `address` is for sending: local part as typed, domain as lower-case A-labels. `strict` is the key of permissions,
 * and with `loose` the keys of bans: match wide, permit narrow.
 */
export type Email = { address: string; strict: string; local: string; domain: string; loose: string[] }

export type EmailResult = { ok: true; email: Email } | Refusal
export type DomainResult = { ok: true; domain: string } | Refusal

/** `allowReserved` lets `.example`, `.test` and the other names of RFC 6761 in: tests and demos only. */
export type DomainOptions = { allowReserved: boolean }

type Refusal = { ok: false; error: string }

// Octets, RFC 5321 section 4.5.3.1; a path of 256 has two angle brackets around 254.
const localLimit = 64
const addressLimit = 254
const domainLimit = 253
// An A-label is rarely shorter than what was typed; four times the limit leaves room for wrappers and soft hyphens.
const typedLimit = 1_024

/**
 * Reads one typed e-mail address. White space and zero-width characters around it, `<…>` and `mailto:` are taken off.
 *
 * Stricter than RFC 5322: quoted, commented and exotic local parts, address literals and domains without a public ending
 * are refused. Local parts beyond ASCII need SMTPUTF8 (RFC 6531) at every hop and are refused, never rewritten.
 * The domain goes through UTS-46, non-transitional.
 *
 * @returns the address in its forms, or one sentence that says what is wrong and how to mend it, without the address
 */
export const parseEmail = (input: unknown, options: DomainOptions): EmailResult => {
  if (typeof input !== 'string') return refuse('An e-mail address must be text, such as name@company.fi.')
  if (input.length > typedLimit) return refuse(addressTooLong)
  const typed = unwrap(trimInvisible(input))
  if (typed === '') return refuse('Enter an e-mail address, such as name@company.fi.')
  const at = typed.indexOf('@')
  if (at === -1) return refuse('An e-mail address needs an @, as in name@company.fi.')
  if (typed.includes('@', at + 1)) return refuse('Enter one e-mail address only, with one @ in it.')
  const local = typed.slice(0, at).normalize('NFC')
  const fault = localFault(local)
  if (fault !== null) return refuse(fault)
  const read = readDomain(typed.slice(at + 1), options)
  if (!read.ok) return read
  const address = `${local}@${read.domain}`
  if (address.length > addressLimit) return refuse(addressTooLong)
  const strict = `${local.toLowerCase()}@${read.domain}`
  return {
    ok: true,
    email: { address, strict, local, domain: read.domain, loose: looseKeys(strict, local.toLowerCase(), read.domain) },
  }
}

const addressTooLong = `The e-mail address is too long: it may have ${addressLimit} characters, ${localLimit} of them before the @.`

const unwrap = (typed: string): string => {
  const bare = typed.startsWith('<') && typed.endsWith('>') ? trimInvisible(typed.slice(1, -1)) : typed
  return bare.slice(0, 7).toLowerCase() === 'mailto:' ? bare.slice(7) : bare
}

const localFault = (local: string): string | null => {
  if (local === '') return 'The part before the @ is missing: write it as in name@company.fi.'
  if (/[\u0080-\uffff]/.test(local))
    return 'The part before the @ may hold no letters beyond a–z: such addresses (SMTPUTF8) cannot be mailed, give another one.'
  if (local.length > localLimit) return addressTooLong
  if (!/^[a-z0-9_][a-z0-9_'+.-]*$/i.test(local))
    return "Write the address alone; before the @ only letters, digits and . _ - + ' may stand, a letter, digit or _ first."
  if (local.includes('..') || local.endsWith('.'))
    return 'Before the @ a dot may stand neither last nor beside another dot: take it off.'
  return null
}

// A local part is ASCII here, so that lower case already is its NFKC case folding; two widenings remain.
const looseKeys = (strict: string, local: string, domain: string): string[] => {
  const untagged = local.includes('+') ? local.slice(0, local.indexOf('+')) : local
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com'
  if (!isGmail && untagged === local) return []
  const keys = [`${untagged}@${domain}`, isGmail ? `${untagged.replaceAll('.', '')}@gmail.com` : strict]
  return [...new Set(keys)].filter((key) => key !== strict)
}

/** Reads one typed domain into lower-case A-labels; a leading `@` is taken off, wildcards are refused. */
export const parseDomain = (input: unknown, options: DomainOptions): DomainResult => {
  if (typeof input !== 'string') return refuse('A domain must be text, such as company.fi.')
  if (input.length > typedLimit) return refuse(domainInvalid)
  const typed = trimInvisible(input)
  if (typed === '') return refuse('Enter a domain, such as company.fi.')
  if (typed.includes('*')) return refuse('A domain covers its subdomains: enter it without *, as in company.fi.')
  return readDomain(typed.startsWith('@') ? typed.slice(1) : typed, options)
}

const domainInvalid = 'The domain is not valid: check its spelling, as in company.fi.'

// Special-use names (RFC 6761, RFC 7686). The public suffix list knows .onion, no mail server does.
const reservedEndings = new Set(['test', 'invalid', 'example', 'localhost', 'onion'])

const readDomain = (typed: string, options: DomainOptions): DomainResult => {
  const domain = asciiDomain(typed)
  if (domain === null) return refuse(domainInvalid)
  const ending = domain.slice(domain.lastIndexOf('.') + 1)
  if (ending === domain) return refuse('The domain lacks its ending, such as .fi or .com: write it in full.')
  if (reservedEndings.has(ending) && !options.allowReserved)
    return refuse('The domain has an ending reserved for tests, where no mail arrives: enter a real one.')
  if (!reservedEndings.has(ending) && !hasIcannEnding(domain))
    return refuse('The domain has an ending that does not exist: check it, as in .fi or .com.')
  return { ok: true, domain }
}

const toAsciiDomain = (typed: string): string | null => {
  // The URL parser would read these as port, path, user or percent-encoding, and drop tabs and line breaks silently.
  if (!/^[a-z0-9.\-\u0080-\u{10ffff}]+$/iu.test(typed)) return null
  let host: string
  try {
    // Host names of ASCII only skip UTS-46, broken xn-- labels included; the ideographic full stop brings them into it.
    host = new URL(`http://${typed.replaceAll('.', '。')}`).hostname
  } catch {
    return null
  }
  const domain = host.endsWith('.') ? host.slice(0, -1) : host
  return domain.length <= domainLimit && domain.split('.').every(isLabel) ? domain : null
}

const icannSuffixes = { extractHostname: false, validateHostname: false, allowPrivateDomains: false } as const
const allSuffixes = { ...icannSuffixes, allowPrivateDomains: true } as const

const asciiDomain = remembered(toAsciiDomain)
const hasIcannEnding = remembered((domain) => parse(domain, icannSuffixes).isIcann === true)

const isLabel = (label: string): boolean =>
  /^[a-z0-9-]{1,63}$/.test(label) && !label.startsWith('-') && !label.endsWith('-')

/**
 * The domain and its parents on label boundaries, down to the one that can be registered: `a.b.firma.co.uk` gives
 * itself, `b.firma.co.uk` and `firma.co.uk`. Private suffixes are off: `x.dy.fi` goes down to `dy.fi`.
 * @param domain lower-case A-labels, as `parseDomain` returns it
 */
export const domainChain: (domain: string) => readonly string[] = remembered((domain) => {
  const labels = domain.split('.')
  const root = parse(domain, icannSuffixes).domain ?? domain
  const length = labels.length - root.split('.').length + 1
  return Array.from({ length }, (_, index) => labels.slice(index).join('.'))
})

/** Whether strangers to each other register names under this domain (public suffix list, both divisions). */
export const isPublicSuffix: (domain: string) => boolean = remembered(
  (domain) => parse(domain, allSuffixes).domain === null,
)

/**
 * Why a ban on this whole domain is refused, or null. Public suffixes and shared mail domains belong to many
 * organisations and people, whom one ban would silence.
 */
export const guardDomainBan = (domain: string): string | null => {
  if (isPublicSuffix(domain) || tenantDomains.has(domain))
    return 'Many organisations have names under this domain: ban the domain of one of them.'
  if (domainChain(domain).some((parent) => personalMailDomains.has(parent)))
    return 'Many people have their mail at this domain: ban single addresses.'
  return null
}

const refuse = (error: string): Refusal => ({ ok: false, error })
