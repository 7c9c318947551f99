/**
 * Bodies of messages: 7-bit lines of at most 76 characters, CRLF only, none of which begins with a dot
 * (RFC 2045 sections 6.7 and 6.8). Everything returned is ASCII.
 */

const MAX_LINE = 76
const HEX = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
/** What each byte is written as; line ends are the encoder's own affair. */
const WRITTEN = HEX.map((code, byte) =>
  byte === 9 || (byte >= 32 && byte < 127 && byte !== 61) ? String.fromCharCode(byte) : code,
)
/** Short values that stand for themselves: most names and every link. */
const PLAIN = /^[!-\-/-<>-~][ -<>-~]{0,74}$/

/**
 * Quoted-printable of a piece of a body, starting at the beginning of a line and ending at one: a soft line break
 * closes what ends in mid-line. So pieces can be encoded apart and put side by side, and none moves another.
 * @param text any line ends; each becomes CRLF
 */
export function quotedPrintable(text: string): string {
  if (PLAIN.test(text)) return `${text}=\r\n`
  const bytes = Buffer.from(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)
  let encoded = ''
  let line = ''
  for (const byte of bytes) {
    if (byte === 10) {
      encoded += `${closedLine(line)}\r\n`
      line = ''
      continue
    }
    let written = WRITTEN[byte] ?? ''
    // One column stays free for the "=" of a soft line break.
    if (line.length + written.length >= MAX_LINE) {
      encoded += `${line}=\r\n`
      line = ''
    }
    if (line === '' && byte === 46) written = '=2E'
    line += written
  }
  return line === '' ? encoded : `${encoded}${line}=\r\n`
}

/** A blank before a line end would be lost on the way, so the last one is spelled out. */
function closedLine(line: string): string {
  const last = line.at(-1)
  if (last !== ' ' && last !== '\t') return line
  const spelled = HEX[last.charCodeAt(0)] ?? ''
  const rest = line.slice(0, -1)
  return rest.length + spelled.length <= MAX_LINE ? rest + spelled : `${rest}=\r\n${spelled}`
}

/** Base64 in lines of 76 characters, each closed. @param base64 in one piece or in lines of any length */
export function base64Lines(base64: string): string {
  const whole = base64.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(whole)) throw new Error('an attachment is not base64')
  return whole.replace(/.{1,76}/g, '$&\r\n')
}

/**
 * A boundary that cannot occur in its parts: "=_" is in no base64 and, since "=" there is followed by a code or a line
 * end, in no quoted-printable. The same for the same seed, so that a retry writes the same bytes.
 */
export function boundary(kind: 'mixed' | 'alternative', seed: string): string {
  return `=_${kind}_${seed.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}`
}

export type Attachment = {
  name: string
  /** For example `application/pdf`. */
  mediaType: string
  base64: string
}
