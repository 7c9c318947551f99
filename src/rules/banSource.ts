import { parseBanValue } from './banValue.ts'
import { digestForm, matchForms, type BanKind, type MatchForm } from './matchKeys.ts'

/**
 * Why a ban source could not be used. A register that is away keeps its last good version until that is too old; an answer that
 * cannot be trusted makes the source stale at once, because nobody knows what else is wrong there (standards D-22, D-23).
 */
export const awayFaults = [
  'unreachable',
  'tls',
  'slow',
  'status',
  'redirect',
  'too_large',
  'no_file',
  'not_here',
  'interrupted',
] as const
export const brokenFaults = [
  'web_page',
  'media_type',
  'encoding',
  'garbled',
  'changing',
  'count',
  'empty',
  'shrunken',
  'replayed',
  'altered',
  'entry',
] as const
export type FaultCode = (typeof awayFaults)[number] | (typeof brokenFaults)[number]
/** `detail`: a status, a row, figures; never what the register said. */
export type SourceFault = { code: FaultCode; detail?: string }

export const isBroken = ({ code }: SourceFault): boolean => brokenFaults.some((broken) => broken === code)

/** As it is remembered: the code, and the detail behind a space. */
export const faultText = ({ code, detail }: SourceFault): string => (detail === undefined ? code : `${code} ${detail}`)

/** What `faultText` wrote; null for what this version does not know. */
export const readFault = (text: string): SourceFault | null => {
  const [word = '', ...rest] = text.split(' ')
  const code = [...awayFaults, ...brokenFaults].find((known) => known === word)
  if (!code) return null
  return rest.length > 0 ? { code, detail: rest.join(' ') } : { code }
}

/** The last good version, and one that has just been read. */
export type GoodVersion = { sequence: number | null; sha256: string | null; entries: number | null }
export type ReadVersion = { sequence: number | null; count: number | null; sha256: string; entries: number }

/**
 * Is this a version to go on with? Fewer entries than the limit allows, an older sequence, or a count that is not kept look like
 * an accident; a repeated sequence may bring more, never less.
 * @param shrinkLimit share of the last version's entries that may be missing, 0 to 1
 */
export const judgeVersion = (last: GoodVersion | null, read: ReadVersion, shrinkLimit: number): SourceFault | null => {
  if (read.entries === 0) return { code: 'empty' }
  if (read.count !== null && read.count !== read.entries)
    return { code: 'count', detail: `${read.entries} ${read.count}` }
  if (!last) return null
  if (last.sequence !== null && read.sequence !== null) {
    if (read.sequence < last.sequence) return { code: 'replayed', detail: `${read.sequence} ${last.sequence}` }
    if (read.sequence === last.sequence && read.entries < (last.entries ?? 0))
      return { code: 'altered', detail: String(read.sequence) }
  }
  if (read.entries < (last.entries ?? 0) * (1 - shrinkLimit))
    return { code: 'shrunken', detail: `${read.entries} ${last.entries}` }
  return null
}

/**
 * A source that was never fetched, or not within its maximum age, or whose last answer could not be trusted, is not fresh. In
 * both directions: after the clock was set back, a version would stay fresh for as long as it was.
 */
export const isFresh = (
  source: { fetchedAt: number | null; brokenAt: number | null } | undefined,
  maxAge: number,
  now: number,
): boolean =>
  source !== undefined &&
  source.fetchedAt !== null &&
  source.brokenAt === null &&
  Math.abs(now - source.fetchedAt) <= maxAge

const SOONEST_MS = 1000
const LATEST_MS = 60_000

/**
 * How long until the source is fetched again: a third of its maximum age; after failures sooner, doubling from a second to a
 * minute.
 * @param failures in a row
 * @param random 0 ≤ n < 1: a tenth of jitter, always sooner and never later
 */
export const nextFetchIn = (maxAge: number, failures: number, random: number): number => {
  const third = maxAge / 3
  const after = failures === 0 ? third : Math.min(third, LATEST_MS, SOONEST_MS * 2 ** Math.min(failures - 1, 10))
  return Math.round(after * (1 - random / 10))
}

/** Is it time? A clock that was set back must not make the wait as long as it was. */
export const isDue = (nextAt: number | null, maxAge: number, now: number): boolean =>
  nextAt === null || nextAt <= now || nextAt > now + maxAge

const kinds: readonly BanKind[] = ['email', 'domain', 'company', 'phone', 'postal']

export type Entry = { kind: BanKind; forms: MatchForm[] }

/**
 * Reads one entry: `{kind, value}`, or `{kind: "email", sha256}` with the SHA-256 of the normal form in hex.
 *
 * An address or domain that is well written but cannot be mailed (an ending that does not exist yet, letters beyond a–z before
 * the @) is kept as it is written: nobody here can have it, and a register must not stand still for it. Anything else that
 * cannot be read, and a ban that would silence strangers, is a fault of the list (standards D-9, D-22).
 * @returns null for what is no ban
 */
export const readEntry = (entry: unknown): Entry | null => {
  if (typeof entry !== 'object' || entry === null) return null
  const { kind: named, value, sha256 } = entry as Record<string, unknown>
  const kind = kinds.find((one) => one === named)
  if (!kind) return null
  if (value === undefined) {
    const isDigest = kind === 'email' && typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256)
    return isDigest ? { kind, forms: [digestForm(sha256.toLowerCase())] } : null
  }
  const read = parseBanValue(kind, value, { allowReserved: true })
  if (read.ok) return read.guarded === null ? { kind, forms: read.forms } : null
  if (typeof value !== 'string') return null
  const written = value.trim().normalize('NFC').toLowerCase()
  if (written.length > 254) return null
  if (kind === 'domain' && unmailableDomain.test(written)) return { kind, forms: matchForms('domain', written) }
  if (kind === 'email' && unmailable.test(written))
    return { kind, forms: [{ form: 'strict', text: `email:v1:${written}` }] }
  return null
}

const unmailableDomain = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u
const unmailable = /^[\p{L}\p{N}._%+'!#$&*/=?^`{|}~-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u
