/** Keys of a postal address: `name|street 1|00100`, and `street 1|00100`, which matches everybody in the building. */
export type Postal = { strict: string; loose: string[] }

export type PostalResult = { ok: true; postal: Postal } | { ok: false; error: string }

const partLimit = 200

/**
 * Reads a postal address, as an object or as `name|street 1|postcode` (the name may be left out: everybody there).
 * Case, punctuation, width and composition of letters, stairs and flats make no difference: a building is the unit.
 * A hit on the loose key is a matter for a person, never a permission to send.
 */
export const parsePostal = (input: unknown): PostalResult => {
  const parts = readParts(input)
  if (parts === null) return refuse('Write a postal address as name|street 1|00100.')
  if (parts.some((part) => part.length > partLimit))
    return refuse(`A part of the postal address is too long: shorten it to ${partLimit} characters.`)
  if (parts.some((part) => /[*%?]/.test(part))) return refuse('A postal address takes no wildcards: write it in full.')
  const [name = '', street = '', postcode = ''] = parts.map(fold)
  if (name === '' && parts[0]?.trim() !== '')
    return refuse('The name in the postal address has no letters: write it or leave it out.')
  const code = postcode.replaceAll(' ', '').replace(/^fin?(?=\d{5}$)/, '')
  if (street === '') return refuse('The street of the postal address is missing: write it as in Street 1.')
  if (!/^[\p{L}\p{N}]{3,10}$/u.test(code))
    return refuse('The postcode of the postal address is not valid: write it as in 00100.')
  const building = `${upToNumber(street)}|${code}`
  return {
    ok: true,
    postal: name === '' ? { strict: building, loose: [] } : { strict: `${name}|${building}`, loose: [building] },
  }
}

const readParts = (input: unknown): string[] | null => {
  if (typeof input === 'string') {
    const parts = input.split('|')
    return parts.length === 2 ? ['', ...parts] : parts.length === 3 ? parts : null
  }
  if (typeof input !== 'object' || input === null) return null
  const { name = '', street, postcode } = input as Record<string, unknown>
  return typeof name === 'string' && typeof street === 'string' && typeof postcode === 'string'
    ? [name, street, postcode]
    : null
}

// Through upper case, which spells out what lower case leaves apart (ß and ss, the two small sigmas); through lower case
// before it, for the capital ẞ. Never by locale.
const fold = (part: string): string =>
  part
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')

// `linnankatu 12 b 7` and `3 linja 18b` end with the number of the house: 12 and 18.
const upToNumber = (street: string): string => {
  const words = street.split(' ')
  const firstName = words.findIndex((word) => !/^\d/.test(word))
  const house = words.findIndex((word, index) => index > firstName && /^\d/.test(word))
  if (firstName === -1 || house === -1) return street
  return [...words.slice(0, house), words[house]?.match(/^\d+/)?.[0]].join(' ')
}

const refuse = (error: string): PostalResult => ({ ok: false, error })
