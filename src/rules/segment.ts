import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** An audience with a name: who is meant, never who may be mailed. That is the gate's to say. */

const ids = (most: number) => z.array(z.string().min(1).max(64)).min(1).max(most)
const DAYS = /^[1-9]\d{0,3}d$/
const since = z
  .string()
  .refine((text) => DAYS.test(text) || dayOf(text) !== null, {
    error: 'write a day such as 2026-01-31, or how many days back: 90d',
  })
  .describe('A day such as 2026-01-31, or how many days back: 90d')

/** One thing that can be said of a contact. Nothing of it was learnt by watching: no opens and no clicks. */
const condition = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('company'), in: ids(5000) }),
  z.strictObject({ field: z.literal('priceGroup'), in: ids(500) }),
  z.strictObject({ field: z.literal('language'), in: z.array(z.enum(['fi', 'sv', 'en'])).min(1) }),
  /** A permission by e-mail for one of these topics is open. */
  z.strictObject({ field: z.literal('topic'), in: ids(100) }),
  z.strictObject({ field: z.literal('source'), in: z.array(z.string().min(1).max(200)).min(1).max(100) }),
  /** Upper and lower case are the same, in every alphabet. */
  z.strictObject({
    field: z.literal('title'),
    contains: z
      .string()
      .max(60)
      .refine((text) => text.trim() !== '', { error: 'write a part of a title' }),
  }),
  z.strictObject({ field: z.literal('confirmed'), since }),
  z.strictObject({ field: z.literal('answered'), since }),
  z.strictObject({ field: z.literal('received'), since }),
])

/** Every statement has at most 90 parameters, and a condition takes two, a letter two more. */
const MOST = { conditions: 20, letters: 20 }

export const segmentDefinition = z
  .strictObject({
    all: z.array(condition).optional(),
    any: z.array(condition).optional(),
    none: z.array(condition).optional(),
  })
  .superRefine((definition, context) => {
    const all = conditionsOf(definition)
    const refuse = (message: string) => context.addIssue({ code: 'custom', message })
    if (all.length === 0) refuse('say something in all, any or none')
    if (all.length > MOST.conditions) refuse(`${MOST.conditions} conditions at most`)
    if (all.flatMap((one) => (one.field === 'title' ? lettersOf(one.contains) : [])).length > MOST.letters)
      refuse('the parts of titles have too many different letters beyond a–z: shorten them')
  })

export type SegmentCondition = z.infer<typeof condition>
export type SegmentDefinition = z.infer<typeof segmentDefinition>

/** The same with its times as instants and its texts folded: what can be asked of the rows. */
export type SegmentTest =
  | { field: 'company' | 'priceGroup' | 'language' | 'topic' | 'source'; in: string[] }
  | { field: 'title'; contains: string; letters: { upper: string; lower: string }[] }
  | { field: 'confirmed' | 'answered' | 'received'; since: number }
export type SegmentQuery = { at: number; all: SegmentTest[]; any: SegmentTest[]; none: SegmentTest[] }

/**
 * @param at milliseconds UTC: what "days back" counts from, and when a permission must be open
 * @param zone whose midnight a day begins with
 */
export const resolveSegment = (definition: SegmentDefinition, at: number, zone: string): SegmentQuery => {
  const resolve = (conditions: SegmentCondition[] = []) => conditions.map((one) => resolveOne(one, at, zone))
  return { at, all: resolve(definition.all), any: resolve(definition.any), none: resolve(definition.none) }
}

const resolveOne = (one: SegmentCondition, at: number, zone: string): SegmentTest => {
  if ('since' in one) return { field: one.field, since: sinceInstant(one.since, at, zone) }
  if ('contains' in one)
    return { field: one.field, contains: fold(one.contains.trim()), letters: lettersOf(one.contains) }
  return one
}

const conditionsOf = ({
  all = [],
  any = [],
  none = [],
}: { [K in 'all' | 'any' | 'none']?: SegmentCondition[] | undefined }) => [...all, ...any, ...none]

const fold = (text: string): string => text.normalize('NFC').toLowerCase()

/** The letters whose case an engine may not know (SQLite knows a–z only), with the one that stands for both. */
const lettersOf = (text: string): { upper: string; lower: string }[] => {
  const letters = [...new Set(text.normalize('NFC'))].flatMap((letter): [string, string][] => {
    const lower = letter.toLowerCase()
    // İ becomes two characters, and these two would become another letter.
    const upper = lower.length === letter.length ? lower.toUpperCase() : letter
    const isPair = upper !== lower && (upper.length === lower.length || upper === letter)
    return isPair && upper > '\u007f' ? [[lower, upper]] : []
  })
  return [...new Map(letters)].map(([lower, upper]) => ({ upper, lower }))
}

const DAY_MS = 86_400_000

const sinceInstant = (text: string, at: number, zone: string): number =>
  DAYS.test(text)
    ? at - Number.parseInt(text, 10) * DAY_MS
    : (dayOf(text)?.toZonedDateTime(zone).epochMilliseconds ?? at)

function dayOf(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    return null
  }
}
