import { LiquidError, Tokenizer, TokenKind } from 'liquidjs'
import type { TagToken, TopLevelToken } from 'liquidjs'
import type { MergePath } from '../rules/mergeFields.ts'
import { readCondition, readOutput } from './mergeExpression.ts'
import type { MergeRules, Problem, SystemName } from './mergeExpression.ts'

/** One merge tag of a source that passed the check. */
export type MergeTag = {
  begin: number
  end: number
  /** The tag as it was written, or nothing where it has done its work (`raw`, `comment`). */
  code: string
  system: SystemName | null
  /** Stands in a condition, so a recipient may not see it. */
  conditional: boolean
  /** Where the `if`, `unless` or `case` begins that this tag opens, divides or closes; null for an output. */
  block: number | null
}

export type Scan = { tags: MergeTag[]; fields: MergePath[]; problems: Problem[] }

type Open = { name: string; at: number }

const OPENERS = ['if', 'unless', 'case']
const DIVIDERS: Record<string, readonly string[]> = {
  elsif: ['if', 'unless'],
  else: OPENERS,
  when: ['case'],
}

/** Finds and checks every merge tag of a source. Problems carry offsets into that source. */
export function scanMergeTags(source: string, rules: MergeRules): Scan {
  const scan: Scan = { tags: [], fields: [], problems: [] }
  const open: Open[] = []
  let comment: number | null = null
  for (const token of topLevelTokens(source, scan)) {
    if (comment !== null) {
      if (nameOf(token) === 'endcomment') {
        scan.tags.push(tagOf(token, { begin: comment, code: '', conditional: open.length > 0 }))
        comment = null
      }
    } else if (nameOf(token) === 'comment') comment = token.begin
    else if (token.kind === TokenKind.Output) scanOutput(token, rules, open, scan)
    else if (token.kind === TokenKind.Tag) scanTag(token as TagToken, rules, open, scan)
  }
  if (comment !== null) scan.problems.push({ at: comment, message: '{% comment %} is not closed' })
  for (const tag of open) scan.problems.push({ at: tag.at, message: `{% ${tag.name} %} is not closed` })
  return scan
}

function topLevelTokens(source: string, scan: Scan): TopLevelToken[] {
  try {
    return new Tokenizer(source).readTopLevelTokens()
  } catch (error) {
    if (!LiquidError.is(error)) throw error
    const at = (error as { token?: { begin: number } }).token?.begin ?? 0
    scan.problems.push({ at, message: 'the merge tag that begins here is not closed or has no name' })
    return []
  }
}

function scanOutput(token: TopLevelToken, rules: MergeRules, open: Open[], scan: Scan): void {
  const { begin, end } = inside(token)
  const output = readOutput(token.input.slice(begin, end), begin, rules)
  if ('message' in output) return void scan.problems.push(output)
  if (output.system && open.length > 0) {
    scan.problems.push({ at: begin, message: `"${output.system}" is for everybody and cannot depend on a condition` })
  }
  scan.fields.push(...output.fields)
  scan.tags.push(tagOf(token, { system: output.system, conditional: open.length > 0 }))
}

function scanTag(token: TagToken, rules: MergeRules, open: Open[], scan: Scan): void {
  const { name, args } = token
  if (name === 'raw' || name === 'endraw') return void scan.tags.push(tagOf(token, { code: '' }))
  const block = blockOf(token, open)
  if ('message' in block) return void scan.problems.push(block)
  const begin = inside(token).end - args.trimEnd().length
  if (OPENERS.includes(name) || name === 'elsif' || name === 'when') {
    const condition = readCondition(name, args.trimEnd(), begin, rules)
    if ('message' in condition) scan.problems.push(condition)
    else scan.fields.push(...condition.fields)
  } else if (args.trim() !== '') {
    scan.problems.push({ at: begin, message: `{% ${name} %} takes no value` })
  }
  scan.tags.push(tagOf(token, { block: block.at, conditional: open.length > 0 }))
}

/** The condition a tag opens, divides or closes. */
function blockOf(token: TagToken, open: Open[]): Open | Problem {
  const { name, begin: at } = token
  if (OPENERS.includes(name)) {
    const opened = { name, at }
    open.push(opened)
    return opened
  }
  const within = DIVIDERS[name] ?? OPENERS.filter((opener) => name === `end${opener}`)
  if (within.length === 0) return { at, message: `unknown tag "${name}"` }
  const block = open.at(-1)
  if (!block || !within.includes(block.name)) return { at, message: `{% ${name} %} belongs to no open condition here` }
  if (name.startsWith('end')) open.pop()
  return block
}

function tagOf(token: TopLevelToken, known: Partial<MergeTag>): MergeTag {
  const { begin, end, input } = token
  return { begin, end, code: input.slice(begin, end), system: null, conditional: false, block: null, ...known }
}

function nameOf(token: TopLevelToken): string | null {
  return token.kind === TokenKind.Tag ? (token as TagToken).name : null
}

/** Where the content between the delimiters lies, without blanks and trim marks. */
function inside(token: TopLevelToken): { begin: number; end: number } {
  const [begin, end] = (token as TagToken).contentRange
  return { begin, end }
}
