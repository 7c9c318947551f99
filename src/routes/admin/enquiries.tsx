import { Hono, type Context } from 'hono'
import { handleEnquiry } from '../../actions/handleEnquiry.ts'
import type { Deps } from '../../deps.ts'
import { enquiryState, type EnquiryState } from '../../rules/enquiry.ts'
import { inLanguage, type OwnField } from '../../rules/form.ts'
import { enquiryById, listEnquiries, type Enquiry } from '../../store/enquiries.ts'
import { formOf, type Form } from '../../store/forms.ts'
import { EnquiryList, EnquiryView, type EnquiryDetail } from '../../templates/pages/admin/enquiries.tsx'
import { enquiryWords } from '../../templates/words/admin/enquiries.ts'
import type { Language } from '../../templates/words/index.ts'
import { fail } from '../errors.tsx'
import { adminPage, adminProps, currentUser, type Signed } from './page.tsx'

const PER_PAGE = 50

/** Enquiries of contact and feedback forms: read, answered by mail, marked. */
export function enquiryScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/', async (c) => {
    const props = adminProps(c, deps)
    const asked = c.req.query('state') ?? 'open'
    const state = readState(asked)
    const rows = await listEnquiries(deps.store, { state }, c.req.query('before'), PER_PAGE + 1)
    const shown = rows.slice(0, PER_PAGE)
    const last = shown.at(-1)
    const enquiries = await Promise.all(
      shown.map(async (row) => ({
        href: `/admin/enquiries/${row.id}`,
        receivedAt: row.received_at,
        form: titleOf(await formOf(deps, row.form_id), row, props.lang),
        from: row.name === null ? row.address : `${row.name}, ${row.address}`,
        state: stateOf(row),
      })),
    )
    const moreHref =
      rows.length > PER_PAGE && last ? `/admin/enquiries?state=${state ?? 'all'}&before=${last.id}` : undefined
    return adminPage(
      c,
      deps,
      <EnquiryList
        {...props}
        enquiries={enquiries}
        state={state}
        timeZone={deps.config.timeZone}
        moreHref={moreHref}
      />,
    )
  })

  app.get('/:id', async (c) => {
    const row = await enquiryById(deps.store, c.req.param('id'))
    return row ? show(c, row, {}) : fail(c, deps, 404)
  })

  app.post('/:id', async (c) => {
    const body = await c.req.parseBody()
    const [state, note] = [readState(body['state']), typeof body['note'] === 'string' ? body['note'] : undefined]
    const id = c.req.param('id')
    const result = await handleEnquiry(deps, id, { state, note }, `user:${currentUser(c)}`)
    if (result.ok) return c.redirect(`/admin/enquiries/${id}?done=${state ?? 'saved'}`, 303)
    const row = result.kind === 'missing' ? null : await enquiryById(deps.store, id)
    if (!row || result.kind === 'missing') return fail(c, deps, 404)
    return show(c, { ...row, note: note ?? row.note }, { problem: result.kind })
  })

  async function show(c: Context<Signed>, row: Enquiry, { problem }: { problem?: 'note' | 'stale' }) {
    const props = adminProps(c, deps)
    const { done } = enquiryWords[props.lang]
    const key = c.req.query('done') ?? ''
    return adminPage(
      c,
      deps,
      <EnquiryView
        {...props}
        enquiry={detailOf(await formOf(deps, row.form_id), row, props.lang)}
        timeZone={deps.config.timeZone}
        done={Object.hasOwn(done, key) ? done[key as keyof typeof done] : undefined}
        problem={problem}
      />,
      problem === undefined ? 200 : problem === 'stale' ? 409 : 422,
    )
  }

  return app
}

function readState(text: unknown): EnquiryState | undefined {
  return text === 'open' || text === 'handled' || text === 'closed' ? text : undefined
}

const stateOf = (row: Enquiry) => enquiryState({ handledAt: row.handled_at, closedAt: row.closed_at })

const titleOf = (form: Form | null, row: Enquiry, lang: Language) =>
  form ? inLanguage(form.definition.title, lang) : row.form_id

function detailOf(form: Form | null, row: Enquiry, lang: Language): EnquiryDetail {
  const own = form?.definition.fields.filter((field): field is OwnField => 'kind' in field) ?? []
  const answers = Object.entries(JSON.parse(row.fields) as Record<string, string | number | boolean>)
  return {
    id: row.id,
    kind: row.kind,
    form: titleOf(form, row, lang),
    state: stateOf(row),
    receivedAt: row.received_at,
    handledAt: row.handled_at,
    closedAt: row.closed_at,
    email: row.address,
    name: row.name,
    company: row.company_name,
    title: row.title,
    phone: row.phone,
    language: row.language,
    page: new URLSearchParams(row.source.split('?')[1] ?? '').get('page'),
    answers: answers.map(([key, value]) => {
      const field = own.find(({ name }) => name === key)
      const choice = field?.choices?.find((one) => one.value === value)
      return {
        label: field ? inLanguage(field.label, lang) : key,
        value: value === true ? true : choice ? inLanguage(choice.label, lang) : String(value),
      }
    }),
    note: row.note ?? '',
    forwarded: forwardOf(row),
  }
}

function forwardOf({ forwarded }: Enquiry): EnquiryDetail['forwarded'] {
  if (forwarded === null) return 'none'
  if (forwarded === 'queued' || forwarded === 'sending') return 'queued'
  return forwarded === 'sent' ? 'sent' : 'not'
}
