import { Liquid, TokenKind } from 'liquidjs'
import type { Template } from 'liquidjs'
import { escapeHtml } from '../templates/mail/html.ts'

/**
 * The merge language, locked down: `if`, `unless`, `case` and seven filters. Nothing loops, includes, reads a file,
 * a clock or the environment, and names come from prototype-free tables, so `constructor` is an unknown filter.
 */
const TAGS = ['if', 'unless', 'case']

const FILTERS: Record<string, (value: unknown, ...args: unknown[]) => unknown> = {
  default: (value, otherwise) => (value === '' || value === false || value == null ? otherwise : value),
  upcase: (value) => asText(value).toUpperCase(),
  downcase: (value) => asText(value).toLowerCase(),
  capitalize: (value) => asText(value).slice(0, 1).toUpperCase() + asText(value).slice(1).toLowerCase(),
  strip: (value) => asText(value).trim(),
  truncate: (value, length = 50, ellipsis = '...') => truncate(asText(value), Number(length), asText(ellipsis)),
  // Every value is escaped where it is HTML, and only there; asking for it again must not escape twice.
  escape: (value) => value,
}

/** How many arguments each filter takes: [fewest, most]. */
export const FILTER_ARGUMENTS: Readonly<Record<string, readonly [number, number]>> = Object.assign(
  Object.create(null) as Record<string, readonly [number, number]>,
  {
    default: [1, 1],
    upcase: [0, 0],
    downcase: [0, 0],
    capitalize: [0, 0],
    strip: [0, 0],
    truncate: [0, 2],
    escape: [0, 0],
  },
)

/** Renders into HTML: every value is escaped. */
export const htmlLiquid = lockedDown((value) => escapeHtml(asText(value)))

/** Renders into plain text and subjects: values stand as they are. */
export const textLiquid = lockedDown()

function lockedDown(outputEscape?: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    dynamicPartials: false,
    relativeReference: false,
    templates: {},
    parseLimit: 4_000_000,
    memoryLimit: 1_000_000,
    ...(outputEscape && { outputEscape }),
  })
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) delete engine.filters[name]
  for (const [name, filter] of Object.entries(FILTERS)) engine.registerFilter(name, filter)
  return engine
}

/** Literal text for a Liquid template that is not HTML: an opening brace is written as a merge tag of itself. */
export function escapeLiquid(text: string): string {
  return text.replaceAll('{', '{{ "{" }}')
}

/** Whether a parsed template is plain text between merge tags. */
export function isStatic(template: Template): boolean {
  return template.token.kind === TokenKind.HTML
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** By characters, never through the middle of one. */
function truncate(text: string, length: number, ellipsis: string): string {
  const characters = [...text]
  if (characters.length <= length) return text
  return characters.slice(0, Math.max(0, length - [...ellipsis].length)).join('') + ellipsis
}
