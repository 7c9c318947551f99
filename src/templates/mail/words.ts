import { en } from './words.en.ts'
import { fi } from './words.fi.ts'
import { sv } from './words.sv.ts'

/** The words of every message in Finnish, Swedish and English. A missing key fails the type check. */
export type Language = 'fi' | 'sv' | 'en'

export type Notice = { subject: string; heading: string; text: string[]; button?: string; after?: string[] }

export type MailWords = {
  marking: { marketing(company: string): string; research(company: string): string }
  testMark: string
  businessId: string
  privacy: string
  mailingList(topic: string): string
  source: string
  objection: Record<'marketing' | 'research', { heading: string; text: string; link: string }>
  survey: { answer: string; reminder: string }
  confirmation: Notice & { validity(hours: number): string; notYou: string; cancel: string }
  confirmationDespiteBan: Notice & { validity(hours: number): string; notYou: string; cancel: string }
  welcome: Notice & { preferences: string }
  manageLink: Notice & { validity(hours: number): string }
  banNotice: Notice & { mistake: string; undo: string }
  signIn: Notice & { validity(minutes: number): string }
  registration: Record<'registered' | 'waiting' | 'changed' | 'cancelled', Notice> & { when: string; where: string }
  enquiryReceipt: Notice
  enquiry: { subject(form: string): string; heading: string; button: string; yes: string } & Record<
    'name' | 'company' | 'title' | 'phone' | 'email',
    string
  >
  alert: { subject(title: string): string; button: string }
  test: Notice
}

export const mailWords: Record<Language, MailWords> = { fi, sv, en }
