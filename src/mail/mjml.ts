import { escapeHtml } from '../templates/mail/html.ts'
import { checkTree } from './contentTree.ts'
import type { Compiled } from './contentTree.ts'
import { htmlToText } from './htmlToText.ts'
import { documentProblem } from './inert.ts'
import { COMPONENTS, countProblems, MJML, placeProblems } from './mjmlDialect.ts'
import { isElement, parseMarkup } from './markup.ts'
import type { Element } from './markup.ts'
import type { Problem } from './mergeExpression.ts'
import type { Protected } from './placeholders.ts'
import { serialize } from './serialize.ts'

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
  const all = [...problems, ...placeProblems(placed), ...countProblems(placed)]
  if (all.length > 0) return failed(all)
  return { text: htmlToText([placed], content), links, ...(await toHtml(placed, content)) }
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
    const { html } = await mjml2html(framed(toMjml(root)), {
      validationLevel: 'strict',
      ignoreIncludes: true,
      fonts: {},
    })
    const problem = documentProblem(html, (link) => content.tagOf(link)?.system != null)
    const lean = html.includes('<pre') ? html : html.replace(/\n\s+/g, '\n')
    return {
      html: lean.replace(/\0(\w+)\0/g, '{{ $1 }}'),
      problems: problem ? [{ at: root.at, message: problem }] : [],
    }
  } catch (error) {
    const found =
      error instanceof Error && 'errors' in error ? (error.errors as { line: number; message: string }[]) : []
    const problems = found.map(({ line, message }) => ({ at: line, message }))
    return {
      html: '',
      problems: problems.length > 0 ? problems : [{ at: root.at, message: 'MJML cannot compile this' }],
    }
  }
}

/** MJML carries a "line" through its checks; ours is an offset, which says more. */
function toMjml(element: Element): MjmlNode {
  const kind = COMPONENTS[element.tag]
  const attributes = element.attributes.map(({ name, value }): [string, string | boolean] => [
    name,
    truth(value) ?? escapeHtml(value),
  ])
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
  const raw = (content: string): MjmlNode => ({
    tagName: 'mj-raw',
    attributes: {},
    children: [],
    content,
    line: root.line,
  })
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
      ...rest.map((node) =>
        node.tagName === 'mj-body'
          ? { ...node, children: [raw(PLACES.top), ...node.children, raw(PLACES.bottom)] }
          : node,
      ),
    ],
  }
}
