/**
 * The spellings in which the beginning of a name may stand in an index of `lower(name)`: engines that lower only a–z keep a
 * capital Ä, so what was typed is tried all lower-case, as it was typed, and with capitals at the beginnings of its words.
 */
export const nameBeginnings = (typed: string): string[] => {
  const text = typed.trim().normalize('NFC')
  if (text === '') return []
  const lower = text.toLowerCase()
  const capitals = lower.replace(
    /(^|[\s-])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  )
  return [...new Set([lower, asciiLower(text), asciiLower(capitals)])]
}

const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
