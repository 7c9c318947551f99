import type { Relay } from './smtp/open.ts'

/** Where mail goes (interface.md, MAIL_URL). */
export type MailUrl = { scheme: 'outbox'; folder: string } | { scheme: 'smtp'; relay: Relay }

/**
 * Reads MAIL_URL: `outbox:./data/outbox`, `smtp://user:pass@host:587?connections=10`, `smtps://…`.
 *
 * `smtp:` requires STARTTLS except on a loopback host; `?tls=none` switches it off, `?tls=required` on. User and password
 * are percent-encoded.
 *
 * @throws Error that says what to write instead; it never repeats the URL, which may hold a password
 */
export function parseMailUrl(mailUrl: string): MailUrl {
  if (mailUrl.startsWith('outbox:')) {
    const folder = mailUrl.slice('outbox:'.length)
    if (folder === '') throw bad('name the folder: outbox:./data/outbox')
    return { scheme: 'outbox', folder }
  }
  if (!/^smtps?:\/\//.test(mailUrl)) throw bad('begin it with outbox:, smtp:// or smtps://')
  if (!URL.canParse(mailUrl))
    throw bad('write it as smtp://user:password@host:587 and percent-encode / ? # @ : in the password')
  return { scheme: 'smtp', relay: parseRelay(new URL(mailUrl)) }
}

function parseRelay(url: URL): Relay {
  if (url.hostname === '') throw bad('name the host of the relay: smtp://host:587')
  if (url.hash !== '' || (url.pathname !== '' && url.pathname !== '/'))
    throw bad('nothing but ?connections= and ?tls= may follow the host; percent-encode / ? # in the password')
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'connections' && key !== 'tls')
  if (unknown !== undefined)
    throw bad('the only settings are ?connections= and ?tls=; percent-encode ? and & in the password')
  const wrapped = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (wrapped ? 465 : 587),
    tls: wrapped ? parseWrapped(url) : parseTls(url),
    auth: parseAuth(url),
    connections: parseConnections(url.searchParams.get('connections') ?? '10'),
  }
}

function parseWrapped(url: URL) {
  if (url.searchParams.has('tls')) throw bad('?tls= is for smtp://; smtps:// always uses TLS')
  return 'wrapped' as const
}

function parseTls(url: URL) {
  const isLoopback = /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(url.hostname)
  const wish = url.searchParams.get('tls') ?? (isLoopback ? 'none' : 'required')
  if (wish !== 'none' && wish !== 'required') throw bad('?tls= is "required" or "none"')
  return wish === 'none' ? 'none' : 'starttls'
}

function parseAuth({ username, password }: URL) {
  if (username === '' && password === '') return null
  if (username === '' || password === '') throw bad('give both user and password, or neither')
  try {
    return { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  } catch {
    throw bad('percent-encode user and password (a % is written %25)')
  }
}

function parseConnections(text: string) {
  const connections = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (connections < 1 || connections > 50) throw bad('?connections= is a number from 1 to 50')
  return connections
}

function bad(mend: string) {
  return new Error(`MAIL_URL: ${mend}`)
}
