/**
 * Header fields: folded lines of ASCII. Text that is not plain becomes encoded-words (RFC 2047), parameters follow
 * RFC 2231, and nothing that could end a line is ever let in: callers ask `badInHeader` first.
 */

const MAX_LINE = 76
const MAX_WORD = 75

/** Control characters, line and paragraph separators and halves of characters: refused, never stripped. */
export function badInHeader(text: string): boolean {
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
}

/** An address that can stand in a header and an envelope as it is: ASCII, unquoted, at most 254 octets. */
export function isPlainAddress(address: string): boolean {
  return address.length <= 254 && /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]+$/.test(address)
}

/** What may stand between < and > as an identifier with a domain: Message-ID. */
export function isPlainToken(text: string): boolean {
  return /^[A-Za-z0-9._~+=-]{1,200}@[A-Za-z0-9.-]{1,200}$/.test(text)
}

/** A link that can stand between < and > unfolded: printable ASCII, no room for a second one. */
export function isHttpUrl(text: string): boolean {
  return text.length <= 900 && /^https?:\/\/[!-;=?-~]+$/.test(text)
}

/** A field whose value is text for people: Subject. */
export function textField(name: string, text: string): string {
  return `${name}: ${isPlain(text) ? folded(text, name.length + 2) : encodedWords(text, name.length + 2)}\r\n`
}

/** A field with a name and what it names: From, To, Reply-To, List-Id. @param inner goes between < and >, unfolded */
export function namedField(field: string, name: string, inner: string): string {
  if (name === '') return `${field}: <${inner}>\r\n`
  const start = field.length + 2
  const phrase = isPlain(name) && name.length <= 60 ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodedWords(name, start)
  const line = phrase.slice(phrase.lastIndexOf('\n') + 1)
  const column = line.length + (phrase.includes('\n') ? 0 : start)
  return `${field}: ${phrase}${column + inner.length + 3 > MAX_LINE ? '\r\n ' : ' '}<${inner}>\r\n`
}

/** RFC 5322 date of an instant in milliseconds, in UTC. */
export function dateField(instant: number): string {
  return `Date: ${new Date(instant).toUTCString().replace('GMT', '+0000')}\r\n`
}

/** Encodes whole text as words of at most 75 characters, whole characters each, on lines of at most 76. */
export function encodedWords(text: string, column: number): string {
  const encode = encodingFor(text)
  let room = Math.min(MAX_WORD, MAX_LINE - column)
  const whole = encode(text)
  if (whole.length <= room) return whole
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (word !== '' && encode(word + character).length > room) {
      words.push(encode(word))
      room = MAX_WORD
      word = ''
    }
    word += character
  }
  words.push(encode(word))
  return words.join('\r\n ')
}

const encodeQ = (text: string) => `=?UTF-8?Q?${qEncoded(text)}?=`
const encodeB = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

/** Q where the text stays readable, B where that is clearly shorter. */
function encodingFor(text: string): (text: string) => string {
  return qEncoded(text).length <= Math.ceil(Buffer.byteLength(text) / 3) * 4 + 8 ? encodeQ : encodeB
}

/** Only what may stand in a phrase is left as it is (RFC 2047 section 5, rule 3). */
const Q_CODES = codes(/[A-Za-z0-9!*+/-]/, '=')
Q_CODES[32] = '_'

function qEncoded(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text)) encoded += Q_CODES[byte]
  return encoded
}

/** What each byte is written as: itself, or a mark and two hexadecimal digits. */
function codes(itself: RegExp, mark: string): string[] {
  return Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte)
    return itself.test(character) ? character : mark + byte.toString(16).toUpperCase().padStart(2, '0')
  })
}

/** ASCII that survives folding unchanged and that no reader takes for an encoded-word. */
function isPlain(text: string): boolean {
  return /^[!-~]{1,60}(?: [!-~]{1,60})*$/.test(text) && !text.includes('=?')
}

function folded(text: string, column: number): string {
  let used = column
  return text
    .split(' ')
    .map((word, index) => {
      const fits = used + 1 + word.length <= MAX_LINE
      used = index === 0 ? used + word.length : fits ? used + 1 + word.length : 1 + word.length
      return index === 0 ? word : fits ? ` ${word}` : `\r\n ${word}`
    })
    .join('')
}

/** RFC 2231 attribute-char (RFC 5987 names them). */
const PARAMETER_CODES = codes(/[A-Za-z0-9.!#$&+^_`{|}~-]/, '%')

/**
 * A parameter as `; name=value`, on lines of its own: quoted where plain, else RFC 2231 with as many numbered
 * sections as it takes.
 */
export function parameter(name: string, value: string): string {
  if (/^[ !#-[\]-~]{1,55}$/.test(value)) return `;\r\n ${name}="${value}"`
  const sections: string[] = []
  let section = "UTF-8''"
  for (const character of value) {
    const encoded = [...Buffer.from(character)].map((byte) => PARAMETER_CODES[byte]).join('')
    if (section.length + encoded.length > 55) {
      sections.push(section)
      section = ''
    }
    section += encoded
  }
  sections.push(section)
  const numbered = sections.length > 1
  return sections.map((part, index) => `;\r\n ${name}*${numbered ? `${index}*` : ''}=${part}`).join('')
}
