import { cssProblem, imageProblem, linkProblem } from './links.ts'
import { tokenize } from './markup.ts'
import type { Attribute } from './markup.ts'

/**
 * Which HTML a message may consist of. Lists of what is allowed, never of what is not: scripts, forms, frames,
 * embedded objects, SVG, `meta refresh`, event handlers and foreign fonts are absent because nobody wrote them down.
 */
const TAGS = new Set(
  (
    'a abbr b blockquote br caption code col colgroup del div em h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre s ' +
    'small span strong sub sup table tbody td tfoot th thead tr u ul'
  ).split(' '),
)
const ATTRIBUTES = new Set(
  (
    'align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class colspan dir height href lang ' +
    'role rowspan scope src start style target title valign width'
  ).split(' '),
)

/** What MJML and the layouts add around the content, for browsers and for Outlook. */
const FRAME_TAGS = new Set('html head title meta style body noscript xml'.split(' '))
const FRAME_ATTRIBUTES = new Set(
  (
    'name content charset http-equiv media type xmlns xmlns:v xmlns:o aria-roledescription rel background ' +
    'fill stroke stroked fillcolor inset origin position size color aspect sizes frame'
  ).split(' '),
)

/**
 * @returns why this element may not stand in a message, or null. Merge words in links and addresses are the
 *   caller's to check first; here they are no link.
 */
export function elementProblem(tag: string, attributes: readonly Attribute[]): string | null {
  if (!TAGS.has(tag)) return `<${tag}> is not allowed in a message`
  for (const { name, value } of attributes) {
    if (!ATTRIBUTES.has(name)) return `"${name}" is not allowed on <${tag}>`
    const problem = attributeProblem(tag, name, value)
    if (problem) return problem
  }
  return tag === 'img' && !attributes.some(({ name }) => name === 'alt') ? 'every picture needs a text in "alt"' : null
}

function attributeProblem(tag: string, name: string, value: string): string | null {
  if (name === 'href') return tag === 'a' ? linkProblem(value) : `"href" is not allowed on <${tag}>`
  if (name === 'src') return tag === 'img' ? imageProblem(value) : `"src" is not allowed on <${tag}>`
  if (name === 'style') return cssProblem(value)
  return name === 'class' && !/^[\w\s-]*$/.test(value) ? '"class" holds names of styles only' : null
}

/**
 * The last look at a compiled document, whoever compiled it: every tag and attribute, those that only Outlook reads
 * included, is on the lists above.
 * @param isOurs recognises merge words that stand for links of ours
 */
export function documentProblem(html: string, isOurs: (link: string) => boolean): string | null {
  if (/\{\{|\{%/.test(html)) return 'a merge tag appeared that nobody wrote'
  const tokens = tokenize(
    html.replace(/^<!doctype html>/i, '').replace(/<!--\[if [^\]]*\]>(<!-->)?|(<!--)?<!\[endif\]-->/g, ' '),
  )
  if ('message' in tokens) return tokens.message
  let inStyle = false
  for (const token of tokens) {
    if (token.type === 'text') {
      const problem = inStyle ? cssProblem(token.text) : null
      if (problem) return problem
    } else if (token.type === 'open') {
      inStyle = token.tag === 'style'
      const problem = frameProblem(token.tag, token.attributes, isOurs)
      if (problem) return problem
    } else inStyle = false
  }
  return null
}

function frameProblem(tag: string, attributes: readonly Attribute[], isOurs: (link: string) => boolean): string | null {
  const office = /^[vow]:[a-z]+$/i.test(tag)
  if (!TAGS.has(tag) && !FRAME_TAGS.has(tag) && !office) return `<${tag}> is not allowed in a message`
  for (const { name, value } of attributes) {
    const known = ATTRIBUTES.has(name) || FRAME_ATTRIBUTES.has(name)
    if (!known) return `"${name}" is not allowed on <${tag}>`
    if (name === 'http-equiv' && !/^(x-ua-compatible|content-type)$/i.test(value)) return 'this <meta> is not allowed'
    if (name === 'href' && !isOurs(value) && linkProblem(value)) return linkProblem(value)
    if ((name === 'src' || name === 'background') && imageProblem(value)) return imageProblem(value)
    if (name === 'style' && cssProblem(value, true)) return cssProblem(value, true)
  }
  return null
}
