import { generateKeyPairSync, sign } from 'node:crypto'

/**
 * A self-signed certificate for localhost and 127.0.0.1, made on the spot: no private key lies in the repository and none
 * runs out.
 * @returns PEM texts for a TLS server; `cert` is also its `ca`
 */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = der(0x30, der(0x31, der(0x30, oid(0x55, 4, 3), der(0x0c, Buffer.from('localhost')))))
  const algorithm = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2))
  const from = der(0x17, Buffer.from('200101000000Z'))
  const until = der(0x18, Buffer.from('20990101000000Z'))
  const names = der(0x30, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))
  const isAuthority = der(0x30, der(0x01, Buffer.from([0xff])))
  const extensions = der(
    0x30,
    der(0x30, oid(0x55, 0x1d, 0x11), der(0x04, names)),
    der(0x30, oid(0x55, 0x1d, 0x13), der(0x01, Buffer.from([0xff])), der(0x04, isAuthority)),
  )
  const certificate = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(0x30, from, until),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', certificate, privateKey)])
  const signed = der(0x30, certificate, algorithm, der(0x03, signature)).toString('base64')
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${signed.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** One ASN.1 value (X.690 §8.1): tag, length, content. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}
