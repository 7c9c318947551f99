import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config.ts'
import { clientNetwork, coarseNetwork } from '../../src/routes/network.ts'

async function networkOf(peer: string, forwarded?: string, trustedProxies: string[] = []): Promise<string> {
  const app = new Hono()
  app.get('/', (c) => c.text(clientNetwork(c, { config: { trustedProxies } as unknown as Config, peerOf: () => peer })))
  return (await app.request('/', { headers: forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded } })).text()
}

describe('the network a visitor comes from', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7/32'],
    ['::ffff:192.0.2.7', '192.0.2.7/32'],
    ['::ffff:c000:207', '192.0.2.7/32'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', 'unknown'],
    ['999.1.1.1', 'unknown'],
    ['not an address', 'unknown'],
  ])('T01 %j counts as %j', async (peer, network) => {
    expect(await networkOf(peer)).toBe(network)
  })

  it.each([
    ['nobody is trusted', '192.0.2.1', '203.0.113.9', [], '192.0.2.1/32'],
    ['the peer is no proxy of ours', '192.0.2.1', '203.0.113.9', ['10.0.0.0/8'], '192.0.2.1/32'],
    ['one proxy', '10.1.2.3', '203.0.113.9', ['10.0.0.0/8'], '203.0.113.9/32'],
    ['what a visitor wrote in front', '10.1.2.3', '1.1.1.1, 203.0.113.9', ['10.0.0.0/8'], '203.0.113.9/32'],
    ['two proxies', '10.1.2.3', '203.0.113.9, 192.0.2.200', ['10.0.0.0/8', '192.0.2.200'], '203.0.113.9/32'],
    ['no header', '10.1.2.3', undefined, ['10.0.0.0/8'], '10.1.2.3/32'],
    ['nonsense', '10.1.2.3', 'unknown', ['10.0.0.0/8'], '10.1.2.3/32'],
    ['with a port', '10.1.2.3', '203.0.113.9:4711', ['10.0.0.0/8'], '203.0.113.9/32'],
    ['IPv6 with a port', '::1', '[2001:db8::7]:4711', ['::1'], '2001:db8:0:0::/64'],
    ['IPv6 proxies', '2001:db8:ff::5', '2001:db8:1:2::7', ['2001:db8:ff::/48'], '2001:db8:1:2::/64'],
    ['another part of the subnet', '10.1.2.130', '203.0.113.9', ['10.1.2.0/25'], '10.1.2.130/32'],
    ['a mapped proxy', '::ffff:10.1.2.3', '203.0.113.9', ['10.0.0.0/8'], '203.0.113.9/32'],
  ] as const)(
    'E094 believes X-Forwarded-For only from our own: %s',
    async (_what, peer, forwarded, trusted, network) => {
      expect(await networkOf(peer, forwarded, [...trusted])).toBe(network)
    },
  )

  it.each([
    ['192.0.2.7/32', '192.0.2.0/24'],
    ['2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['unknown', 'unknown'],
  ])('B5-5 keeps of %s only %s', (network, coarse) => {
    expect(coarseNetwork(network)).toBe(coarse)
  })
})
