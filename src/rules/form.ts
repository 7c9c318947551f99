import { z } from 'zod'
import { isWebUrl } from './webUrl.ts'

/** What a form is: topics, typed fields, texts in its languages, and who may use it from where. */

export const languages = ['fi', 'sv', 'en'] as const
export type Language = (typeof languages)[number]

/** Fields that every sign-up form may take; their kind and label are known. */
export const standardFields = ['name', 'company', 'title', 'phone', 'language'] as const

/** A field that people leave empty and programs fill in. */
export const TRAP = 'leave_empty'
/** When the form was shown, signed. */
export const TIME_TOKEN = 'time_token'

/** Names that mean something to every form and can be no field of its own. */
const taken = new Set([
  'email',
  'topics',
  'consent',
  'lang',
  'redirect',
  'source',
  'page',
  TRAP,
  TIME_TOKEN,
  ...standardFields,
])

/** Where a sign-up came from, as the website may say it: campaign parameters and the page. */
export const isSourceName = (name: string): boolean =>
  name === 'source' || name === 'page' || /^utm_[a-z_]{1,20}$/.test(name)

/** A text in at least one language; the others fall back to it. */
const texts = (max = 500) => {
  const text = z.string().trim().min(1).max(max).optional()
  return z
    .strictObject({ fi: text, sv: text, en: text })
    .refine((given) => languages.some((language) => given[language] !== undefined), {
      error: 'give the text in at least one of fi, sv, en',
    })
}
export type Texts = z.infer<ReturnType<typeof texts>>

const standardField = z.strictObject({ name: z.enum(standardFields), required: z.boolean().default(false) })

/** A field of the form's own; its name, kind and texts are its maker's. */
export const ownField = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'use a letter a–z first, then letters, digits or _, 40 at most')
      .refine((name) => !taken.has(name) && !isSourceName(name), {
        error: 'this name has a meaning of its own: use another',
      }),
    kind: z.enum(['text', 'email', 'tel', 'select', 'checkbox', 'textarea', 'number', 'date']),
    label: texts(),
    hint: texts().optional(),
    required: z.boolean().default(false),
    choices: z
      .array(z.strictObject({ value: z.string().min(1).max(200), label: texts() }))
      .min(1)
      .max(200)
      .optional(),
    maxLength: z.int().min(1).max(5000).optional(),
  })
  .refine((field) => (field.kind === 'select') === (field.choices !== undefined), {
    path: ['choices'],
    error: 'a select needs choices, and nothing else has them',
  })

const WHOLE_URL = 'give a whole http or https URL'

/** An exact origin: scheme, host, port, and nothing behind them. */
const origin = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value, {
    error: 'give an origin such as https://www.yritys.example, without a path or a slash at its end',
  })

const address = z.url({ error: WHOLE_URL }).refine(isWebUrl, { error: WHOLE_URL })

const unique = <T>(values: readonly T[]) => new Set(values).size === values.length

export const formDefinition = z.strictObject({
  title: texts(),
  intro: texts().optional(),
  /** Ids. On a sign-up form the first is asked for when a visitor names none; on an enquiry form they are an extra. */
  topics: z.array(z.string()).max(20).refine(unique, { error: 'names a topic twice' }).default([]),
  fields: z
    .array(z.union([standardField, ownField]))
    .max(40)
    .refine((fields) => unique(fields.map(({ name }) => name)), { error: 'has two fields of one name' })
    .default([]),
  /**
   * `false` makes a contact at once, with "single opt-in" as its evidence; it brings nobody back who left or was banned
   * (standards A7-5: the affected party has not authorised it).
   */
  doubleOptIn: z.boolean().default(true),
  allowedOrigins: z.array(origin).max(50).default([]),
  languages: z
    .array(z.enum(languages))
    .min(1)
    .refine(unique, { error: 'names a language twice' })
    .default([...languages]),
  /** Where a visitor may be sent, by origin and path prefix; those of the installation come on top. */
  redirects: z.array(address).max(20).default([]),
  /** Where they are sent after the sign-up and after the confirmation, unless the page says otherwise. */
  redirect: address.optional(),
  confirmedRedirect: address.optional(),
  /** Sends one welcome message after the confirmation, with this text in it. */
  welcome: z.boolean().default(false),
  welcomeText: texts(2000).optional(),
  /** Who gets the enquiries: a user, or an address of the configuration. Without it ENQUIRY_TO, else the sender's own. */
  mailbox: z.string().trim().min(3).max(254).optional(),
  /** Tells the visitor by one message that the enquiry arrived. */
  receipt: z.boolean().default(false),
})
export type FormDefinition = z.infer<typeof formDefinition>
export type OwnField = z.infer<typeof ownField>

/** The text in that language, or in the first one that has it. */
export const inLanguage = (given: Texts, language: Language): string =>
  given[language] ?? languages.map((other) => given[other]).find((other) => other !== undefined) ?? ''

/**
 * Where a visitor goes next: the wish when it may be followed, or null for the page of our own (CWE-601).
 * It may when an allowed URL has the same origin and a path that stands in front of it, segment by segment. User names,
 * backslashes, white space and relative addresses are never followed.
 * @param wish what came with the request
 */
export const allowedRedirect = (wish: unknown, allowed: readonly string[]): string | null => {
  if (typeof wish !== 'string' || wish.length > 2000 || !/^https?:\/\/[!-[\]-~]+$/.test(wish) || !URL.canParse(wish))
    return null
  const url = new URL(wish)
  if (url.username !== '' || url.password !== '') return null
  const fits = allowed.some((prefix) => {
    if (!URL.canParse(prefix)) return false
    const { origin: site, pathname } = new URL(prefix)
    return (
      url.origin === site &&
      (url.pathname === pathname || url.pathname.startsWith(pathname.endsWith('/') ? pathname : `${pathname}/`))
    )
  })
  return fits ? url.href : null
}
