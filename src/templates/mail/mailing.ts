import { brandColor, escapeHtml, inkOn, link, slot } from './html.ts'
import type { Brand, Company, Twin } from './html.ts'
import { mailWords } from './words.ts'
import type { Language } from './words.ts'

export type MailingKind = 'marketing' | 'research'

export type MailingFrame = {
  language: Language
  kind: MailingKind
  company: Company
  topic: string
  /** Base of the privacy notice's address, without a slash at the end. */
  publicUrl: string
}

/** Says on receipt that this is marketing and on whose behalf (Act on Electronic Communications Services, § 203). */
export function marking({ language, kind, company }: MailingFrame): Twin {
  return plain(mailWords[language].marking[kind](company.name))
}

/** Who sends: name, business id, postal address. */
export function identity(language: Language, company: Company): Twin {
  const lines = [company.name, `${mailWords[language].businessId} ${company.businessId}`, company.address]
  const [name = '', ...rest] = lines.map(escapeHtml)
  return { html: [`<strong>${name}</strong>`, ...rest].join('<br>\n'), text: lines.join('\n') }
}

/** The right to object, clearly and apart from other information (GDPR Art. 21(4)), and the link that does it. */
export function objectionBlock({ language, kind }: MailingFrame): Twin {
  const words = mailWords[language].objection[kind]
  return {
    html: `<strong>${escapeHtml(words.heading)}</strong><br>\n${escapeHtml(words.text)}<br>\n${link(slot('unsubscribeUrl'), words.link)}`,
    text: `${words.heading}\n${words.text}\n${words.link}:\n${slot('unsubscribeUrl')}`,
  }
}

/** Why it came and where to read more; the source of the contact details has its slot (GDPR Art. 14). */
export function reason({ language, topic, publicUrl }: MailingFrame): Twin {
  const words = mailWords[language]
  const privacy = `${publicUrl}/privacy`
  return {
    html: `${escapeHtml(words.mailingList(topic))}${slot('source')}<br>\n${link(escapeHtml(privacy), words.privacy)}`,
    text: `${words.mailingList(topic)}${slot('source')}\n${words.privacy}: ${privacy}`,
  }
}

/** What the source slot becomes for a contact whose details we got from elsewhere. Plain text. */
export function sourceLine(language: Language, source: string): string {
  return `${mailWords[language].source} ${source}`
}

export type SurveyQuestion = {
  question: string
  /** Answers that one tap opens: what the reader sees, and what follows `?` in the survey's address. */
  choices: { label: string; query: string }[]
  /** What the ends of a scale mean. */
  ends?: readonly string[] | undefined
}

/** A survey's first question; a tap opens the page with that answer chosen, which alone sends nothing. */
export function surveyBlock(language: Language, survey: SurveyQuestion, brand: Brand): Twin {
  const { answer } = mailWords[language].survey
  const color = brandColor(brand)
  const ends = (survey.ends ?? []).join(' · ')
  const choices = survey.choices.map(
    ({ label, query }) =>
      `<a href="${slot('surveyUrl')}?${escapeHtml(query)}" style="display:inline-block;min-width:18px;padding:8px 9px;margin:0 4px 8px 0;border:1px solid #8a93a0;border-radius:4px;text-align:center;text-decoration:none;color:inherit">${escapeHtml(label)}</a>`,
  )
  return {
    html: `<strong>${escapeHtml(survey.question)}</strong><br><br>\n${choices.join('\n')}<br>\n${ends === '' ? '' : `<span class="pl-note" style="font-size:13px">${escapeHtml(ends)}</span><br>\n`}<a href="${slot('surveyUrl')}" style="display:inline-block;margin-top:8px;padding:10px 20px;border-radius:6px;background-color:${color};color:${inkOn(color)};font-weight:600;text-decoration:none">${escapeHtml(answer)}</a>`,
    text: [
      `${[survey.question, ends].filter((part) => part !== '').join('\n')}\n${answer}:\n${slot('surveyUrl')}`,
      survey.choices.map(({ label, query }) => `${label}: ${slot('surveyUrl')}?${query}`).join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  }
}

function plain(text: string): Twin {
  return { html: escapeHtml(text), text }
}
