import type { Language } from '../index.ts'
import { reasonsEn } from './reasons.en.ts'
import { reasonsFi } from './reasons.fi.ts'
import { reasonsSv } from './reasons.sv.ts'

export type ReasonWords = Readonly<Record<keyof typeof reasonsFi, readonly [what: string, mend: string]>>

const words: Record<Language, ReasonWords> = { fi: reasonsFi, sv: reasonsSv, en: reasonsEn }

/** What a person wrote when they paused stands behind this (actions/mailingVerbs.ts). */
const NOTE = 'person: '

/** Why something was stopped, held, paused or failed. A reason that has no words yet is better shown as its key than hidden. */
export function reasonIn(lang: Language, reason: string): string {
  if (reason.startsWith(NOTE)) return `${words[lang].person[0]}: ${reason.slice(NOTE.length)}`
  return pair(lang, reason)?.[0] ?? reason
}

/** What to do about it; nothing where there are no words. */
export function mendIn(lang: Language, reason: string): string {
  return pair(lang, reason.startsWith(NOTE) ? 'person' : reason)?.[1] ?? ''
}

function pair(lang: Language, reason: string): readonly [string, string] | undefined {
  return Object.hasOwn(words[lang], reason) ? words[lang][reason as keyof ReasonWords] : undefined
}
