import { Marked } from 'marked'
import type { Token, Tokens } from 'marked'
import { escapeHtml } from '../templates/mail/html.ts'
import { checkTree, HTML } from './contentTree.ts'
import type { Compiled } from './contentTree.ts'
import { htmlToText } from './htmlToText.ts'
import { attribute, isElement, parseMarkup } from './markup.ts'
import type { Node } from './markup.ts'
import type { Problem } from './mergeExpression.ts'
import type { Protected } from './placeholders.ts'
import { serialize } from './serialize.ts'

/** Where links and pictures stand in the source; `marked` itself keeps no offsets. */
const offsets = new WeakMap<object, number>()

/** CommonMark with tables. HTML in it is text like any other: it is shown, never obeyed. */
const markdown = new Marked({
  renderer: {
    html: (token) => ('block' in token && token.block ? `<p>${escapeHtml(token.raw)}</p>\n` : escapeHtml(token.raw)),
    link(token) {
      const title = token.title ? ` title="${quotable(token.title)}"` : ''
      const href = token.autolink ? escapeHtml(token.href) : quotable(token.href)
      const label = token.autolink ? escapeHtml(token.text) : this.parser.parseInline(token.tokens)
      return `<a href="${href}"${title}${at(token)}>${label}</a>`
    },
    image(token) {
      const alt = this.parser.parseInline(token.tokens, this.parser.textRenderer)
      // An empty text cannot be told from a forgotten one here, so it is left out and found missing.
      return `<img src="${quotable(token.href)}"${alt.trim() && ` alt="${quotable(alt)}"`}${at(token)}>`
    },
    checkbox: ({ checked }) => (checked ? '[x] ' : '[ ] '),
    code: ({ text }) => `<pre><code>${escapeHtml(text)}</code></pre>\n`,
  },
})

/**
 * Markdown to the inner HTML of a message and its text. Problems carry offsets into `content.source`.
 * Never throws: what `marked` gives up on (nesting without end) is a problem at the beginning.
 */
export function compileMarkdown(content: Protected): Compiled {
  const html = NESTED.test(content.source) ? null : toHtml(content.source)
  const parsed = html === null ? TOO_DEEP : parseMarkup(html, 'lenient')
  if ('message' in parsed) return { html: '', text: '', links: [], problems: [TOO_DEEP] }
  const nodes = placed(parsed, content)
  const { problems, links } = checkTree(nodes, content, HTML)
  return { html: serialize(nodes), text: htmlToText(nodes, content), links, problems }
}

/** Quotations in quotations, lists in lists: seen before `marked`, which takes seconds to give up on them. */
const NESTED = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){41}/m
const TOO_DEEP: Problem = { at: 0, message: 'lists or quotations are nested too deeply' }

function toHtml(source: string): string | null {
  try {
    const tokens = markdown.lexer(source)
    locate(tokens, source, 0)
    return markdown.parser(tokens)
  } catch {
    return null
  }
}

/** Notes where each token begins: tokens follow each other inside their parent's text. */
function locate(tokens: readonly Token[], within: string, from: number): void {
  let cursor = 0
  for (const token of tokens) {
    const found = within.indexOf(token.raw, cursor)
    const start = found === -1 ? cursor : found
    offsets.set(token, from + start)
    for (const children of childrenOf(token)) locate(children, token.raw, from + start)
    if (found !== -1) cursor = found + token.raw.length
  }
}

function childrenOf(token: Token): Token[][] {
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table
    return [header, ...rows].flat().map((cell) => cell.tokens)
  }
  if (token.type === 'list') return [(token as Tokens.List).items]
  return ['tokens' in token && token.tokens ? token.tokens : []]
}

/** For a quoted attribute; character references stay, since Markdown lets them stand in addresses and titles. */
function quotable(text: string): string {
  return text.replace(/["<>]/g, escapeHtml)
}

function at(token: Tokens.Link | Tokens.Image): string {
  return ` data-at="${offsets.get(token) ?? 0}"`
}

/** Gives elements their offsets in the author's source, and conditions between paragraphs their own place. */
function placed(nodes: readonly Node[], content: Protected, from = 0): Node[] {
  return nodes.flatMap((node): Node[] => {
    if (!isElement(node)) return [{ ...node, at: from }]
    const own = content.origin(Number(attribute(node, 'data-at') ?? from))
    const attributes = node.attributes.filter(({ name }) => name !== 'data-at')
    const children = placed(node.children, content, own)
    const isApart = node.tag === 'p' && (isConditions(children, content) || isTable(children, content))
    return isApart ? children : [{ ...node, attributes, children, at: own }]
  })
}

/** Our table, alone in its paragraph: a table cannot stand in one. */
function isTable(nodes: readonly Node[], content: Protected): boolean {
  const [only, ...more] = nodes
  if (!only || isElement(only) || more.length > 0) return false
  return content.tagOf(only.text.trim())?.system === 'priceTable'
}

function isConditions(nodes: readonly Node[], content: Protected): boolean {
  return nodes.every((node) => {
    const words = isElement(node) ? null : node.text.match(content.words)
    if (!words || isElement(node)) return false
    return (
      node.text.replace(content.words, '').trim() === '' && words.every((word) => content.tagOf(word)?.block != null)
    )
  })
}
