import { escapeLiquid } from './liquid.ts'
import { attribute, isElement } from './markup.ts'
import type { Element, Node } from './markup.ts'
import type { Protected } from './placeholders.ts'

/** Elements that stand on lines of their own, and how many line ends set them apart. */
const APART: Record<string, number> = {
  p: 2, div: 2, h1: 2, h2: 2, h3: 2, h4: 2, h5: 2, h6: 2, ul: 2, ol: 2, li: 1, table: 2, tr: 1, blockquote: 2, pre: 2,
  hr: 2, br: 1, caption: 1, 'mj-text': 2, 'mj-button': 2, 'mj-image': 2, 'mj-table': 2, 'mj-divider': 2,
} // prettier-ignore
const SILENT = ['mj-head', 'mj-spacer']
/** Elements between whose children blanks mean nothing. */
const FRAMES = ['table', 'thead', 'tbody', 'tfoot', 'tr', 'ul', 'ol', 'mj-table']

type Writer = {
  /** In pieces, because asking a growing string for its end again and again copies it each time. */
  pieces: string[]
  /** Something was written, conditions apart. */
  begun: boolean
  /** The last piece ended with a blank. */
  blank: boolean
  /** Line ends owed before the next text. */
  owed: number
  /** What every line begins with: quotation marks, the indent of a list. */
  margin: string
  /** What the empty lines owed begin with: the shortest margin on either side of them. */
  gap: string
  /** What the next line begins with instead: a list's bullet. */
  bullet: string | null
}

/**
 * The plain-text twin of a content, from the same tree as its HTML: links keep their addresses, pictures their texts,
 * tables their rows. Merge words stay, everything else is literal.
 */
export function htmlToText(nodes: readonly Node[], content: Protected): string {
  const writer: Writer = { pieces: [], begun: false, blank: false, owed: 0, margin: '', gap: '', bullet: null }
  for (const node of nodes) writeNode(node, null)
  return writer.pieces
    .join('')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()

  function writeNode(node: Node, parent: Element | null, literal = false): void {
    if (isElement(node)) writeElement(node, parent, literal)
    else if (isCondition(node.text)) writer.pieces.push(node.text.trim())
    else if (node.text.trim() !== '' || !FRAMES.includes(parent?.tag ?? '')) write(writer, node.text, literal)
  }

  /** A condition between paragraphs takes no room of its own, whichever way it goes. */
  function isCondition(text: string): boolean {
    const words = text.match(content.words)
    if (!words || (writer.owed === 0 && writer.begun)) return false
    return text.replace(content.words, '').trim() === '' && words.every((word) => content.tagOf(word)?.block != null)
  }

  function writeElement(element: Element, parent: Element | null, literal: boolean): void {
    const { tag, children } = element
    if (SILENT.includes(tag)) return
    const { margin } = writer
    const apart = parent?.tag === 'li' ? Math.min(APART[tag] ?? 0, 1) : (APART[tag] ?? 0)
    owe(writer, apart)
    if (tag === 'blockquote') writer.margin += '> '
    if (tag === 'li') {
      writer.bullet = `${margin}${bulletOf(element, parent)} `
      writer.margin += '  '
    }
    if ((tag === 'td' || tag === 'th') && parent?.children.find(isElement) !== element) write(writer, ' | ', true)
    if (tag === 'hr' || tag === 'mj-divider') write(writer, '----------', true)
    if (tag === 'img' || tag === 'mj-image') write(writer, attribute(element, 'alt') ?? '', literal)
    for (const child of children) writeNode(child, element, literal || tag === 'pre')
    const address = addressOf(element)
    if (address !== '') write(writer, ` (${address})`, true)
    writer.margin = margin
    owe(writer, apart)
  }

  /** Where a link goes, unless its text says so already. */
  function addressOf(element: Element): string {
    const address = (attribute(element, 'href') ?? '').replace(/^(mailto|tel):/i, '')
    return content.restore(address) === content.restore(textOf(element)) ? '' : address
  }
}

function bulletOf(item: Element, list: Element | null): string {
  if (list?.tag !== 'ol') return '-'
  return `${Number(attribute(list, 'start') ?? 1) + list.children.filter(isElement).indexOf(item)}.`
}

function textOf(element: Element): string {
  return element.children
    .map((node) => (isElement(node) ? textOf(node) : node.text))
    .join('')
    .trim()
}

function owe(writer: Writer, lineEnds: number): void {
  if (lineEnds === 0) return
  writer.gap = writer.owed === 0 || writer.margin.length < writer.gap.length ? writer.margin : writer.gap
  writer.owed = Math.max(writer.owed, lineEnds)
}

function write(writer: Writer, text: string, literal: boolean): void {
  const { pieces, begun, owed, margin, gap, bullet } = writer
  const fresh = !begun || owed > 0
  const collapsed = literal ? text : text.replace(/[ \t\r\n\f]+/g, ' ')
  const rest = !literal && (fresh || writer.blank) ? collapsed.trimStart() : collapsed
  if (rest === '' || (fresh && rest.trim() === '')) return
  if (fresh) {
    if (begun) pieces.push(`\n${gap.trimEnd()}`.repeat(Math.max(0, owed - 1)), '\n')
    pieces.push(bullet ?? margin)
    writer.begun = true
    writer.owed = 0
    writer.bullet = null
  }
  pieces.push(escapeLiquid(rest).replaceAll('\n', `\n${margin}`))
  writer.blank = rest.endsWith(' ')
}
