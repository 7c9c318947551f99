/** The inside of picture files, as far as it takes to measure them and to leave out what is no picture. */

/** The pieces that stay, in order. */
export type Stripped = { width: number; height: number; pieces: Uint8Array[] }

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))

/** What a PNG needs to look as it was meant, and the frames of an animated one; texts, EXIF and times are none of it. */
const PNG_KEPT = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP'.split(' '))

/** W3C PNG, third edition: a signature, then chunks of length, name, data and checksum. Null when it breaks off. */
export const strippedPng = (bytes: Uint8Array): Stripped | null => {
  const view = viewOf(bytes)
  if (bytes.length < 33 || nameAt(bytes, 12) !== 'IHDR') return null
  const pieces = [bytes.subarray(0, 8)]
  let data = false
  for (let at = 8; at + 12 <= bytes.length;) {
    const name = nameAt(bytes, at + 4)
    const end = at + 12 + view.getUint32(at)
    if (end > bytes.length) return null
    if (PNG_KEPT.has(name)) pieces.push(bytes.subarray(at, end))
    data ||= name === 'IDAT'
    if (name === 'IEND') return data ? { width: view.getUint32(16), height: view.getUint32(20), pieces } : null
    at = end
  }
  return null
}

/**
 * ITU-T T.81 Annex B: segments of marker and length; behind SOS the coded picture, in which 0xFF is followed by 0 or a restart
 * marker. APP0 (JFIF), APP2 (colour profile) and APP14 (Adobe) stay; of APP1 only the way up.
 */
export const strippedJpeg = (bytes: Uint8Array): Stripped | null => {
  const view = viewOf(bytes)
  const pieces = [bytes.subarray(0, 2)]
  let size: { width: number; height: number } | null = null
  for (let at = 2; at + 2 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0xd9) {
      pieces.push(bytes.subarray(at, at + 2))
      return size && { ...size, pieces }
    }
    if (at + 4 > bytes.length) return null
    let end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length || end < at + 4) return null
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame && end >= at + 9) size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    if (marker === 0xda) end = endOfScan(bytes, end)
    if (marker === 0xe1) pieces.push(...wayUp(bytes.subarray(at, end)))
    else if (!(marker >= 0xe0 && marker <= 0xef) || [0xe0, 0xe2, 0xee].includes(marker)) {
      if (marker !== 0xfe) pieces.push(bytes.subarray(at, end))
    }
    at = end
  }
  return null
}

const endOfScan = (bytes: Uint8Array, from: number): number => {
  for (let at = from; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1] ?? 0
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

/** An APP1 segment that says nothing but the orientation (TIFF tag 0x0112) of the given one; none where it is upright. */
const wayUp = (segment: Uint8Array): Uint8Array[] => {
  const orientation = orientationOf(segment)
  if (orientation < 2 || orientation > 8) return []
  const head = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0]
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  return [Uint8Array.from([...head, ...tiff])]
}

/** 1 where it is not said. EXIF 2.3 §4.5: "Exif", then a TIFF whose first directory may hold the tag. */
const orientationOf = (segment: Uint8Array): number => {
  if (segment.length < 18 || nameAt(segment, 4) !== 'Exif') return 1
  const tiff = segment.subarray(10)
  const view = viewOf(tiff)
  const little = tiff[0] === 0x49
  const start = view.getUint32(4, little)
  if (start + 2 > tiff.length) return 1
  const entries = view.getUint16(start, little)
  for (let n = 0; n < entries; n++) {
    const at = start + 2 + n * 12
    if (at + 12 > tiff.length) return 1
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little)
  }
  return 1
}

/** GIF89a: a screen, then blocks; comments and what programs wrote for themselves go, the loop of an animation stays. */
export const strippedGif = (bytes: Uint8Array): Stripped | null => {
  const view = viewOf(bytes)
  if (bytes.length < 14) return null
  const table = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
  const start = 13 + table(view.getUint8(10))
  const pieces = [bytes.subarray(0, start)]
  for (let at = start; at < bytes.length;) {
    const kind = bytes[at]
    if (kind === 0x3b) {
      pieces.push(bytes.subarray(at, at + 1))
      return { width: view.getUint16(6, true), height: view.getUint16(8, true), pieces }
    }
    if (kind !== 0x21 && (kind !== 0x2c || at + 10 > bytes.length)) return null
    // An image: its place, its colours, the size of its codes; an extension: its label.
    const blocks = kind === 0x2c ? at + 11 + table(view.getUint8(at + 9)) : at + 2
    const end = endOfBlocks(bytes, blocks)
    if (end === null) return null
    const label = bytes[at + 1]
    const loops = label === 0xff && /^(NETSCAPE|ANIMEXTS)/.test(String.fromCharCode(...bytes.subarray(at + 3, at + 11)))
    if (kind === 0x2c || label === 0xf9 || loops) pieces.push(bytes.subarray(at, end))
    at = end
  }
  return null
}

/** Blocks of a length and so many bytes, up to one of length 0. */
const endOfBlocks = (bytes: Uint8Array, from: number): number | null => {
  let at = from
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return null
    at += 1 + length
    if (length === 0) return at
  }
}

/** RFC 9649: RIFF chunks of name, length and data, padded to even; EXIF and XMP go, and so do their flags in VP8X. */
export const strippedWebp = (bytes: Uint8Array): Stripped | null => {
  const view = viewOf(bytes)
  const whole = view.getUint32(4, true) + 8
  if (bytes.length < 30 || whole > bytes.length) return null
  const pieces: Uint8Array[] = []
  let size: { width: number; height: number } | null = null
  for (let at = 12; at + 8 <= whole;) {
    const name = nameAt(bytes, at)
    const length = view.getUint32(at + 4, true)
    const end = at + 8 + length + (length % 2)
    if (end > whole) return null
    size ??= webpSize(name, bytes.subarray(at + 8, at + 8 + length))
    if (name === 'VP8X') {
      const chunk = bytes.slice(at, end)
      chunk[8] = (chunk[8] ?? 0) & ~0x0c
      pieces.push(chunk)
    } else if (['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'].includes(name)) pieces.push(bytes.subarray(at, end))
    at = end
  }
  const head = bytes.slice(0, 12)
  viewOf(head).setUint32(4, 4 + pieces.reduce((sum, piece) => sum + piece.length, 0), true)
  return size && { ...size, pieces: [head, ...pieces] }
}

const webpSize = (name: string, data: Uint8Array): { width: number; height: number } | null => {
  if (data.length < 10) return null
  const view = viewOf(data)
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
  if (name === 'VP8X') return { width: uint24(4) + 1, height: uint24(7) + 1 }
  if (name === 'VP8 ') return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff }
  if (name !== 'VP8L') return null
  const bits = view.getUint32(1, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}
