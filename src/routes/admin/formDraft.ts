import type { Context } from 'hono'
import type { OwnField, Texts } from '../../rules/form.ts'
import type { Form } from '../../store/forms.ts'
import {
  knownTypes,
  ownTypes,
  type FieldDraft,
  type FieldType,
  type FormDraft,
  type Three,
} from '../../templates/pages/admin/formDraft.ts'

const noTexts: Three = { fi: '', sv: '', en: '' }

const emptyField = (type: FieldType): FieldDraft => ({
  type,
  name: '',
  required: false,
  label: noTexts,
  hint: noTexts,
  choices: '',
  max: '',
})

/** A new form of that kind, with what most of its kind have. */
export const emptyDraft = (kind: FormDraft['kind'], topics: readonly string[], wordings: Three): FormDraft => ({
  id: '',
  kind,
  title: noTexts,
  intro: noTexts,
  topics: kind === 'signup' ? topics.slice(0, 1) : [],
  languages: ['fi', 'sv', 'en'],
  fields:
    kind === 'signup'
      ? [emptyField('name'), emptyField('company')]
      : [
          emptyField('name'),
          emptyField('company'),
          {
            ...emptyField('textarea'),
            required: true,
            name: 'viesti',
            label:
              kind === 'contact'
                ? { fi: 'Viesti', sv: 'Meddelande', en: 'Message' }
                : { fi: 'Palaute', sv: 'Respons', en: 'Feedback' },
          },
        ],
  wordings,
  mailbox: '',
  receipt: kind !== 'signup',
  doubleOptIn: true,
  welcome: false,
  welcomeText: noTexts,
  origins: '',
  redirects: '',
  redirect: '',
  confirmedRedirect: '',
})

/** A stored form as its editor shows it. */
export function draftOf(form: Form & { kind: FormDraft['kind'] }): FormDraft {
  const { definition: d, current } = form
  return {
    id: form.id,
    kind: form.kind,
    title: three(d.title),
    intro: three(d.intro),
    topics: d.topics,
    languages: d.languages,
    fields: d.fields.map((field) =>
      'kind' in field
        ? { ...emptyField(field.kind), ...ownOf(field) }
        : { ...emptyField(field.name), required: field.required },
    ),
    wordings: { fi: current.fi?.text ?? '', sv: current.sv?.text ?? '', en: current.en?.text ?? '' },
    mailbox: d.mailbox ?? '',
    receipt: d.receipt ?? false,
    doubleOptIn: d.doubleOptIn,
    welcome: d.welcome,
    welcomeText: three(d.welcomeText),
    origins: d.allowedOrigins.join('\n'),
    redirects: d.redirects.join('\n'),
    redirect: d.redirect ?? '',
    confirmedRedirect: d.confirmedRedirect ?? '',
  }
}

function ownOf({ name, required, label, hint, choices, maxLength }: OwnField) {
  return {
    name,
    required,
    label: three(label),
    hint: three(hint),
    choices: (choices ?? [])
      .map(({ value, label: { fi = '', sv = '', en = '' } }) =>
        `${value} = ${fi} | ${sv} | ${en}`.replace(/[\s|]+$/, ''),
      )
      .join('\n'),
    max: maxLength === undefined ? '' : String(maxLength),
  }
}

const three = ({ fi = '', sv = '', en = '' }: Texts = {}): Three => ({ fi, sv, en })

export type PostedDraft = {
  draft: FormDraft
  seen: number | null
  /** which button was pressed: `save`, `add`, `remove.<n>`, `up.<n>` */
  pressed: string
  add: FieldType | null
}

/** What was posted, as it was typed. */
export async function postedDraft(c: Context, id: string | null, kind: FormDraft['kind']): Promise<PostedDraft> {
  const body = await c.req.parseBody({ all: true })
  const all = (name: string) => [body[name] ?? []].flat().filter((value) => typeof value === 'string')
  const one = (name: string) => (all(name)[0] ?? '').replaceAll('\r\n', '\n')
  const texts = (name: string): Three => ({ fi: one(`${name}.fi`), sv: one(`${name}.sv`), en: one(`${name}.en`) })
  const fields: FieldDraft[] = []
  for (let n = 0; n < FIELDS_MAX; n++) {
    const type = readType(one(`f${n}.type`))
    if (type === null) break
    fields.push({
      type,
      name: one(`f${n}.name`).trim(),
      required: all(`f${n}.required`).length > 0,
      label: texts(`f${n}.label`),
      hint: texts(`f${n}.hint`),
      choices: one(`f${n}.choices`),
      max: one(`f${n}.max`).trim(),
    })
  }
  const seen = one('seen')
  return {
    seen: /^\d{1,15}$/.test(seen) ? Number(seen) : null,
    pressed: one('do'),
    add: readType(one('add')),
    draft: {
      id: id ?? one('id').trim(),
      kind,
      title: texts('title'),
      intro: texts('intro'),
      topics: all('topics'),
      languages: all('languages'),
      fields,
      wordings: texts('wordings'),
      mailbox: one('mailbox'),
      receipt: all('receipt').length > 0,
      doubleOptIn: kind !== 'signup' || all('doubleOptIn').length > 0,
      welcome: all('welcome').length > 0,
      welcomeText: texts('welcomeText'),
      origins: one('origins'),
      redirects: one('redirects'),
      redirect: one('redirect').trim(),
      confirmedRedirect: one('confirmedRedirect').trim(),
    },
  }
}

/** rules/form.ts lets a form have so many. */
const FIELDS_MAX = 40

function readType(text: string): FieldType | null {
  return [...knownTypes, ...ownTypes].find((type) => type === text) ?? null
}

/** The draft after a button of its rows was pressed. */
export function rearranged({ draft, pressed, add }: PostedDraft): FormDraft {
  const fields = [...draft.fields]
  const [verb, at = ''] = pressed.split('.')
  const n = Number(at)
  const row = fields[n]
  if (verb === 'add' && add !== null && fields.length < FIELDS_MAX) fields.push(emptyField(add))
  if (verb === 'remove') fields.splice(n, 1)
  if (verb === 'up' && row && n > 0) fields.splice(n - 1, 2, row, ...fields.slice(n - 1, n))
  return { ...draft, fields }
}
