/** What stood further up in a file, by its keyed hash. */
export type SeenMarks = { has(hash: string): boolean; add(hash: string): void }

/**
 * A set of keyed hashes in 8 bytes each and no object for any of them: a million take 16 megabytes. 53 bits of a hash are looked
 * at; two meet by chance once in 18,000 files of a million rows.
 * @param expected how many there will be, about; more make it grow
 */
export function seenMarks(expected: number): SeenMarks {
  let slots = new Float64Array(sizeFor(expected))
  let taken = 0

  /** Where a number stands, or the free place for it. */
  function placeOf(number: number, of: Float64Array): number {
    const mask = of.length - 1
    let at = (number % 0x1_0000_0000) & mask
    while (of[at] !== 0 && of[at] !== number) at = (at + 1) & mask
    return at
  }

  return {
    has(hash) {
      const number = numberOf(hash)
      return slots[placeOf(number, slots)] === number
    },
    add(hash) {
      const number = numberOf(hash)
      slots[placeOf(number, slots)] = number
      if (++taken * 4 < slots.length * 3) return
      const wider = new Float64Array(slots.length * 2)
      for (const one of slots) if (one !== 0) wider[placeOf(one, wider)] = one
      slots = wider
    },
  }
}

function sizeFor(expected: number): number {
  return 2 ** Math.max(10, Math.ceil(Math.log2(expected * 1.5 + 1)))
}

/** Nine characters of base64url have 54 bits: one less fits a number. Never 0, which is a free place. */
function numberOf(hash: string): number {
  let number = 0
  for (let i = 0; i < 8; i++) number = number * 64 + valueOf(hash.charCodeAt(i))
  return number * 32 + (valueOf(hash.charCodeAt(8)) >> 1) || 1
}

/** A-Z a-z 0-9 - _ */
function valueOf(code: number): number {
  if (code >= 97) return code - 71
  if (code >= 65) return code === 95 ? 63 : code - 65
  return code === 45 ? 62 : code + 4
}
