/**
 * A strict reader of MJML and HTML. It is no browser: what a browser would guess about, it refuses, so that what it
 * lets through means one thing to us, to MJML and to every mail program. Entities are decoded here and written again
 * by `serialize`, so nothing hides behind them.
 */
export type Attribute = { name: string; value: string }
export type Element = { tag: string; attributes: Attribute[]; children: Node[]; at: number }
export type Text = { text: string; at: number }
export type Node = Element | Text
export type MarkupToken =
  | { type: 'text'; text: string; at: number }
  | { type: 'open'; tag: string; attributes: Attribute[]; closed: boolean; at: number }
  | { type: 'close'; tag: string; at: number }
export type MarkupError = { at: number; message: string }

/** Elements whose content is not markup. */
const RAW = ['mj-style', 'style']
const VOID = ['br', 'hr', 'img', 'col', 'wbr', 'meta', 'input', 'link', 'base', 'area', 'embed', 'source', 'track']
const MAX_DEPTH = 40
const MAX_ATTRIBUTES = 60

const TAG_NAME = /<(\/?)([a-zA-Z][\w:-]*)/y
const ATTRIBUTE = /\s+([a-zA-Z_:][\w:.-]*)(?:\s*=\s*(?:"([^"<]*)"|'([^'<]*)'))?/y
const TAG_END = /\s*(\/?)>/y

export function isElement(node: Node): node is Element {
  return 'tag' in node
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attributes.find((each) => each.name === name)?.value
}

/** What to do with `&foo;`: a mistake in markup that people write, plain text in what a compiler of ours made. */
export type References = 'strict' | 'lenient'

/** @returns the tree, or the first thing that is not well formed, with its offset. */
export function parseMarkup(source: string, references: References = 'strict'): Node[] | MarkupError {
  const tokens = tokenize(source, references)
  if ('message' in tokens) return tokens
  const root: Node[] = []
  const open: Element[] = []
  for (const token of tokens) {
    const top = open.at(-1)
    const siblings = top?.children ?? root
    if (token.type === 'text') siblings.push({ text: token.text, at: token.at })
    else if (token.type === 'open') {
      const element: Element = { tag: token.tag, attributes: token.attributes, children: [], at: token.at }
      siblings.push(element)
      if (token.closed || VOID.includes(token.tag)) continue
      if (open.length >= MAX_DEPTH) return { at: token.at, message: `elements are nested deeper than ${MAX_DEPTH}` }
      open.push(element)
    } else if (top?.tag === token.tag) open.pop()
    else {
      const still = top ? `<${top.tag}> is still open` : 'nothing is open'
      return { at: token.at, message: `</${token.tag}> closes nothing: ${still}` }
    }
  }
  const unclosed = open.at(-1)
  return unclosed ? { at: unclosed.at, message: `<${unclosed.tag}> is not closed` } : root
}

/** Tags, texts and their offsets, without looking at nesting. Comments are dropped. */
export function tokenize(source: string, references: References = 'strict'): MarkupToken[] | MarkupError {
  const tokens: MarkupToken[] = []
  let position = 0
  while (position < source.length) {
    const next = source.indexOf('<', position)
    const end = next === -1 ? source.length : next
    if (end > position) {
      const text = decode(source.slice(position, end), position, references)
      if (typeof text !== 'string') return text
      tokens.push({ type: 'text', text, at: position })
    }
    position = end
    if (next === -1) break
    const read = source.startsWith('<!--', position)
      ? readComment(source, position)
      : readTag(source, position, tokens, references)
    if (typeof read !== 'number') return read
    position = read
  }
  return tokens
}

function readComment(source: string, at: number): number | MarkupError {
  const end = source.indexOf('-->', at + 4)
  return end === -1 ? { at, message: 'the comment is not closed' } : end + 3
}

function readTag(source: string, at: number, tokens: MarkupToken[], references: References): number | MarkupError {
  const [, slash, name] = matchAt(TAG_NAME, source, at) ?? []
  if (name === undefined) return { at, message: noTag(source.slice(at, at + 9)) }
  const tag = name.toLowerCase()
  const attributes: Attribute[] = []
  let position = TAG_NAME.lastIndex
  for (let match = matchAt(ATTRIBUTE, source, position); match; match = matchAt(ATTRIBUTE, source, position)) {
    const attributeName = (match[1] ?? '').toLowerCase()
    const value = decode(match[2] ?? match[3] ?? '', position, references)
    if (typeof value !== 'string') return value
    if (attributes.some((each) => each.name === attributeName)) {
      return { at: position, message: `<${tag}> has ${attributeName} twice` }
    }
    attributes.push({ name: attributeName, value })
    if (attributes.length > MAX_ATTRIBUTES)
      return { at: position, message: `<${tag}> has more than ${MAX_ATTRIBUTES} attributes` }
    position = ATTRIBUTE.lastIndex
  }
  const close = matchAt(TAG_END, source, position)
  if (!close || (slash && (attributes.length > 0 || close[1]))) {
    return {
      at: position,
      message: `<${slash}${tag}> is not well formed: put attribute values in quotes and close it with >`,
    }
  }
  position = TAG_END.lastIndex
  if (slash) tokens.push({ type: 'close', tag, at })
  else tokens.push({ type: 'open', tag, attributes, closed: close[1] === '/', at })
  return !slash && !close[1] && RAW.includes(tag) ? readRaw(source, position, tag, tokens) : position
}

function readRaw(source: string, at: number, tag: string, tokens: MarkupToken[]): number | MarkupError {
  const end = source.indexOf('<', at)
  if (end === -1 || !source.startsWith(`</${tag}`, end))
    return { at, message: `<${tag}> holds styles only, up to </${tag}>` }
  tokens.push({ type: 'text', text: source.slice(at, end), at })
  return end
}

function noTag(text: string): string {
  if (/^<!doctype|^<!entity|^<\?|^<!\[/i.test(text)) return 'declarations (DOCTYPE, ENTITY, CDATA, <?) are not allowed'
  return 'write &lt; for a "<" that begins no tag'
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]*));/g
const NAMED: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '\u00ad', zwnj: '\u200c', euro: '€', copy: '©',
  reg: '®', trade: '™', deg: '°', middot: '·', bull: '•', hellip: '…', ndash: '–', mdash: '—', laquo: '«', raquo: '»',
  lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bdquo: '„', times: '×', rarr: '→', larr: '←', sect: '§', frac12: '½',
  auml: 'ä', Auml: 'Ä', ouml: 'ö', Ouml: 'Ö', aring: 'å', Aring: 'Å', uuml: 'ü', Uuml: 'Ü', eacute: 'é', szlig: 'ß',
} // prettier-ignore

function decode(text: string, at: number, references: References): string | MarkupError {
  if (!text.includes('&')) return text
  let problem: MarkupError | null = null
  const decoded = text.replace(REFERENCE, (reference, ...found: unknown[]) => {
    const [decimal, hex, name, offset] = found as [string?, string?, string?, number?]
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '0', 16)
    const known = name ? Object.hasOwn(NAMED, name) && NAMED[name] : isCharacter(code) && String.fromCodePoint(code)
    if (known) return known
    const message = `unknown character reference ${reference}; write the character itself`
    if (references === 'strict') problem ??= { at: at + (offset ?? 0), message }
    return reference
  })
  return problem ?? decoded
}

function isCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    (code >= 32 && code < 127) ||
    (code >= 160 && code < 0xd800) ||
    (code > 0xdfff && code <= 0x10ffff)
  )
}
