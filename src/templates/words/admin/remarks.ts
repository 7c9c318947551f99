import type { Language } from '../index.ts'
import { contentRemarks } from './remarks.content.ts'
import { markupRemarks } from './remarks.markup.ts'
import { otherRemarks } from './remarks.other.ts'

/** What a remark of the service looks like in English, and how it is said otherwise; `$1` is what the pattern caught. */
export type Said = readonly (readonly [pattern: RegExp, fi: string, sv: string])[]

const known: Said = [...contentRemarks, ...markupRemarks, ...otherRemarks]

const otherwise = {
  fi: 'Tässä kohdassa on jotain, mitä viestissä ei voi olla. Tarkista se.',
  sv: 'Här finns något som inte kan stå i ett meddelande. Kontrollera det.',
}

/**
 * A remark on a content, a file or a state in the reader's language. Actions speak English, as the API does; the same sentence
 * is said here in Finnish and Swedish. One that is not known is never shown in a foreign language.
 */
export function remarkIn(lang: Language, message: string): string {
  if (lang === 'en') return message.charAt(0).toUpperCase() + message.slice(1)
  const found = known.find(([pattern]) => pattern.test(message))
  return found ? message.replace(found[0], lang === 'fi' ? found[1] : found[2]) : otherwise[lang]
}
