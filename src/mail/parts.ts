import type { Liquid, Template } from 'liquidjs'
import { escapeHtml } from '../templates/mail/html.ts'
import type { Twin } from '../templates/mail/html.ts'
import { sourceLine } from '../templates/mail/mailing.ts'
import type { Language } from '../templates/mail/words.ts'
import { htmlLiquid, isStatic, textLiquid } from './liquid.ts'

export type MergeValues = {
  contact: Readonly<Record<string, string | undefined>>
  company: Readonly<Record<string, string | undefined>>
}

/** What differs from recipient to recipient. */
export type SlotValues = {
  unsubscribeUrl: string
  /** Only in survey invitations. */
  surveyUrl?: string
  /** Where we got the contact details, in the recipient's language; null when they came from the person. */
  source: string | null
  values: MergeValues
}

export type Slot = (recipient: SlotValues) => string
/** A piece of a message: text that is the same for all, or a slot. */
export type Part = string | Slot
export type Form = keyof Twin

const ENGINES: Record<Form, Liquid> = { html: htmlLiquid, text: textLiquid }
const escapes: Record<Form, (text: string) => string> = { html: escapeHtml, text: (text) => text }

/** The slots that our own templates mark, in one form and language. */
export function ownSlots(form: Form, language: Language): Record<string, Part[]> {
  const escape = escapes[form]
  const lineEnd = form === 'html' ? '<br>\n' : '\n'
  return {
    unsubscribeUrl: [({ unsubscribeUrl }) => escape(unsubscribeUrl)],
    surveyUrl: [({ surveyUrl = '' }) => escape(surveyUrl)],
    source: [({ source }) => (source === null ? '' : lineEnd + escape(sourceLine(language, source)))],
  }
}

/** Cuts a ready string at its slot marks (`slot()` of templates/mail/html.ts) and puts in what each stands for. */
export function splice(text: string, slots: Readonly<Record<string, Part[]>>): Part[] {
  return text.split('\0').flatMap((piece, index) => (index % 2 === 0 ? [piece] : (slots[piece] ?? [])))
}

/**
 * Cuts a checked Liquid template into static text and slots. Names of ours are replaced from `named`; a plain field,
 * with or without a default, becomes a look-up; what is left is rendered by the engine.
 */
export function compileTemplate(form: Form, source: string, named: Readonly<Record<string, Part[]>>): Part[] {
  const engine = ENGINES[form]
  return engine.parse(source).flatMap((template): Part[] => {
    if (isStatic(template)) return [String(engine.renderSync([template]))]
    const code = codeOf(template)
    const own = Object.hasOwn(named, code) ? named[code] : undefined
    return own ?? [fieldSlot(form, code) ?? engineSlot(form, template)]
  })
}

function codeOf(template: Template): string {
  return 'content' in template.token ? String(template.token.content) : ''
}

const FIELD = /^(contact|company)\.(\w+)(?:\s*\|\s*default:\s*(?:"([^"]*)"|'([^']*)'))?$/
const LITERAL = /^(?:"([^"]*)"|'([^']*)')$/

function fieldSlot(form: Form, code: string): Part | null {
  const escape = escapes[form]
  const literal = LITERAL.exec(code)
  if (literal) return escape(literal[1] ?? literal[2] ?? '')
  const [, scope, key, double, single] = FIELD.exec(code) ?? []
  if (!scope || !key) return null
  const fallback = double ?? single ?? ''
  return ({ values }) => escape(values[scope === 'contact' ? 'contact' : 'company'][key] || fallback)
}

/** The general case: conditions and filters. */
export function engineSlot(form: Form, template: Template): Slot {
  const engine = ENGINES[form]
  return ({ values }) => String(engine.renderSync([template], values))
}

/** Joins neighbouring static parts and drops empty ones. */
export function merged(parts: readonly Part[]): Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '') joined.push(part)
  }
  return joined
}

/** The parts as one string, for previews and subjects. */
export function fill(parts: readonly Part[], recipient: SlotValues): string {
  return parts.map((part) => (typeof part === 'string' ? part : part(recipient))).join('')
}
