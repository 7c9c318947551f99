import { crc32, deflateSync } from 'node:zlib'

/** Small pictures made here, with what cameras and programs write into them. */

const bytes = (...parts: (string | number[] | Uint8Array)[]) =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))),
  )
const be32 = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]
const le32 = (n: number) => be32(n).toReversed()
const le16 = (n: number) => [n & 255, n >> 8]

const chunk = (name: string, data: Uint8Array) => bytes(be32(data.length), name, data, be32(crc32(bytes(name, data))))

export function png(width = 2, height = 2, secret = 'Kuvaaja: Maija'): Uint8Array {
  const rows = Buffer.alloc((1 + width * 3) * height, 0x66)
  for (let y = 0; y < height; y++) rows[y * (1 + width * 3)] = 0
  return bytes(
    '\x89PNG\r\n\x1a\n',
    chunk('IHDR', bytes(be32(width), be32(height), [8, 2, 0, 0, 0])),
    chunk('tEXt', bytes('Author\0', secret)),
    chunk('eXIf', bytes('MM\0*', secret)),
    chunk('IDAT', new Uint8Array(deflateSync(rows))),
    chunk('IEND', new Uint8Array()),
    `behind the end: ${secret}`,
  )
}

const segment = (marker: number, data: Uint8Array) =>
  bytes([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255], data)

/** @param orientation of its EXIF, 1 = upright */
export function jpeg(orientation = 1, secret = 'GPS 60.17 N'): Uint8Array {
  const tiff = bytes(
    'II*\0',
    le32(8),
    le16(1),
    le16(0x0112),
    le16(3),
    le32(1),
    le16(orientation),
    [0, 0],
    le32(0),
    secret,
  )
  return bytes(
    [0xff, 0xd8],
    segment(0xe0, bytes('JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0])),
    segment(0xe1, bytes('Exif\0\0', tiff)),
    segment(0xed, bytes('Photoshop 3.0\0', secret)),
    segment(0xfe, bytes(secret)),
    segment(0xc0, bytes([8, 0, 3, 0, 4, 1, 1, 0x11, 0])),
    segment(0xda, bytes([1, 1, 0, 0, 63, 0])),
    [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
    [0xff, 0xd9],
    `behind the end: ${secret}`,
  )
}

export function gif(secret = 'made by Maija'): Uint8Array {
  return bytes(
    'GIF89a',
    le16(5),
    le16(6),
    [0x80, 0, 0],
    [0, 0, 0, 255, 255, 255],
    [0x21, 0xfe, secret.length],
    secret,
    [0],
    [0x21, 0xff, 11],
    'NETSCAPE2.0',
    [3, 1, 0, 0, 0],
    [0x2c],
    le16(0),
    le16(0),
    le16(5),
    le16(6),
    [0],
    [2, 2, 0x44, 0x01, 0],
    [0x3b],
    `behind the end: ${secret}`,
  )
}

export function webp(secret = 'XMP of Maija!!'): Uint8Array {
  const part = (name: string, data: Uint8Array) =>
    bytes(name, le32(data.length), data, data.length % 2 === 1 ? [0] : [])
  const body = bytes(
    'WEBP',
    part('VP8X', bytes([0x0c, 0, 0, 0], [6, 0, 0], [7, 0, 0])),
    part('VP8L', bytes([0x2f], le32(6 | (7 << 14)), [0, 0, 0, 0, 0])),
    part('EXIF', bytes(secret)),
    part('XMP ', bytes(secret)),
  )
  return bytes('RIFF', le32(body.length), body)
}
