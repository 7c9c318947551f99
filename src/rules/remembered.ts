/** Answers at hand, and the longest text that has one: some megabytes together, whoever asks for whatever. */
const MOST = 20_000
const LONGEST = 100

/**
 * The same function, with its last answers kept at hand: for what is asked again and again of the same few texts, such as the
 * domains of a list of contacts. Answers are shared, so nobody may change them.
 */
export const remembered = <Answer>(of: (text: string) => Answer): ((text: string) => Answer) => {
  const kept = new Map<string, Answer>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const answer = of(text)
    if (text.length > LONGEST) return answer
    if (kept.size >= MOST) kept.clear()
    kept.set(own(text), answer)
    return answer
  }
}

/** A copy, since a piece of a long text keeps the whole of it in memory. */
const own = (text: string): string => JSON.parse(JSON.stringify(text)) as string
