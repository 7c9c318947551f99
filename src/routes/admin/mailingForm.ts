import type { Context } from 'hono'
import { inputOf, mailingInput, type InputError, type MailingInput } from '../../actions/mailingInput.ts'
import type { Deps } from '../../deps.ts'
import { parseBusinessId } from '../../rules/businessId.ts'
import { companiesById, companiesCalled, type NamedCompany } from '../../store/mailingChoices.ts'
import type { MailingRow } from '../../store/tables.ts'
import type { ControlProblem } from '../../templates/pages/admin/mailingControls.tsx'
import type { MailingForm } from '../../templates/pages/admin/mailingForm.tsx'
import { mailingWords } from '../../templates/words/admin/mailings.ts'
import { remarkIn } from '../../templates/words/admin/remarks.ts'
import type { Language } from '../../templates/words/index.ts'

type Kind = MailingForm['kind']

export function readKind(text: unknown): Kind | null {
  return text === 'newsletter' || text === 'price_list' || text === 'survey' || text === 'event' ? text : null
}

export const emptyForm = (kind: Kind, topic: string): MailingForm => ({
  kind,
  topic,
  subject: '',
  fromName: '',
  fromAddress: '',
  replyTo: '',
  format: 'markdown',
  body: '',
  priceList: '',
  pricesOn: '',
  survey: '',
  remindAfterDays: '',
  segment: '',
  companies: '',
  languages: [],
  priceGroups: [],
})

/** What was posted, as it was typed. @returns `version`: which draft the person saw; null for a new one */
export async function postedForm(c: Context): Promise<{ form: MailingForm; version: number | null }> {
  const body = await c.req.parseBody({ all: true })
  const all = (name: string) => [body[name] ?? []].flat().filter((value) => typeof value === 'string')
  const one = (name: string) => all(name)[0] ?? ''
  const version = one('version')
  return {
    form: {
      kind: readKind(one('kind')) ?? 'newsletter',
      topic: one('topic'),
      subject: one('subject'),
      fromName: one('fromName').trim(),
      fromAddress: one('fromAddress').trim(),
      replyTo: one('replyTo').trim(),
      format: one('format') === 'mjml' ? 'mjml' : 'markdown',
      body: one('body').replaceAll('\r\n', '\n'),
      priceList: one('priceList'),
      pricesOn: one('pricesOn'),
      survey: one('survey'),
      remindAfterDays: one('remindAfterDays'),
      segment: one('segment'),
      companies: one('companies').replaceAll('\r\n', '\n'),
      languages: all('languages'),
      priceGroups: all('priceGroups'),
    },
    version: /^\d{1,16}$/.test(version) ? Number(version) : null,
  }
}

/** A stored draft as its form shows it. */
export async function formOf({ store }: Pick<Deps, 'store'>, row: MailingRow): Promise<MailingForm> {
  const input = inputOf(row)
  const companies = await companiesById(store, input.audience?.companies ?? [])
  return {
    ...emptyForm(row.kind, row.topic),
    subject: input.subject,
    fromName: input.from?.name ?? '',
    fromAddress: input.from?.address ?? '',
    replyTo: input.replyTo ?? '',
    format: input.content.format,
    body: input.content.body,
    priceList: input.priceList ?? '',
    pricesOn: input.pricesOn ?? '',
    survey: input.survey ?? '',
    remindAfterDays: input.remindAfterDays === undefined ? '' : String(input.remindAfterDays),
    segment: input.audience?.segment ?? '',
    companies: companies.map(({ name, businessId }) => businessId ?? name).join('\n'),
    languages: input.audience?.languages ?? [],
    priceGroups: input.audience?.priceGroups ?? [],
  }
}

/** The form as the input that the API takes, or what is wrong with it before anything else is asked. */
export async function inputFrom(
  deps: Pick<Deps, 'store'>,
  lang: Language,
  form: MailingForm,
): Promise<{ ok: true; input: MailingInput } | { ok: false; problems: ControlProblem[] }> {
  const companies = await companiesIn(deps, lang, form.companies)
  if (companies.problems.length > 0) return { ok: false, problems: companies.problems }
  const some = <T>(values: readonly T[]) => (values.length > 0 ? [...values] : undefined)
  const read = mailingInput.safeParse({
    kind: form.kind,
    topic: form.topic,
    subject: form.subject,
    content: { format: form.format, body: form.body },
    audience: {
      languages: some(form.languages),
      priceGroups: some(form.priceGroups),
      companies: some(companies.ids),
      segment: form.segment || undefined,
    },
    from: form.fromName || form.fromAddress ? { name: form.fromName, address: form.fromAddress } : undefined,
    replyTo: form.replyTo || undefined,
    priceList: form.priceList || undefined,
    pricesOn: form.pricesOn || undefined,
    survey: form.survey || undefined,
    remindAfterDays: form.remindAfterDays === '' ? undefined : Number(form.remindAfterDays),
  })
  if (read.success) return { ok: true, input: read.data }
  const errors = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, problems: problemsOf(lang, errors) }
}

/** What was said of an input, said beside the controls in the reader's language. */
export function problemsOf(lang: Language, errors: readonly InputError[]): ControlProblem[] {
  const w = mailingWords[lang].form
  const shown = errors.map(({ path, message, line, column }): ControlProblem => {
    const place = line === undefined || column === undefined ? undefined : w.place(line, column)
    if (path === 'content.body') return { path: 'body', message: remarkIn(lang, message), place }
    // A subject is one line: only the column could be said, and the sentence names what is wrong there
    if (path === 'subject') return { path: 'subject', message: remarkIn(lang, message) }
    if (path === 'from.address') return { path: 'fromAddress', message: w.invalid.address }
    if (path === 'from.name') return { path: 'fromName', message: w.invalid.fromName }
    if (path === 'replyTo') return { path: 'replyTo', message: w.invalid.address }
    if (path === 'topic' || path === 'kind') return { path: 'topic', message: w.invalid.topic }
    if (path === 'audience.segment') return { path: 'segment', message: w.invalid.segment }
    if (path === 'survey' || path === 'priceList' || path === 'pricesOn' || path === 'remindAfterDays')
      return { path, message: w.invalid[path] }
    if (path.startsWith('audience')) return { path: 'companies', message: w.invalid.audience }
    return { path: 'body', message: w.invalid.other }
  })
  return shown.filter((one, n) => shown.findIndex((other) => sameProblem(one, other)) === n)
}

function sameProblem(a: ControlProblem, b: ControlProblem): boolean {
  return a.path === b.path && a.message === b.message && a.place === b.place
}

async function companiesIn({ store }: Pick<Deps, 'store'>, lang: Language, typed: string) {
  const w = mailingWords[lang].form.invalid
  const lines = [...new Set(typed.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
  const names = lines.map((line) => {
    const read = parseBusinessId(line)
    return read.ok ? read.businessId : line
  })
  const found = await companiesCalled(store, names)
  const ids: string[] = []
  const problems: ControlProblem[] = []
  for (const [n, name] of names.entries()) {
    const matches = found.filter((company: NamedCompany) => company.businessId === name || company.name === name)
    const line = lines[n] ?? name
    if (matches.length === 1 && matches[0]) ids.push(matches[0].id)
    else problems.push({ path: 'companies', message: matches.length === 0 ? w.company(line) : w.companyTwice(line) })
  }
  return { ids, problems }
}
