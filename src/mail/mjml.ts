import { escapeHtml } from '../templates/mail/html.ts'
import { checkTree } from './contentTree.ts'
import type { Compiled, Dialect } from './contentTree.ts'
import { htmlToText } from './htmlToText.ts'
import { documentProblem, elementProblem } from './inert.ts'
import { cssProblem, imageProblem, linkProblem } from './links.ts'
import { attribute, isElement, parseMarkup } from './markup.ts'
import type { Element, Node } from './markup.ts'
import type { Problem } from './mergeExpression.ts'
import type { Protected } from './placeholders.ts'
import { serialize } from './serialize.ts'

/**
 * The components a mailing may use and what stands inside them. Missing on purpose: mj-include (reads files), mj-raw
 * and mj-html-attributes (reach around the check), mj-font (fetches), mj-carousel, mj-accordion and mj-navbar (forms
 * and scripts of sorts), mj-social (fetches another company's icons).
 */
const COMPONENTS: Record<string, 'components' | 'html' | 'text' | 'styles' | 'nothing'> = {
  mjml: 'components',
  'mj-head': 'components',
  'mj-attributes': 'components',
  'mj-body': 'components',
  'mj-wrapper': 'components',
  'mj-section': 'components',
  'mj-group': 'components',
  'mj-column': 'components',
  'mj-hero': 'components',
  'mj-text': 'html',
  'mj-button': 'html',
  'mj-table': 'html',
  'mj-title': 'text',
  'mj-preview': 'text',
  'mj-style': 'styles',
  'mj-image': 'nothing',
  'mj-divider': 'nothing',
  'mj-spacer': 'nothing',
  'mj-breakpoint': 'nothing',
  'mj-all': 'nothing',
  'mj-class': 'nothing',
}

const MJML: Dialect = {
  plain: ['a', 'pre', 'code', 'mj-button', 'mj-title', 'mj-preview', 'mj-style'],
  problem(element, attributes) {
    if (!Object.hasOwn(COMPONENTS, element.tag)) return elementProblem(element.tag, attributes)
    if (element.tag === 'mj-image' && attribute(element, 'alt') === undefined) return 'every picture needs a text in "alt"'
    for (const { name, value } of attributes) {
      const problem = attributeProblem(name, value)
      if (problem) return problem
    }
    return element.tag === 'mj-style' ? cssProblem(element.children.map((node) => ('text' in node ? node.text : '')).join('')) : null
  },
}

function attributeProblem(name: string, value: string): string | null {
  if (name === 'href') return linkProblem(value)
  if (name === 'src' || name === 'background-url') return imageProblem(value)
  if (name === 'alt' || name === 'title') return null
  if (name === 'srcset' || name === 'inline' || name.startsWith('on')) return `"${name}" is not allowed`
  if (['css-class', 'mj-class', 'name'].includes(name)) return /^[\w\s-]*$/.test(value) ? null : `"${name}" holds names only`
  return /[;{}<>]/.test(value) ? `"${name}" holds one plain value` : cssProblem(value)
}

/**
 * MJML to a whole HTML document and its text. MJML never sees the author's source, only the checked tree, so there is
 * nothing left to include or to escape from. Problems carry offsets into the author's source.
 */
export async function compileMjml(content: Protected): Promise<Compiled> {
  const nodes = parseMarkup(content.source)
  if ('message' in nodes) return failed([{ ...nodes, at: content.origin(nodes.at) }])
  const [root, ...others] = nodes.filter((node) => isElement(node) || node.text.trim() !== '')
  if (!root || others.length > 0 || !isElement(root) || root.tag !== 'mjml') {
    return failed([{ at: content.origin(root?.at ?? 0), message: 'an MJML content is one <mjml> element' }])
  }
  const placed = withOrigins(root, content)
  const { problems, links } = checkTree([placed], content, MJML)
  const misplaced = [...problems, ...placeProblems(placed)]
  const count = countOf(placed)
  if (count > MAX_COMPONENTS) {
    misplaced.push({ at: placed.at, message: `an MJML content has at most ${MAX_COMPONENTS} components, not ${count}` })
  }
  if (misplaced.length > 0) return failed(misplaced)
  return { text: htmlToText([placed], content), links, ...(await toHtml(placed, content)) }
}

/** Compiling takes a quarter of a millisecond a component, and everybody waits meanwhile. */
const MAX_COMPONENTS = 1000

function countOf(element: Element): number {
  return 1 + element.children.filter(isElement).reduce((sum, child) => sum + (child.tag.startsWith('mj') ? countOf(child) : 0), 0)
}

