import { en } from './en.ts'
import { fi, type Words } from './fi.ts'
import { sv } from './sv.ts'

export type { Words }

export type Language = 'fi' | 'sv' | 'en'

export const words: Record<Language, Words> = { fi, sv, en }

/**
 * The language that a visitor prefers most among ours.
 * @param acceptLanguage the header as it came (RFC 9110 §12.5.4); a region is ignored, `q=0` means "not this one"
 * @param fallback where the header is missing, is `*` or names none of ours
 */
export function pickLanguage(acceptLanguage: string | null | undefined, fallback: Language): Language {
  let best = { language: fallback, weight: 0 }
  for (const part of (acceptLanguage ?? '').split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const language = range.split('-')[0]
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = q ? Number(q.slice(2)) : 1
    if ((language === 'fi' || language === 'sv' || language === 'en') && weight > best.weight)
      best = { language, weight }
  }
  return best.language
}

// Finland's own formats; en-GB, because en-FI is not in every runtime's data.
const locales: Record<Language, string> = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' }

/** Day and time of day as people write them. @param at milliseconds UTC @param timeZone IANA name */
export function formatTime(language: Language, at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at)
}

/** The day alone. @param at milliseconds UTC @param timeZone IANA name */
export function formatDay(language: Language, at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone }).format(at)
}

export function formatNumber(language: Language, value: number): string {
  return new Intl.NumberFormat(locales[language]).format(value)
}

/** "24 hours", "7 days": whole days from three days on. @param hours a whole number */
export function formatHours(language: Language, hours: number): string {
  const days = hours >= 72 && hours % 24 === 0
  const unit = days ? 'day' : 'hour'
  const format = new Intl.NumberFormat(locales[language], { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(days ? hours / 24 : hours)
}
