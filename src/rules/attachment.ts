/** Files that may be attached to a mailing: documents, tables, pictures and plain text, and nothing that runs. */

const MIB = 1024 * 1024
/** Base64 makes a third more of it, and relays refuse messages beyond 25 or 35 MB. */
export const attachmentLimits = { file: 10 * MIB, mailing: 20 * MIB } as const

const NAME_MAX = 120
/** Larger pictures are no illustration but an attack on whoever opens them. */
const PIXELS_MAX = 10_000

export type Attachment = { name: string; mediaType: string }
export type AttachmentResult = { ok: true; attachment: Attachment } | { ok: false; error: string }

/**
 * Judges a file by its ending and its first bytes, which must agree, and makes its name safe for headers, folders and
 * spreadsheets.
 * @param name as it was sent, a path perhaps
 */
export const readAttachment = (name: string, bytes: Uint8Array): AttachmentResult => {
  if (bytes.length === 0) return refuse('The file is empty.')
  if (bytes.length > attachmentLimits.file) return refuse(`The file is larger than ${attachmentLimits.file / MIB} MiB.`)
  const safe = safeName(name)
  const ending = /[^.]\.([a-z0-9]{1,5})$/i.exec(safe)?.[1]?.toLowerCase() ?? ''
  const kind = KINDS[ending]
  if (!kind) return refuse(`Files of this kind cannot be attached. Send ${Object.keys(KINDS).join(', ')}.`)
  const fault = kind.fault(bytes)
  return fault === null ? { ok: true, attachment: { name: safe, mediaType: kind.mediaType } } : refuse(fault)
}

/** The last part of a path, without what means something to headers, file systems or spreadsheets. */
const safeName = (name: string): string => {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029"<>:;|?*%]/gu, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.=+@-]+/, '')
    .replace(/[\s.]+$/, '')
  const dot = clean.lastIndexOf('.')
  return dot === -1 || clean.length <= NAME_MAX
    ? clean.slice(0, NAME_MAX)
    : clean.slice(0, NAME_MAX - clean.length + dot) + clean.slice(dot)
}

type Kind = { mediaType: string; fault(bytes: Uint8Array): string | null }

const otherwise = 'The content of the file is of another kind than its name says.'

const pdf: Kind = {
  mediaType: 'application/pdf',
  fault: (bytes) => {
    if (!startsWith(bytes, '%PDF-')) return otherwise
    return holds(bytes, '/Encrypt') ? 'The PDF is encrypted: mail filters refuse it. Save it without a password.' : null
  },
}

const png: Kind = {
  mediaType: 'image/png',
  fault: (bytes) => {
    if (!startsWith(bytes, '\x89PNG\r\n\x1a\n') || bytes.length < 24) return otherwise
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    return tooManyPixels(view.getUint32(16), view.getUint32(20))
  },
}

const jpeg: Kind = {
  mediaType: 'image/jpeg',
  fault: (bytes) => {
    if (!startsWith(bytes, '\xff\xd8\xff')) return otherwise
    const size = jpegSize(bytes)
    return size === null ? otherwise : tooManyPixels(size.width, size.height)
  },
}

/** An Office document: a ZIP with the part that makes it one, and without macros. @param part name of that part */
const office = (mediaType: string, part: string): Kind => ({
  mediaType,
  fault: (bytes) => {
    if (!startsWith(bytes, 'PK\x03\x04') || !holds(bytes, '[Content_Types].xml') || !holds(bytes, part))
      return otherwise
    return holds(bytes, 'vbaProject') ? 'The file holds macros: save it without them.' : null
  },
})

/** Half of the bytes of UTF-16 are zeros; its byte order mark vouches for it. */
const text = (mediaType: string): Kind => ({
  mediaType,
  fault: (bytes) => {
    const isUtf16 = startsWith(bytes, '\xff\xfe') || startsWith(bytes, '\xfe\xff')
    return (bytes.includes(0) && !isUtf16) || MAGIC.some((magic) => startsWith(bytes, magic)) ? otherwise : null
  },
})

const KINDS: Readonly<Record<string, Kind | undefined>> = {
  pdf,
  png,
  jpg: jpeg,
  jpeg,
  xlsx: office('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xl/workbook.xml'),
  docx: office('application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'word/document.xml'),
  csv: text('text/csv'),
  txt: text('text/plain'),
}

/** How programs, archives and documents begin, whatever they are called. */
const MAGIC = [
  'MZ',
  '\x7fELF',
  'PK\x03\x04',
  '%PDF-',
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  '\xd0\xcf\x11\xe0',
  'Rar!',
  '7z\xbc\xaf',
]

const startsWith = (bytes: Uint8Array, magic: string): boolean =>
  Array.from(magic).every((character, i) => bytes[i] === character.charCodeAt(0))

const holds = (bytes: Uint8Array, needle: string): boolean => {
  const first = needle.charCodeAt(0)
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (startsWith(bytes.subarray(at, at + needle.length), needle)) return true
  }
  return false
}

/** Width and height stand in the first frame header (ITU-T T.81 B.2.2); segments before it are passed over. */
const jpegSize = (bytes: Uint8Array): { width: number; height: number } | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 9 < bytes.length;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

const tooManyPixels = (width: number, height: number): string | null =>
  width > PIXELS_MAX || height > PIXELS_MAX ? `The picture is larger than ${PIXELS_MAX} × ${PIXELS_MAX} pixels.` : null

const refuse = (error: string): AttachmentResult => ({ ok: false, error })
