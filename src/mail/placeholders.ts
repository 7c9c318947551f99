import type { MergeTag } from './mergeTags.ts'

/**
 * Merge tags step aside while Markdown and MJML are compiled: each becomes a plain word that no compiler touches,
 * and comes back afterwards byte for byte.
 */
export type Protected = {
  source: string
  tags: readonly MergeTag[]
  /** The tag a word stands for. */
  tagOf(word: string): MergeTag | undefined
  /** Every word that stands for a tag, in a text. */
  words: RegExp
  /** Offset in the author's source of an offset in the protected source. */
  origin(offset: number): number
  restore(compiled: string): string
}

/**
 * @param tags in the order of the source
 * @param ownParagraph puts a condition that has its own line between empty lines, so that Markdown keeps it apart
 */
export function protect(source: string, tags: readonly MergeTag[], ownParagraph: boolean): Protected {
  const name = unusedName(source)
  const word = (index: number) => `${name}${index}z`
  const words = new RegExp(`${name}(\\d+)z`, 'g')
  const tagOf = (text: string) => tags[Number(text.slice(name.length, -1))]
  const starts: { from: number; length: number }[] = []
  let text = ''
  let done = 0
  tags.forEach((tag, index) => {
    text += source.slice(done, tag.begin)
    done = tag.end
    const standIn = tag.code === '' ? '' : alone(source, tag) && ownParagraph ? `\n\n${word(index)}\n\n` : word(index)
    starts.push({ from: text.length, length: standIn.length })
    text += standIn
  })
  text += source.slice(done)
  return {
    source: text,
    tags,
    tagOf,
    words,
    origin: (offset) => {
      const index = starts.findLastIndex(({ from }) => from <= offset)
      const [start, tag] = [starts[index], tags[index]]
      if (!start || !tag) return offset
      return offset < start.from + start.length ? tag.begin : tag.end + offset - start.from - start.length
    },
    restore: (compiled) => compiled.replace(words, (found) => tagOf(found)?.code ?? found),
  }
}

function unusedName(source: string): string {
  let name = 'mergetag'
  while (source.includes(name)) name += 'x'
  return name
}

/** A condition's tag with nothing else on its line, not indented. */
function alone(source: string, tag: MergeTag): boolean {
  const before = source[tag.begin - 1] ?? '\n'
  const after = source.slice(tag.end, source.indexOf('\n', tag.end) + 1 || undefined)
  return tag.block !== null && before === '\n' && after.trim() === ''
}
