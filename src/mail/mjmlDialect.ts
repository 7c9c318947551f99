import type { Dialect } from './contentTree.ts'
import { elementProblem } from './inert.ts'
import { cssProblem, imageProblem, linkProblem } from './links.ts'
import { attribute, isElement } from './markup.ts'
import type { Element, Node } from './markup.ts'
import type { Problem } from './mergeExpression.ts'

/**
 * The components a mailing may use and what stands inside them. Missing on purpose: mj-include (reads files), mj-raw
 * and mj-html-attributes (reach around the check), mj-font (fetches), mj-carousel, mj-accordion and mj-navbar (forms
 * and scripts of sorts), mj-social (fetches another company's icons).
 */
export const COMPONENTS: Record<string, 'components' | 'html' | 'text' | 'styles' | 'nothing'> = {
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

export const MJML: Dialect = {
  plain: ['a', 'pre', 'code', 'mj-button', 'mj-title', 'mj-preview', 'mj-style'],
  problem(element, attributes) {
    if (!Object.hasOwn(COMPONENTS, element.tag)) return elementProblem(element.tag, attributes)
    if (element.tag === 'mj-image' && attribute(element, 'alt') === undefined)
      return 'every picture needs a text in "alt"'
    for (const { name, value } of attributes) {
      const problem = attributeProblem(name, value)
      if (problem) return problem
    }
    return element.tag === 'mj-style'
      ? cssProblem(element.children.map((node) => ('text' in node ? node.text : '')).join(''))
      : null
  },
}

function attributeProblem(name: string, value: string): string | null {
  if (name === 'href') return linkProblem(value)
  if (name === 'src' || name === 'background-url') return imageProblem(value)
  if (name === 'alt' || name === 'title') return null
  if (name === 'srcset' || name === 'inline' || name.startsWith('on')) return `"${name}" is not allowed`
  if (['css-class', 'mj-class', 'name'].includes(name))
    return /^[\w\s-]*$/.test(value) ? null : `"${name}" holds names only`
  return /[;{}<>]/.test(value) ? `"${name}" holds one plain value` : cssProblem(value)
}

/** Text between components and components inside text: MJML would drop both without a word. */
export function placeProblems(element: Element, inside = COMPONENTS[element.tag]): Problem[] {
  return element.children.flatMap((node): Problem[] => {
    const component = isElement(node) && node.tag.startsWith('mj')
    if (inside === 'components' || inside === 'nothing') {
      if (!isElement(node)) return node.text.trim() === '' ? [] : [outOfPlace(node, 'text stands in <mj-text>')]
      if (!component || inside === 'nothing') return [outOfPlace(node, `<${node.tag}> cannot stand here`)]
      return placeProblems(node, element.tag === 'mj-attributes' ? 'nothing' : COMPONENTS[node.tag])
    }
    if (!isElement(node)) return []
    return component || inside !== 'html'
      ? [outOfPlace(node, `<${node.tag}> cannot stand here`)]
      : placeProblems(node, 'html')
  })
}

function outOfPlace({ at }: Node, message: string): Problem {
  return { at, message }
}

/** Compiling takes a quarter of a millisecond a component, and everybody waits meanwhile. */
const MAX_COMPONENTS = 1000

export function countProblems(root: Element): Problem[] {
  const count = countOf(root)
  if (count <= MAX_COMPONENTS) return []
  return [{ at: root.at, message: `an MJML content has at most ${MAX_COMPONENTS} components, not ${count}` }]
}

function countOf(element: Element): number {
  return (
    1 +
    element.children
      .filter(isElement)
      .reduce((sum, child) => sum + (child.tag.startsWith('mj') ? countOf(child) : 0), 0)
  )
}
