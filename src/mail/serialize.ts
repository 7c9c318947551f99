import { escapeHtml } from '../templates/mail/html.ts'
import { isElement } from './markup.ts'
import type { Node } from './markup.ts'

const VOID = ['br', 'hr', 'img', 'col']

/** HTML from a checked tree: every text and attribute escaped anew, so only what was looked at comes out. */
export function serialize(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (!isElement(node)) return escapeHtml(node.text)
      const attributes = node.attributes.map(({ name, value }) => ` ${name}="${escapeHtml(value)}"`).join('')
      const open = `<${node.tag}${attributes}>`
      return VOID.includes(node.tag) ? open : `${open}${serialize(node.children)}</${node.tag}>`
    })
    .join('')
}
