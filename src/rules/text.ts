export type TextResult = { ok: true; value: string } | { ok: false; error: string }

/** `field` is the label people see in the error; `max` counts UTF-16 code units, as the `maxlength` of a form does. */
export type TextRule = { field: string; max: number; multiline?: boolean; optional?: boolean }

/** Limits of typed text in UTF-16 code units. */
export const textLimits = { name: 200, freeText: 5_000 } as const

const lineBreak = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g

// Controls, half characters, code points that are no characters, and the marks that reorder what a reader sees.
// The joiners U+200C and U+200D stay: emoji families and several scripts are spelt with them.
const neverKept =
  /[^\P{Cc}\n]|[\p{Cs}\p{Noncharacter_Code_Point}\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]/gu

// Printable ASCII and letters of Latin-1 without outer spaces, as almost every name is: what it would become is itself.
const plain = /^[!-~À-ÖØ-öø-ÿ](?:[ -~À-ÖØ-öø-ÿ]*[!-~À-ÖØ-öø-ÿ])?$/

const visible = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u

/**
 * Typed text as it is stored: NFC, outer white space off, everything else as typed (markup and formulas too: each output
 * escapes for itself). Line breaks become LF in a multi-line field and a space in any other, tabs a space; controls,
 * bidi controls, lone surrogates and non-characters are removed. Cleaning twice changes nothing more.
 *
 * @param input only a string is text; `undefined` passes in an optional field
 * @returns the clean value, '' for an optional field left empty, or one sentence naming the field and the mend
 */
export const cleanText = (input: unknown, rule: TextRule): TextResult => {
  const { field, max, multiline = false, optional = false } = rule
  if (input === undefined && optional) return { ok: true, value: '' }
  if (typeof input !== 'string') return refuse(`${field} must be given as text.`)
  if (input.length <= max && plain.test(input)) return { ok: true, value: input }
  // NFC shortens honest text to a third at most, so this can be refused before any work is spent on it.
  if (input.length > max * 4) return tooLong(field, max)
  const lines = input.replace(lineBreak, multiline ? '\n' : ' ').replaceAll('\t', ' ')
  const value = lines.replace(neverKept, '').normalize('NFC').trim()
  if (!visible.test(value))
    return optional ? { ok: true, value: '' } : refuse(`${field} is empty: write something in it.`)
  return value.length > max ? tooLong(field, max) : { ok: true, value }
}

/** True when the value holds a character that may not travel in a header, an envelope or a URL (RFC 5322 section 2.2). */
export const hasHeaderBreak = (value: string): boolean => /[\p{Cc}\u2028\u2029]/u.test(value)

/** Takes Unicode white space and invisible format characters (zero-width, bidi, soft hyphen) off both ends. */
export const trimInvisible = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && invisible.test(text.charAt(start))) start += 1
  while (end > start && invisible.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

const invisible = /[\p{White_Space}\p{Cf}]/u

const refuse = (error: string): TextResult => ({ ok: false, error })

const tooLong = (field: string, max: number): TextResult =>
  refuse(`${field} is too long: shorten it to ${max} characters.`)
