import type { Language } from '../index.ts'
import { mailingsEn } from './mailings.en.ts'
import { mailingsFi } from './mailings.fi.ts'
import { mailingsSv } from './mailings.sv.ts'
import { mailingStepsEn } from './mailingSteps.en.ts'
import { mailingStepsFi } from './mailingSteps.fi.ts'
import { mailingStepsSv } from './mailingSteps.sv.ts'

export type MailingWords = typeof mailingsFi
export type MailingStepWords = typeof mailingStepsFi

/** Texts of the mailings' screens: the list and the content. */
export const mailingWords: Record<Language, MailingWords> = { fi: mailingsFi, sv: mailingsSv, en: mailingsEn }

/** Texts of what follows the content: attachments, check, preview, schedule, watch, recipients. */
export const mailingStepWords: Record<Language, MailingStepWords> = {
  fi: mailingStepsFi,
  sv: mailingStepsSv,
  en: mailingStepsEn,
}
