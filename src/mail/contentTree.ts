import { elementProblem } from './inert.ts'
import { isElement } from './markup.ts'
import type { Attribute, Element, Node } from './markup.ts'
import { BLOCKS, URLS } from './mergeExpression.ts'
import type { Problem } from './mergeExpression.ts'
import type { MergeTag } from './mergeTags.ts'
import type { Protected } from './placeholders.ts'

/** What a format knows about elements that are not HTML. */
export type Dialect = {
  /** Complaint about an element; attributes that carry merge words of ours are left out. */
  problem(element: Element, attributes: readonly Attribute[]): string | null
  /** Elements in which a condition or a block of ours makes no sense: labels and links. */
  plain: readonly string[]
}

export const HTML: Dialect = {
  problem: ({ tag }, attributes) => elementProblem(tag, attributes),
  plain: ['a', 'pre', 'code'],
}

const MAX_LINKS = 200
const MAX_PROBLEMS = 20

/** What a format becomes; html and text still carry merge words. Offsets are those of the author's source. */
export type Compiled = { html: string; text: string; links: string[]; problems: Problem[] }

export type TreeCheck = { problems: Problem[]; links: string[] }

/**
 * Checks a content's tree: every element allowed, every merge tag where its value is text, every condition opened and
 * closed in the same element, so that no recipient gets half an element.
 */
export function checkTree(nodes: readonly Node[], content: Protected, dialect: Dialect): TreeCheck {
  const check: TreeCheck = { problems: [], links: [] }
  const seen = new Map<number, { parent: Element | null; tags: number }>()
  walk(nodes, null, false)
  const whole = Map.groupBy(
    content.tags.filter(({ block }) => block !== null),
    ({ block }) => block ?? 0,
  )
  for (const [block, tags] of whole) {
    const lost = seen.get(block)?.tags !== tags.length
    if (lost && check.problems.length === 0) check.problems.push({ at: block, message: SPLIT })
  }
  return { links: check.links, problems: check.problems.slice(0, MAX_PROBLEMS) }

  function walk(children: readonly Node[], parent: Element | null, plain: boolean): void {
    for (const node of children) {
      if (isElement(node)) {
        checkElement(node)
        walk(node.children, node, plain || dialect.plain.includes(node.tag))
      } else for (const [word] of node.text.matchAll(content.words)) checkWord(content.tagOf(word), parent, plain)
    }
  }

  function checkElement(element: Element): void {
    const own = element.attributes.filter(({ name, value }) => {
      if (!value.match(content.words)) return true
      const message = wordsProblem(name, value, content)
      if (message) check.problems.push({ at: element.at, message })
      return name === 'alt' || name === 'title'
    })
    const message = dialect.problem(element, own)
    if (message) check.problems.push({ at: element.at, message })
    for (const { name, value } of own) if (name === 'href') check.links.push(value)
    if (check.links.length === MAX_LINKS + 1) {
      check.problems.push({ at: element.at, message: `a message may carry ${MAX_LINKS} links; this is one more` })
    }
  }

  function checkWord(tag: MergeTag | undefined, parent: Element | null, plain: boolean): void {
    if (!tag) return
    if (tag.block === null) {
      if (plain && BLOCKS.some((name) => name === tag.system)) {
        check.problems.push({ at: tag.begin, message: `"${tag.system}" is a paragraph and cannot stand here` })
      } else if (tag.system === 'priceTable' && parent !== null && NO_TABLE.includes(parent.tag)) {
        check.problems.push({ at: tag.begin, message: '"priceTable" needs a line of its own, with empty lines around it' })
      }
      return
    }
    if (plain)
      return void check.problems.push({ at: tag.begin, message: 'a condition cannot stand in a label, link or code' })
    const first = seen.get(tag.block)
    if (!first) seen.set(tag.block, { parent, tags: 1 })
    else if (first.parent === parent) first.tags++
    else if (!check.problems.some(({ at }) => at === tag.begin)) check.problems.push({ at: tag.begin, message: SPLIT })
  }
}

/** Where a table cannot stand. */
const NO_TABLE = ['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'span']

const SPLIT =
  'a condition begins and ends in the same paragraph or element; on lines of their own its tags need the same indentation'

/** Merge words in attributes: a whole link of ours, or text in `alt` and `title`. */
function wordsProblem(name: string, value: string, content: Protected): string | null {
  const tags = (value.match(content.words) ?? []).map(content.tagOf)
  if (name === 'alt' || name === 'title') {
    return tags.every((tag) => tag?.block === null && tag.system === null) ? null : `only fields can stand in "${name}"`
  }
  if (name !== 'href') return `merge tags cannot stand in "${name}"`
  const [tag] = tags
  const whole = tags.length === 1 && value.replace(content.words, '') === ''
  return whole && URLS.some((url) => url === tag?.system)
    ? null
    : 'a link is either written out or {{ unsubscribeUrl }}'
}