function failed(problems: Problem[]): Compiled {
  return { html: '', text: '', links: [], problems }
}

function withOrigins(element: Element, content: Protected): Element {
  const children = element.children.map((node) =>
    isElement(node) ? withOrigins(node, content) : { ...node, at: content.origin(node.at) },
  )
  return { ...element, children, at: content.origin(element.at) }
}

/** Text between components and components inside text: MJML would drop both without a word. */
function placeProblems(element: Element, inside = COMPONENTS[element.tag]): Problem[] {
  return element.children.flatMap((node): Problem[] => {
    const component = isElement(node) && node.tag.startsWith('mj')
    if (inside === 'components' || inside === 'nothing') {
      if (!isElement(node)) return node.text.trim() === '' ? [] : [outOfPlace(node, 'text stands in <mj-text>')]
      if (!component || inside === 'nothing') return [outOfPlace(node, `<${node.tag}> cannot stand here`)]
      return placeProblems(node, element.tag === 'mj-attributes' ? 'nothing' : COMPONENTS[node.tag])
    }
    if (!isElement(node)) return []
    return component || inside !== 'html' ? [outOfPlace(node, `<${node.tag}> cannot stand here`)] : placeProblems(node, 'html')
  })
}

function outOfPlace({ at }: Node, message: string): Problem {
  return { at, message }
}

type MjmlNode = {
  tagName: string
  attributes: Record<string, string | boolean>
  children: MjmlNode[]
  content?: string
  line: number
}

async function toHtml(root: Element, content: Protected): Promise<{ html: string; problems: Problem[] }> {
  const { default: mjml2html } = await import('mjml')
  try {
    const { html } = await mjml2html(framed(toMjml(root)), { validationLevel: 'strict', ignoreIncludes: true, fonts: {} })
    const problem = documentProblem(html, (link) => content.tagOf(link)?.system != null)
    const lean = html.includes('<pre') ? html : html.replace(/\s*\n\s*/g, '\n')
    return { html: lean.replace(/\0(\w+)\0/g, '{{ $1 }}'), problems: problem ? [{ at: root.at, message: problem }] : [] }
  } catch (error) {
    const found = error instanceof Error && 'errors' in error ? (error.errors as { line: number; message: string }[]) : []
    const problems = found.map(({ line, message }) => ({ at: line, message }))
    return { html: '', problems: problems.length > 0 ? problems : [{ at: root.at, message: 'MJML cannot compile this' }] }
  }
}

/** MJML carries a "line" through its checks; ours is an offset, which says more. */
function toMjml(element: Element): MjmlNode {
  const kind = COMPONENTS[element.tag]
  const attributes = element.attributes.map(({ name, value }) => [name, truth(value) ?? escapeHtml(value)])
  const node = { tagName: element.tag, attributes: Object.fromEntries(attributes), line: element.at }
  if (kind === 'components') return { ...node, children: element.children.filter(isElement).map(toMjml) }
  const [first] = element.children
  const inner = kind === 'styles' && first && 'text' in first ? first.text : serialize(element.children)
  return { ...node, children: [], ...(inner.trim() !== '' && { content: inner.trim() }) }
}

function truth(value: string): boolean | null {
  return value === 'true' ? true : value === 'false' ? false : null
}

/** What the content leaves open for compose: NUL, which no author can write, keeps these apart from text. */
const PLACES = { top: '\0top\0', bottom: '\0bottom\0', language: '\0language\0' }

/** Room for the marking above and the notices below, system fonts, and the mailing's language. */
function framed(root: MjmlNode): MjmlNode {
  const raw = (content: string): MjmlNode => ({ tagName: 'mj-raw', attributes: {}, children: [], content, line: root.line })
  const fonts = { 'font-family': 'Arial, Helvetica, sans-serif' }
  const all: MjmlNode = { tagName: 'mj-all', attributes: fonts, children: [], line: root.line }
  const head: MjmlNode = { tagName: 'mj-attributes', attributes: {}, children: [all], line: root.line }
  const rest = root.children.filter(({ tagName }) => tagName !== 'mj-head')
  const heads = root.children.filter(({ tagName }) => tagName === 'mj-head').flatMap(({ children }) => children)
  return {
    ...root,
    attributes: { lang: PLACES.language, ...root.attributes },
    children: [
      { tagName: 'mj-head', attributes: {}, children: [head, ...heads], line: root.line },
      ...rest.map((node) => (node.tagName === 'mj-body' ? { ...node, children: [raw(PLACES.top), ...node.children, raw(PLACES.bottom)] } : node)),
    ],
  }
}
