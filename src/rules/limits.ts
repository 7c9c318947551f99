/**
 * How many confirmation mails the forms may cause in an hour: by one network, by one form, by all (P12, threat T01).
 * What an address gets is rules/permission.ts's to say.
 */

const HOUR_MS = 3_600_000

export type PerHour = { network: number; form: number; all: number }

/** The start of the hour, UTC: counters are kept by it. */
export const hourOf = (now: number): number => now - (now % HOUR_MS)

/**
 * The caps that hold for one post.
 * @param hurried no genuine time token, or one younger than a person needs: half of each cap, never less than one
 */
export const capsFor = (caps: PerHour, hurried: boolean): PerHour =>
  hurried ? { network: half(caps.network), form: half(caps.form), all: half(caps.all) } : caps

const half = (cap: number): number => Math.max(1, Math.floor(cap / 2))

/** Which cap is reached, or null. An unknown count is a reached one. */
export const cappedBy = (queued: PerHour, caps: PerHour): keyof PerHour | null =>
  (['network', 'form', 'all'] as const).find((scope) => !(queued[scope] < caps[scope])) ?? null

/** A person needs longer than this to fill in a form. */
const MIN_FILL_MS = 2000

/** @param shownAt when the form was shown, as its genuine token says; null without one */
export const isHurried = (shownAt: number | null, now: number): boolean =>
  shownAt === null || !(now - shownAt >= MIN_FILL_MS)

/**
 * The id of a service mail that an address gets once a day (UTC): whoever asks again that day finds it made.
 * @param mark what stands for the address (a piece of its keyed hash)
 */
export const dailyId = (kind: string, mark: string, now: number): string =>
  `${kind}.${mark}.${new Date(now).toISOString().slice(0, 10)}`
