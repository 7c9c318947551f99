import type { Brand, Company } from '../templates/mail/html.ts'
import { boxRow, noteRow, pageHtml, pageText, strip } from '../templates/mail/layout.ts'
import { identity, marking, objectionBlock, reason, surveyBlock } from '../templates/mail/mailing.ts'
import type { MailingFrame, MailingKind, SurveyQuestion } from '../templates/mail/mailing.ts'
import { priceTable } from '../templates/mail/priceTable.ts'
import type { PriceView } from '../templates/mail/priceTable.ts'
import { slot } from '../templates/mail/html.ts'
import { mailWords } from '../templates/mail/words.ts'
import type { Language } from '../templates/mail/words.ts'
import type { Content } from './content.ts'
import { badInHeader, isHttpUrl, isPlainAddress } from './headers.ts'
import { compileTemplate, merged, ownSlots, splice } from './parts.ts'
import type { Form, Part } from './parts.ts'

export type Sender = {
  from: { name: string; address: string }
  replyTo?: { name: string; address: string }
  company: Company
  brand: Brand
  /** Base of every link, without a slash at the end. */
  publicUrl: string
}

/** What a mailing in one language looks like, before anybody's values are filled in. */
export type MailingInput = {
  class: MailingKind
  language: Language
  /** `listId` is the immutable `label.namespace` of RFC 2919. */
  topic: { id: string; listId: string; name: string }
  sender: Sender
  content: Content
  /** A survey invitation's first question. */
  survey?: SurveyQuestion
  /** The price list of the recipients' price group. */
  prices?: PriceView
  /** A test send: says so in the subject. */
  test?: boolean
  /** The one reminder of an earlier mailing: says so in the subject. */
  reminder?: boolean
}

export type MailingParts = { subject: Part[]; html: Part[]; text: Part[] }

/**
 * Puts a content into its frame: marking, identity, objection block, survey question and reason are appended to both
 * parts unless the content places them itself.
 */
export function mailingParts(input: MailingInput): MailingParts {
  const { content, language } = input
  const words = mailWords[language]
  const marks = [input.test ? `[${words.testMark}] ` : '', input.reminder ? `${words.survey.reminder}: ` : '']
  const subject = compileTemplate('text', content.subject, {})
  return {
    subject: merged([...marks, ...subject]),
    html: merged(formParts('html', input)),
    text: merged(formParts('text', input)),
  }
}

type Blocks = Record<'marking' | 'identity' | 'objectionBlock' | 'surveyBlock' | 'priceTable' | 'reason', string>

function formParts(form: Form, input: MailingInput): Part[] {
  const blocks = blocksOf(form, input)
  const slots = ownSlots(form, input.language)
  const placed = new Set<string>()
  const named: Record<string, Part[]> = { ...slots, language: [input.language] }
  for (const [name, block] of Object.entries(blocks)) named[name] = splice(block, slots)
  const source = input.content[form]
  for (const name of Object.keys(blocks)) if (places(source, name)) placed.add(name)
  const left = (name: keyof Blocks) => (placed.has(name) ? '' : blocks[name])
  if (form === 'text') return textPage(source, left, blocks.reason, named)
  return htmlPage(source, left, blocks.reason, named, input)
}

function places(source: string, name: string): boolean {
  return new RegExp(`\\{\\{-?\\s*${name}\\s*-?\\}\\}`).test(source)
}

function blocksOf(form: Form, input: MailingInput): Blocks {
  const { language, sender, topic } = input
  const { company, publicUrl } = sender
  const frame: MailingFrame = { language, kind: input.class, company, topic: topic.name, publicUrl }
  return {
    marking: marking(frame)[form],
    identity: identity(language, company)[form],
    objectionBlock: objectionBlock(frame)[form],
    surveyBlock: input.survey ? surveyBlock(language, input.survey, sender.brand)[form] : '',
    priceTable: input.prices ? priceTable(language, input.prices, input.content.shape === 'document')[form] : '',
    reason: reason(frame)[form],
  }
}

type Left = (name: keyof Blocks) => string
type Named = Record<string, Part[]>

function textPage(source: string, left: Left, why: string, named: Named): Part[] {
  const content = [slot('content'), left('priceTable'), left('surveyBlock')].filter((part) => part !== '').join('\n\n')
  const notices = [left('objectionBlock'), [left('identity'), why].filter((part) => part !== '').join('\n\n')]
  const page = pageText(
    left('marking'),
    content,
    notices.filter((part) => part !== ''),
  )
  return splice(page, { ...named, content: compileTemplate('text', source, named) })
}

function htmlPage(
  source: string,
  left: Left,
  why: string,
  named: Named,
  { sender, language, topic, content }: MailingInput,
): Part[] {
  const survey = left('surveyBlock')
  const rows = [
    left('objectionBlock') && boxRow(left('objectionBlock')),
    noteRow([left('identity'), why].filter((part) => part !== '').join('<br><br>\n')),
  ].join('\n')
  if (content.shape === 'part') {
    const { brand } = sender
    const asked = survey === '' ? '' : `<p>${survey}</p>`
    const inner = [slot('content'), left('priceTable'), asked].filter((part) => part !== '').join('\n')
    const page = pageHtml({ language, title: topic.name, brand, top: left('marking'), content: inner, bottom: rows })
    return splice(page, { ...named, content: compileTemplate('html', source, named) })
  }
  const top = left('marking') && strip(noteRow(left('marking')))
  const boxes = [left('priceTable'), survey].filter((part) => part !== '').map(boxRow)
  const bottom = strip([...boxes, rows].join('\n'))
  return compileTemplate('html', source, { ...named, top: splice(top, named), bottom: splice(bottom, named) })
}

/** Configuration that would break a message is a broken world, found before the first recipient. */
export function assertSender({ from, replyTo, company, brand, publicUrl }: Sender): void {
  for (const address of [from.address, replyTo?.address]) {
    if (address !== undefined && !isPlainAddress(address))
      throw new Error('a sender address is not a plain ASCII address')
  }
  const texts = [from.name, replyTo?.name ?? '', company.name, company.businessId, company.address, brand.name]
  if (texts.some(badInHeader)) throw new Error('sender data contains a line end or another control character')
  if (!isHttpUrl(publicUrl)) throw new Error('the public address cannot stand in a message')
}
