import { isMergePath, mayMerge, MERGE_PATHS } from '../rules/mergeFields.ts'
import type { MergePath } from '../rules/mergeFields.ts'
import { FILTER_ARGUMENTS } from './liquid.ts'

/** Blocks of ours that a content may place itself; whoever does not gets them appended. */
export const BLOCKS = ['marking', 'identity', 'objectionBlock', 'surveyBlock', 'priceTable'] as const
/** Links of ours, one for each recipient. */
export const URLS = ['unsubscribeUrl', 'surveyUrl'] as const
export type SystemName = (typeof BLOCKS)[number] | (typeof URLS)[number]

export type MergeRules = {
  /** Register field keys of the mailing's purpose. */
  allowedFields: readonly string[]
  /** Which of our own names may be used here: none in a subject, the survey's only in survey invitations, the prices' in price lists. */
  system: readonly SystemName[]
}

export type Problem = { at: number; message: string }
export type Output = { fields: MergePath[]; system: SystemName | null }

type Lexeme = { kind: 'text' | 'number' | 'name' | 'comparison' | 'mark'; value: string; at: number }
type Cursor = { lexemes: Lexeme[]; next: number; end: number; rules: MergeRules; fields: MergePath[] }

const LEXEME =
  /\s*(?:("[^"\\\r\n]*"|'[^'\\\r\n]*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(==|!=|<=|>=|<|>)|([|:,]))/y
const KINDS = ['text', 'number', 'name', 'comparison', 'mark'] as const
const LITERALS = ['true', 'false', 'nil', 'null', 'empty', 'blank']

/**
 * Reads what stands between `{{` and `}}`: a field, a quoted text or a name of ours, then filters.
 * Stricter than the engine on purpose: what this grammar lets through has one meaning.
 * @param at offset of `text` in the source, so that every problem points at what the author wrote
 */
export function readOutput(text: string, at: number, rules: MergeRules): Output | Problem {
  const cursor = lex(text, at, rules)
  if ('message' in cursor) return cursor
  const first = peek(cursor)
  if (first?.kind === 'name' && isSystemName(first.value)) {
    if (!rules.system.includes(first.value)) return { at: first.at, message: `"${first.value}" cannot be used here` }
    cursor.next++
    const more = peek(cursor)
    if (more) return { at: more.at, message: `"${first.value}" stands alone: no filters` }
    return { fields: [], system: first.value }
  }
  return readValue(cursor) ?? readFilters(cursor) ?? { fields: cursor.fields, system: null }
}

/** Reads the condition of `if`, `elsif`, `unless`, the value of `case` or the values of `when`. */
export function readCondition(tag: string, text: string, at: number, rules: MergeRules): Output | Problem {
  const cursor = lex(text, at, rules)
  if ('message' in cursor) return cursor
  for (;;) {
    const problem = readValue(cursor, LITERALS) ?? (tag === 'when' || tag === 'case' ? null : readComparison(cursor))
    if (problem) return problem
    const joint = peek(cursor)
    if (!joint) return { fields: cursor.fields, system: null }
    const joins = tag === 'case' ? [] : tag === 'when' ? ['or', ','] : ['and', 'or']
    if (!joins.includes(joint.value)) return unexpected(joint)
    cursor.next++
  }
}

function lex(text: string, at: number, rules: MergeRules): Cursor | Problem {
  const lexemes: Lexeme[] = []
  const length = text.trimEnd().length
  let position = 0
  while (position < length) {
    LEXEME.lastIndex = position
    const match = LEXEME.exec(text)
    if (!match) {
      const wrong = position + (/^\s*/.exec(text.slice(position))?.[0].length ?? 0)
      return { at: at + wrong, message: `"${text.slice(wrong, wrong + 1)}" cannot be used in a merge tag` }
    }
    const kind = match.slice(1).findIndex((part) => part !== undefined)
    const value = match[kind + 1] ?? ''
    position += match[0].length
    lexemes.push({ kind: KINDS[kind] ?? 'mark', value, at: at + position - value.length })
  }
  return { lexemes, next: 0, end: at + length, rules, fields: [] }
}

function readValue(cursor: Cursor, literals: readonly string[] = []): Problem | null {
  const lexeme = cursor.lexemes[cursor.next++]
  if (!lexeme) return { at: cursor.end, message: 'the merge tag is not complete' }
  if (lexeme.kind === 'text' || lexeme.kind === 'number' || literals.includes(lexeme.value)) return null
  if (lexeme.kind !== 'name') return unexpected(lexeme)
  const path = lexeme.value
  if (isSystemName(path)) return { at: lexeme.at, message: `"${path}" can only stand alone, as {{ ${path} }}` }
  if (!isMergePath(path)) return { at: lexeme.at, message: unknownField(path) }
  if (!mayMerge(path, cursor.rules.allowedFields)) {
    return { at: lexeme.at, message: `"${path}" may not be used in a mailing of this purpose` }
  }
  cursor.fields.push(path)
  return null
}

function readComparison(cursor: Cursor): Problem | null {
  const operator = peek(cursor)
  if (operator?.kind !== 'comparison' && operator?.value !== 'contains') return null
  cursor.next++
  return readValue(cursor, LITERALS)
}

function readFilters(cursor: Cursor): Problem | null {
  for (let bar = peek(cursor); bar; bar = peek(cursor)) {
    if (bar.value !== '|') return unexpected(bar)
    cursor.next++
    const name = cursor.lexemes[cursor.next++]
    if (!name) return { at: cursor.end, message: 'a filter is missing after "|"' }
    const count = FILTER_ARGUMENTS[name.value]
    if (!count) return { at: name.at, message: `unknown filter "${name.value}"` }
    let given = 0
    for (let mark = peek(cursor); mark?.value === (given === 0 ? ':' : ','); mark = peek(cursor)) {
      cursor.next++
      const problem = readValue(cursor)
      if (problem) return problem
      given++
    }
    if (given < count[0] || given > count[1]) {
      return { at: name.at, message: `filter "${name.value}" takes ${count.join(' to ')} values, not ${given}` }
    }
  }
  return null
}

function peek(cursor: Cursor): Lexeme | undefined {
  return cursor.lexemes[cursor.next]
}

function isSystemName(name: string): name is SystemName {
  return [...BLOCKS, ...URLS].some((known) => known === name)
}

function unexpected(lexeme: Lexeme): Problem {
  return { at: lexeme.at, message: `"${lexeme.value}" is not expected here` }
}

function unknownField(path: string): string {
  if (path === 'preferencesUrl')
    return 'a mailing links to {{ unsubscribeUrl }} only; preferences are mailed by /manage'
  if (path === 'viewUrl') return '"viewUrl" is reserved and cannot be used yet'
  return `unknown field "${path}"; the fields are ${MERGE_PATHS.join(', ')}`
}
