import { inLanguage, standardFields } from '../rules/form.ts'
import type { Fault, Posted } from '../rules/submission.ts'
import type { Form } from '../store/forms.ts'
import { standardField, type Field, type Problem, type Values } from '../templates/pages/fields.tsx'
import { words, type Language } from '../templates/words/index.ts'

/** The form's fields in the visitor's language, the address first. */
export function fieldsOf({ definition }: Form, lang: Language): Field[] {
  const own = definition.fields.map((field): Field => {
    if (!('kind' in field)) return standardField(field.name, lang, field.required)
    const { name, kind, required, maxLength, hint, choices } = field
    return {
      name,
      kind,
      required,
      maxLength,
      label: inLanguage(field.label, lang),
      hint: hint && inLanguage(hint, lang),
      choices: choices?.map((choice) => ({ value: choice.value, label: inLanguage(choice.label, lang) })),
    }
  })
  return [standardField('email', lang, true), ...own]
}

/** What is wrong, in words that name the field and the mend. */
export function problemsOf(form: Form, lang: Language, faults: readonly Fault[]): Problem[] {
  const { invalid } = words[lang]
  const fields = fieldsOf(form, lang)
  return faults.map(({ path, fault, max = 0 }) => {
    const label = fields.find(({ name }) => name === path)?.label ?? labelOf(path, lang)
    return { path, message: fault === 'tooLong' ? invalid.tooLong(label, max) : invalid[fault](label) }
  })
}

function labelOf(path: string, lang: Language): string {
  const known = standardFields.find((name) => name === path)
  if (known) return words[lang].fields[known]
  if (path === 'topics') return words[lang].page.topic
  // A name that a program made up: shown, but neither at length nor with what could disturb the reader.
  return path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, 60)
}

/** What was posted, for the same fields to be shown again. */
export function valuesOf(posted: Posted): Values {
  return Object.fromEntries(
    [...posted]
      .map(([name, value]) => [name, [value].flat().filter((one) => typeof one === 'string')] as const)
      .filter(([, all]) => all.length > 0),
  )
}
