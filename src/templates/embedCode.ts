import type { Field } from './pages/fields.tsx'
import { words, type Language } from './words/index.ts'

export type EmbedCode = {
  /** the form's address, absolute */
  action: string
  lang: Language
  fields: readonly Field[]
  topics: readonly { id: string; name: string }[]
  /** a sign-up form with one topic asks for it by its button */
  kind: 'sign_up' | 'enquiry'
  /** its id travels with the copy: what was shown is what is kept */
  wording: { id: string; text: string } | null
  trap: string
  /** the form answers in place */
  script: boolean
}

/** A form as HTML to be copied into a website: labels, autofill, the trap, the wording, and the button. */
export function embedCode(code: EmbedCode): string {
  const { action, lang, fields, topics, kind, wording, trap, script } = code
  const w = words[lang].form
  const showsTopics = kind === 'enquiry' ? topics.length > 0 : topics.length > 1
  const lines = [
    `<form method="post" action="${escaped(action)}" accept-charset="utf-8"${script ? ' data-postilupa' : ''} lang="${lang}">`,
    `  <input type="hidden" name="lang" value="${lang}">`,
    ...fields.map((field) => `  <p>${control(field, lang)}</p>`),
    ...(showsTopics
      ? [
          '  <fieldset>',
          `    <legend>${escaped(kind === 'enquiry' ? w.topicsToo : w.topics)}</legend>`,
          ...topics.map(
            ({ id, name }) =>
              `    <label><input type="checkbox" name="topics" value="${escaped(id)}"> ${escaped(name)}</label>`,
          ),
          '  </fieldset>',
        ]
      : []),
    '  <div style="position:absolute;left:-9999px" aria-hidden="true">',
    `    <label>${escaped(w.trap)} <input name="${trap}" tabindex="-1" autocomplete="off"></label>`,
    '  </div>',
    ...(wording === null
      ? []
      : [
          `  <input type="hidden" name="consent" value="${escaped(wording.id)}">`,
          `  <p>${escaped(wording.text).replaceAll('\n', '<br>')}</p>`,
        ]),
    `  <p><a href="${escaped(new URL(`/privacy?lang=${lang}`, action).href)}">${escaped(words[lang].page.privacy)}</a></p>`,
    `  <button>${escaped(kind === 'enquiry' ? w.send : w.subscribe)}</button>`,
    '</form>',
    ...(script ? [`<script src="${escaped(action)}/embed.js" defer></script>`] : []),
  ]
  return `${lines.join('\n')}\n`
}

function control(field: Field, lang: Language): string {
  const { name, kind, required, autocomplete, maxLength, choices } = field
  const label = escaped(required || kind === 'checkbox' ? field.label : `${field.label} ${words[lang].form.optional}`)
  const attributes = [
    `name="${escaped(name)}"`,
    ...(required ? ['required'] : []),
    ...(autocomplete ? [`autocomplete="${autocomplete}"`] : []),
    ...(maxLength ? [`maxlength="${maxLength}"`] : []),
  ].join(' ')
  const hint = field.hint ? `<br><small>${escaped(field.hint)}</small>` : ''
  if (kind === 'checkbox') return `<label><input type="checkbox" ${attributes}> ${label}</label>${hint}`
  if (kind === 'textarea') return `<label>${label}${hint}<br><textarea ${attributes} rows="5"></textarea></label>`
  if (kind === 'select') {
    const options = (choices ?? []).map(
      (choice) => `<option value="${escaped(choice.value)}">${escaped(choice.label)}</option>`,
    )
    return `<label>${label}${hint} <select ${attributes}><option value="">${escaped(words[lang].form.choose)}</option>${options.join('')}</select></label>`
  }
  const type = kind === 'text' ? '' : ` type="${kind}"${kind === 'number' ? ' step="any"' : ''}`
  return `<label>${label}${hint} <input${type} ${attributes}></label>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
