import type { Block, Letter } from './letter.ts'
import { mailWords } from './words.ts'
import type { Language, Notice } from './words.ts'

/** What a service or staff message says. Confirmations take nothing that a visitor typed (threats T01). */
export type ServiceNotice =
  | {
      kind: 'confirmation' | 'confirmation_despite_ban'
      /** Names of what was asked for, ours. */
      topics: readonly string[]
      confirmUrl: string
      /** "It was not me": opens a page that takes the request back. */
      cancelUrl: string
      validHours: number
    }
  | { kind: 'welcome'; topics: readonly string[]; text?: readonly string[]; preferencesUrl: string }
  | { kind: 'manage_link'; url: string; validHours: number }
  | { kind: 'ban_notice'; undoUrl: string }
  | { kind: 'sign_in'; url: string; validMinutes: number }
  | {
      kind: 'registration'
      status: 'registered' | 'waiting' | 'changed' | 'cancelled'
      event: { name: string; when: string; where?: string }
      /** Change or cancel; left out where nothing can be changed any more. */
      url?: string
    }
  | { kind: 'enquiry_receipt' }
  | { kind: 'enquiry'; form: string; rows: readonly { label: string; value: string }[]; url: string }
  | { kind: 'alert'; title: string; lines: readonly string[]; url: string }
  /** Written by staff: an answer to a data subject, news about an event. */
  | { kind: 'letter'; subject: string; paragraphs: readonly string[]; action?: { label: string; url: string } }
  | { kind: 'test' }

/** The letter for a notice, in the reader's language. @param company signs the subject of what goes to customers */
export function letterOf(notice: ServiceNotice, language: Language, company: string): Letter {
  const words = mailWords[language]
  const signed = (text: string) => `${text} – ${company}`
  switch (notice.kind) {
    case 'confirmation':
    case 'confirmation_despite_ban': {
      const said = notice.kind === 'confirmation' ? words.confirmation : words.confirmationDespiteBan
      return {
        ...opening(said, signed),
        blocks: [
          ...texts(said.text),
          { kind: 'list', items: notice.topics },
          ...texts([...(said.after ?? []), said.validity(notice.validHours)]),
          { kind: 'button', label: said.button ?? said.heading, url: notice.confirmUrl },
          ...texts([said.notYou]),
          { kind: 'link', label: said.cancel, url: notice.cancelUrl },
        ],
      }
    }
    case 'welcome':
      return {
        ...opening(words.welcome, signed),
        blocks: [
          ...texts(words.welcome.text),
          { kind: 'list', items: notice.topics },
          ...texts([...(notice.text ?? []), ...(words.welcome.after ?? [])]),
          { kind: 'link', label: words.welcome.preferences, url: notice.preferencesUrl },
        ],
      }
    case 'manage_link':
      return withButton(words.manageLink, signed, notice.url, words.manageLink.validity(notice.validHours))
    case 'ban_notice':
      return {
        ...opening(words.banNotice, signed),
        blocks: [
          ...texts([...words.banNotice.text, words.banNotice.mistake]),
          { kind: 'link', label: words.banNotice.undo, url: notice.undoUrl },
        ],
      }
    case 'sign_in':
      return withButton(words.signIn, signed, notice.url, words.signIn.validity(notice.validMinutes))
    case 'registration':
      return registration(notice, language, signed)
    case 'enquiry_receipt':
      return { ...opening(words.enquiryReceipt, signed), blocks: texts(words.enquiryReceipt.text) }
    case 'enquiry':
      return {
        subject: words.enquiry.subject(notice.form),
        heading: words.enquiry.heading,
        blocks: [
          { kind: 'rows', rows: notice.rows },
          { kind: 'button', label: words.enquiry.button, url: notice.url },
        ],
      }
    case 'alert':
      return {
        subject: words.alert.subject(notice.title),
        heading: notice.title,
        blocks: [...texts(notice.lines), { kind: 'button', label: words.alert.button, url: notice.url }],
      }
    case 'letter':
      return {
        subject: signed(notice.subject),
        heading: notice.subject,
        blocks: [
          ...texts(notice.paragraphs),
          ...(notice.action ? [{ kind: 'button' as const, ...notice.action }] : []),
        ],
      }
    case 'test':
      return { ...opening(words.test, signed), blocks: texts(words.test.text) }
  }
}

function opening(said: Notice, signed: (text: string) => string): Omit<Letter, 'blocks'> {
  return { subject: signed(said.subject), heading: said.heading }
}

function texts(paragraphs: readonly string[]): Block[] {
  return paragraphs.map((text) => ({ kind: 'text', text }))
}

function withButton(said: Notice, signed: (text: string) => string, url: string, validity: string): Letter {
  const action: Block = { kind: 'button', label: said.button ?? said.heading, url }
  return { ...opening(said, signed), blocks: [...texts([...said.text, validity]), action, ...texts(said.after ?? [])] }
}

function registration(
  { status, event, url }: Extract<ServiceNotice, { kind: 'registration' }>,
  language: Language,
  signed: (text: string) => string,
): Letter {
  const words = mailWords[language].registration
  const said = words[status]
  const rows = [
    { label: words.when, value: event.when },
    ...(event.where ? [{ label: words.where, value: event.where }] : []),
  ]
  return {
    subject: signed(`${said.subject}: ${event.name}`),
    heading: said.heading,
    blocks: [
      ...texts(said.text),
      { kind: 'rows', rows: [{ label: '', value: event.name }, ...rows] },
      ...(url && said.button ? [{ kind: 'button' as const, label: said.button, url }] : []),
    ],
  }
}
