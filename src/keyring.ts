import { createHash, createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from 'node:crypto'

/**
 * The installation's secrets at work: keyed hashes of ban keys and signatures of links.
 * The newest secret makes, every secret of the ring recognises; each use has a sub-key of its own.
 */
export type Keyring = {
  /** Ids of the ring's keys, newest first; an id says nothing of its secret. */
  ids: readonly string[]
  /** Keyed hash of one match form ("email:v1:…", rules/matchKeys.ts) under the newest key: base64url, 43 characters. */
  hash(form: string): string
  /** The same under every key of the ring, newest first. */
  hashes(form: string): { keyId: string; hash: string }[]
  /**
   * Signs a payload of unreserved URL characters for one scope: `v1.<kid>.<scope>.<payload>.<mac>` (256-bit key, 128-bit MAC).
   * The scope is inside the signature, so that a link of one kind is worthless as another (standards A1-4).
   */
  sign(scope: string, payload: string): string
  /** The payload, or null for whatever was not signed here for this scope. Constant time in the signature. */
  verify(scope: string, token: string): string | null
}

export function makeKeyring(secrets: readonly string[]): Keyring {
  const ring = secrets.map((secret) => ({
    id: createHash('sha256').update(`postilupa key id:${secret}`).digest('hex').slice(0, 8),
    // Key objects, made once: handing the bytes over with each call costs six times the hash itself.
    ban: createSecretKey(createHmac('sha256', secret).update('postilupa ban hashes v1').digest()),
    link: createSecretKey(createHmac('sha256', secret).update('postilupa links v1').digest()),
  }))
  const newest = ring[0]
  if (!newest) throw new Error('SECRETS is empty: give at least one secret of 32 characters or more.')
  const mac = (key: KeyObject, text: string) =>
    createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url')

  return {
    ids: ring.map((key) => key.id),
    hash: (form) => hmac(newest.ban, form).digest('base64url'),
    hashes: (form) => ring.map((key) => ({ keyId: key.id, hash: hmac(key.ban, form).digest('base64url') })),
    sign(scope, payload) {
      const signed = `v1.${newest.id}.${scope}.${payload}`
      return `${signed}.${mac(newest.link, signed)}`
    },
    verify(scope, token) {
      if (token.length > 2000) return null
      const end = token.lastIndexOf('.')
      const signed = token.slice(0, end)
      const [version, id, tokenScope, ...payload] = signed.split('.')
      const key = ring.find((candidate) => candidate.id === id) ?? newest
      // The signature is computed in every case, so that a wrong key id takes as long as a wrong signature.
      const right = sameText(token.slice(end + 1), mac(key.link, signed))
      return right && version === 'v1' && key.id === id && tokenScope === scope ? payload.join('.') : null
    },
  }
}

/** HMAC-SHA-256 of a match form (standards D-6: never a plain hash, the form's prefix separates the kinds). */
export function keyedHash(key: KeyObject | Uint8Array | string, form: string): Buffer {
  return hmac(key, form).digest()
}

function hmac(key: KeyObject | Uint8Array | string, form: string) {
  return createHmac('sha256', key).update(form, 'utf8')
}

/** SHA-256 in hex: for random secrets that are stored as their hash (API keys, sessions), and for content addresses. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex')
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
