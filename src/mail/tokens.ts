import type { Deps } from '../deps.ts'

/** A recipient of one topic: all that an unsubscribe link carries, so that it works after the contact was erased (A1-11). */
export type LeavingLink = { topic: string; language: string; mailingId: string; contactId: string; hashes: string[] }

const HOUR = 3_600_000
/** How long a link lives; unsubscribe links never expire. */
const LIFE = { c: 72 * HOUR, p: 24 * HOUR, b: 30 * 24 * HOUR, t: 24 * HOUR } as const
/** Clocks of nodes and mail clients differ; a link from further in the future is not ours. */
const SKEW = 5 * 60_000

export type DatedScope = keyof typeof LIFE
export type Dated = { ok: true; id: string; at: number } | { ok: false; expired: boolean; id: string | null }

/** Signed links, one scope each: `c` confirm, `u` unsubscribe, `p` preferences, `b` undo a ban, `t` the time token of a form. */
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
    url: (path: 'c' | 'u' | 'p' | 'ban/undo', token: string) => `${config.publicUrl}/${path}/${token}`,
  }
}
