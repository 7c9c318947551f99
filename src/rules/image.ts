import { strippedGif, strippedJpeg, strippedPng, strippedWebp, type Stripped } from './imageFormats.ts'

/** Pictures for messages and pages: what mail programs show, no larger than a message needs, without what a camera wrote into them. */

const MIB = 1024 * 1024
export const imageLimits = { bytes: 2 * MIB, side: 6000, pixels: 24_000_000 } as const

export const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const
export type ImageType = (typeof imageTypes)[number]

/** `fault` is for pages that speak another language than the message. */
export type ImageFault = 'empty' | 'tooLarge' | 'kind' | 'svg' | 'broken' | 'pixels'
export type ImageResult =
  | { ok: true; mediaType: ImageType; width: number; height: number; bytes: Uint8Array }
  | { ok: false; fault: ImageFault; message: string }

const messages: Record<ImageFault, string> = {
  empty: 'The file is empty.',
  tooLarge: `A picture may have ${imageLimits.bytes / MIB} MiB: make it smaller, 1200 pixels across are enough for a message.`,
  kind: 'This is no PNG, JPEG, GIF or WebP picture.',
  svg: 'SVG is not shown by mail programs and can hold programs: save it as PNG.',
  broken: 'The picture is damaged or breaks off: save it again.',
  pixels: `A picture may have ${imageLimits.side} pixels each way and ${imageLimits.pixels / 1e6} million in all: make it smaller.`,
}

/**
 * Judges a picture by its own bytes (its name and its sender's word count for nothing) and takes out what it says about places,
 * people and devices: EXIF, XMP, IPTC, comments, and whatever stands behind its end. A JPEG keeps the way up.
 */
export const readImage = (bytes: Uint8Array): ImageResult => {
  if (bytes.length === 0) return refuse('empty')
  if (bytes.length > imageLimits.bytes) return refuse('tooLarge')
  const kind = kinds.find(({ magic }) => magic.test(latin(bytes.subarray(0, 12))))
  if (!kind) return refuse(/<svg[\s>]/i.test(latin(bytes.subarray(0, 1024))) ? 'svg' : 'kind')
  const read = kind.strip(bytes)
  if (!read || read.width === 0 || read.height === 0) return refuse('broken')
  const { width, height } = read
  if (Math.max(width, height) > imageLimits.side || width * height > imageLimits.pixels) return refuse('pixels')
  return { ok: true, mediaType: kind.mediaType, width, height, bytes: joined(read.pieces) }
}

const kinds: readonly { mediaType: ImageType; magic: RegExp; strip(bytes: Uint8Array): Stripped | null }[] = [
  { mediaType: 'image/png', magic: /^\x89PNG\r\n\x1a\n/, strip: strippedPng },
  { mediaType: 'image/jpeg', magic: /^\xff\xd8\xff/, strip: strippedJpeg },
  { mediaType: 'image/gif', magic: /^GIF8[79]a/, strip: strippedGif },
  { mediaType: 'image/webp', magic: /^RIFF[^]{4}WEBP/, strip: strippedWebp },
]

/** The text that a picture's address carries where it cannot be shown; every picture needs one (WCAG 1.1.1). */
export const ALT_MAX = 300

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const refuse = (fault: ImageFault): ImageResult => ({ ok: false, fault, message: messages[fault] })
