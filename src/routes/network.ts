import type { Context } from 'hono'
import type { Deps } from '../deps.ts'

/**
 * The network a request came from: an IPv4 address ("192.0.2.7/32"), or the IPv6 subnet that one customer has
 * ("2001:db8:0:1::/64"); "unknown" where the runtime cannot say. `X-Forwarded-For` is believed only as far as each hop,
 * from the nearest on, is one of TRUSTED_PROXIES.
 */
export function clientNetwork(c: Context, deps: Pick<Deps, 'config' | 'peerOf'>): string {
  const client = clientOf(c, deps)
  if (client === null) return 'unknown'
  return client.length === 2 ? `${ipv4(client)}/32` : `${ipv6(client.slice(0, 4))}/64`
}

/** A client's network as it is kept as evidence: too coarse to name a household (/24, IPv6 /48). */
export function coarseNetwork(network: string): string {
  const parts = parseIp(network.slice(0, network.lastIndexOf('/')))
  if (parts === null) return 'unknown'
  if (parts.length === 2) return `${ipv4([parts[0] ?? 0, (parts[1] ?? 0) & 0xff00])}/24`
  return `${ipv6(parts.slice(0, 3))}/48`
}

/** Where a post of a public page comes from, as the limits count it and as it is kept. */
export function networkOrigin(c: Context, deps: Pick<Deps, 'config' | 'peerOf'>) {
  const network = clientNetwork(c, deps)
  return { network, coarse: coarseNetwork(network), hurried: false }
}

function clientOf(c: Context, { config, peerOf }: Pick<Deps, 'config' | 'peerOf'>): number[] | null {
  let client = parseIp(peerOf(c))
  if (config.trustedProxies.length === 0) return client
  const hops = (c.req.header('X-Forwarded-For') ?? '').split(',').map((hop) => parseIp(hop.trim()))
  while (client !== null && hops.length > 0 && config.trustedProxies.some((range) => isWithin(client, range))) {
    const before = hops.pop()
    if (!before) break
    client = before
  }
  return client
}

function isWithin(ip: number[] | null, range: string): boolean {
  const [base = '', length] = range.split('/')
  const network = parseIp(base)
  if (ip === null || network === null || ip.length !== network.length) return false
  const bits = length === undefined ? network.length * 16 : Number(length)
  return network.every((group, i) => {
    const ours = Math.min(16, Math.max(0, bits - i * 16))
    const mask = 0xffff & ~(0xffff >> ours)
    return (group & mask) === ((ip[i] ?? 0) & mask)
  })
}

/**
 * An address as groups of 16 bits: two for IPv4 (also where it is written mapped into IPv6), eight for IPv6.
 * A port, brackets and a zone are taken off.
 */
function parseIp(text: string): number[] | null {
  const bare = text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/%.*$/, '')
  const four = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d+)?$/i.exec(bare)
  if (four) {
    const bytes = four.slice(1).map(Number)
    const [a = 0, b = 0, c = 0, d = 0] = bytes
    return bytes.every((byte) => byte <= 255) ? [a * 256 + b, c * 256 + d] : null
  }
  if (!bare.includes(':') || !URL.canParse(`http://[${bare}]/`)) return null
  const [head = '', tail] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split('::')
  const left = groups(head)
  const right = groups(tail ?? '')
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
  const mapped = all.slice(0, 5).every((group) => group === 0) && all[5] === 0xffff
  return mapped ? all.slice(6) : all
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function ipv4([high = 0, low = 0]: readonly number[]): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function ipv6(head: readonly number[]): string {
  return `${head.map((group) => group.toString(16)).join(':')}::`
}
