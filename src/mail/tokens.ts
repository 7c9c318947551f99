import type { Deps } from '../deps.ts'

/** A recipient of one topic: all that an unsubscribe link carries, so that it works after the contact was erased (A1-11). */
export type LeavingLink = { topic: string; language: string; mailingId: string; contactId: string; hashes: string[] }

/** Whom a survey link belongs to; without a contact it shows the survey and keeps nothing (previews, tests). */
export type SurveyLink = { surveyId: string; contactId: string; language: string }

const HOUR = 3_600_000
/** How long the link to a file of a price list works. */
export const FILE_LINK_MS = 60 * 24 * HOUR
/** How long a link lives; unsubscribe links never expire. */
const LIFE = { c: 72 * HOUR, p: 24 * HOUR, b: 30 * 24 * HOUR, t: 24 * HOUR, l: FILE_LINK_MS } as const
/** Surveys close sooner; what a link of last year led to has been erased. */
const SURVEY_LIFE = 180 * 24 * HOUR
/** Clocks of nodes and mail clients differ; a link from further in the future is not ours. */
const SKEW = 5 * 60_000

export type DatedScope = keyof typeof LIFE
export type Dated = { ok: true; id: string; at: number } | { ok: false; expired: boolean; id: string | null }

/**
 * Signed links, one scope each: `c` confirm, `u` unsubscribe, `p` preferences, `s` survey, `b` undo a ban, `l` a file,
 * `t` the time token of a form.
 */
export function links({ keyring, config, now }: Pick<Deps, 'keyring' | 'config' | 'now'>) {
  return {
    /** A dated token for an id without `~`. */
    make: (scope: DatedScope, id: string) => keyring.sign(scope, `${id}~${now().toString(36)}`),
    /** Reads a dated token: forged is not ok, too old (or from the future) is expired. */
    read(scope: DatedScope, token: string): Dated {
      const [id, stamp, ...more] = keyring.verify(scope, token)?.split('~') ?? []
      const at = Number.parseInt(stamp ?? '', 36)
      if (id === undefined || more.length > 0 || !Number.isFinite(at)) return { ok: false, expired: false, id: null }
      const alive = at <= now() + SKEW && now() <= at + LIFE[scope] + SKEW
      return alive ? { ok: true, id, at } : { ok: false, expired: true, id }
    },
    makeLeaving: ({ topic, language, mailingId, contactId, hashes }: LeavingLink) =>
      keyring.sign('u', [topic, language, mailingId, contactId, ...hashes].join('~')),
    /** `keyId`: the key under which the link's hashes were made, years ago perhaps. */
    readLeaving(token: string): (LeavingLink & { keyId: string }) | null {
      const [topic, language, mailingId, contactId, ...hashes] = keyring.verify('u', token)?.split('~') ?? []
      if (!topic || language === undefined || mailingId === undefined || contactId === undefined) return null
      return { topic, language, mailingId, contactId, hashes, keyId: token.split('.')[1] ?? '' }
    },
    makeSurvey: ({ surveyId, contactId, language }: SurveyLink) =>
      keyring.sign('s', [surveyId, contactId, language, now().toString(36)].join('~')),
    /** A survey's link: forged is not ok, too old (or from the future) is expired. */
    readSurvey(token: string): ({ ok: true } & SurveyLink) | { ok: false; expired: boolean } {
      const [surveyId, contactId, language, stamp, ...more] = keyring.verify('s', token)?.split('~') ?? []
      const at = Number.parseInt(stamp ?? '', 36)
      if (!surveyId || contactId === undefined || language === undefined || more.length > 0 || !Number.isFinite(at))
        return { ok: false, expired: false }
      const alive = at <= now() + SKEW && now() <= at + SURVEY_LIFE
      return alive ? { ok: true, surveyId, contactId, language } : { ok: false, expired: true }
    },
    url: (path: 'c' | 'u' | 'p' | 's' | 'l' | 'ban/undo', token: string) => `${config.publicUrl}/${path}/${token}`,
  }
}
