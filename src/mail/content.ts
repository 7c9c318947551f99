import { registerField } from '../rules/mergeFields.ts'
import type { Compiled } from './contentTree.ts'
import { htmlLiquid, textLiquid } from './liquid.ts'
import { compileMarkdown } from './markdown.ts'
import { BLOCKS, URLS } from './mergeExpression.ts'
import type { Problem } from './mergeExpression.ts'
import { scanMergeTags } from './mergeTags.ts'
import type { Scan } from './mergeTags.ts'
import { compileMjml } from './mjml.ts'
import { protect } from './placeholders.ts'

export type ContentInput = { format: 'markdown' | 'mjml'; subject: string; body: string }

/** A checked content, as it is stored and frozen with its mailing. Plain JSON, no NUL. */
export type Content = {
  /** `part`: html is what stands inside our layout (Markdown). `document`: html is a whole page of its own (MJML). */
  shape: 'part' | 'document'
  /** Liquid, plain text. */
  subject: string
  /** Liquid, for the HTML engine: every value is escaped when it is filled in. */
  html: string
  /** Liquid, for the text engine. */
  text: string
  /** Register field keys that subject or body show. */
  mergedFields: string[]
  /** Links written out in the body, each once. */
  links: string[]
  warnings: Remark[]
}

/** Where something stands in what the author wrote; lines and columns count from 1. */
export type Remark = { path: 'subject' | 'content.body'; line: number; column: number; message: string }

export type ContentCheck = { ok: true; content: Content } | { ok: false; errors: Remark[] }

const MAX_BODY = 256 * 1024
const MAX_SUBJECT = 300
/** Whoever has this many mistakes mends some first. */
const MAX_REMARKS = 50
/** Gmail hides the rest of a message beyond about 102 kB. */
const CLIPPED_AT = 100_000

/**
 * Checks a mailing's content when it is saved and compiles it, so that nothing can fail for want of checking while
 * it is sent.
 * @param allowedFields register field keys of the mailing's purpose (domain.md section 1)
 * @param options.survey the mailing invites to a survey, so the survey's own names may be used
 * @param options.prices the mailing sends a price list, so its table may be placed
 * @returns the content, or every error with its line and column
 */
export async function checkContent(
  input: ContentInput,
  allowedFields: readonly string[],
  options: { survey?: boolean; prices?: boolean } = {},
): Promise<ContentCheck> {
  const { subject } = input
  const body = input.body.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const system = [...BLOCKS, ...URLS].filter((name) =>
    name.startsWith('survey') ? options.survey : name !== 'priceTable' || options.prices,
  )
  const subjectScan = scanMergeTags(subject, { allowedFields, system: [] })
  const bodyScan = scanMergeTags(body, { allowedFields, system })
  const subjectProblems = [...subjectLimits(subject), ...subjectScan.problems, ...withoutCode(subjectScan)]
  const bodyProblems = [...bodyLimits(body), ...bodyScan.problems]
  if (subjectProblems.length === 0 && subjectMayBeEmpty(subject)) {
    subjectProblems.push({
      at: 0,
      message: 'the subject would be empty for whoever lacks the field; give it a default',
    })
  }
  const compiled = bodyProblems.length > 0 ? null : await compile(input.format, body, bodyScan)
  if (compiled) bodyProblems.push(...compiled.problems)
  if (!compiled || bodyProblems.length + subjectProblems.length > 0) {
    return {
      ok: false,
      errors: [...remarks('subject', subject, subjectProblems), ...remarks('content.body', body, bodyProblems)],
    }
  }
  const fields = [...subjectScan.fields, ...bodyScan.fields].map(registerField).filter((field) => field !== null)
  const content: Content = {
    shape: input.format === 'mjml' ? 'document' : 'part',
    subject: subject.trim(),
    html: compiled.html,
    text: compiled.text,
    mergedFields: [...new Set(fields)],
    links: [...new Set(compiled.links)],
    warnings: [
      ...remarks('subject', subject, lackingDefaults(subjectScan)),
      ...remarks('content.body', body, [...lackingDefaults(bodyScan), ...sizeWarnings(compiled.html)]),
    ],
  }
  return { ok: true, content }
}

/** Control characters, line ends and tabs apart, and halves of characters cannot be sent. */
const CONTROL = /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u

function subjectLimits(subject: string): Problem[] {
  const control = subject.search(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u)
  if (control !== -1) return [{ at: control, message: 'a subject is one line without control characters' }]
  if (subject.trim() === '') return [{ at: 0, message: 'the subject is missing' }]
  return subject.length > MAX_SUBJECT
    ? [{ at: MAX_SUBJECT, message: `a subject has at most ${MAX_SUBJECT} characters` }]
    : []
}

/** `raw` and `comment` do their work while a body is compiled; a subject is not. */
function withoutCode({ tags }: Scan): Problem[] {
  return tags
    .filter(({ code }) => code === '')
    .map(({ begin }) => ({ at: begin, message: 'raw and comment cannot be used here' }))
}

function bodyLimits(body: string): Problem[] {
  if (Buffer.byteLength(body) > MAX_BODY) return [{ at: 0, message: `a content has at most ${MAX_BODY / 1024} KiB` }]
  const control = body.search(CONTROL)
  return control === -1 ? [] : [{ at: control, message: 'this control character cannot be sent' }]
}

function subjectMayBeEmpty(subject: string): boolean {
  return String(textLiquid.parseAndRenderSync(subject, { contact: {}, company: {} })).trim() === ''
}

async function compile(format: ContentInput['format'], body: string, scan: Scan): Promise<Compiled> {
  const content = protect(body, scan.tags, format === 'markdown')
  const compiled = format === 'mjml' ? await compileMjml(content) : compileMarkdown(content)
  if (compiled.problems.length > 0) return compiled
  if (compiled.text.replace(content.words, '').trim() === '') {
    return { ...compiled, problems: [{ at: 0, message: 'nothing is left for the plain-text part: write some text' }] }
  }
  const finished = { ...compiled, html: content.restore(compiled.html), text: content.restore(compiled.text) }
  return parses(finished)
    ? finished
    : { ...finished, problems: [{ at: 0, message: 'the merge tags cannot be put together' }] }
}

/** The engine's own word on what we made, so that it cannot say otherwise while sending. */
function parses({ html, text }: Compiled): boolean {
  try {
    htmlLiquid.parse(html)
    textLiquid.parse(text)
    return true
  } catch {
    return false
  }
}

/** Fields that somebody may lack, shown without saying what else to write. */
function lackingDefaults(scan: Scan): Problem[] {
  return scan.tags
    .filter(({ code, block, system, conditional }) => code && block === null && !system && !conditional)
    .filter(({ code }) => /(contact|company)\./.test(code) && !/contact\.(email|language)|\|\s*default\b/.test(code))
    .map(({ begin, code }) => ({ at: begin, message: `${code} stays empty for whoever lacks it; a default helps` }))
}

function sizeWarnings(html: string): Problem[] {
  if (Buffer.byteLength(html) <= CLIPPED_AT) return []
  return [{ at: 0, message: 'the message is so long that some mail programs hide its end' }]
}

function remarks(path: Remark['path'], source: string, problems: readonly Problem[]): Remark[] {
  return [...problems]
    .sort((a, b) => a.at - b.at)
    .slice(0, MAX_REMARKS)
    .map(({ at, message }) => {
      const before = source.slice(0, at).split('\n')
      return { path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message }
    })
}
