import { Hono, type Context } from 'hono'
import { addCompany } from '../../actions/addCompany.ts'
import { changeCompany } from '../../actions/changeCompany.ts'
import type { CompanyResult } from '../../actions/companyColumns.ts'
import { companyBans, objectForCompany } from '../../actions/objectForCompany.ts'
import type { Deps } from '../../deps.ts'
import type { CompanyForm as FormOfCompany } from '../../rules/addressClass.ts'
import { companyById, domainsOf } from '../../store/companies.ts'
import { pageOfCompanies, peopleOf } from '../../store/companyList.ts'
import { CompaniesList, CompanyView, NewCompany, type CompanyForm } from '../../templates/pages/admin/companies.tsx'
import type { ControlProblem } from '../../templates/pages/admin/mailingControls.tsx'
import { companyWords } from '../../templates/words/admin/companies.ts'
import type { Language } from '../../templates/words/index.ts'
import { fail } from '../errors.tsx'
import { adminLanguage, adminPage, adminProps, currentUser, type Signed } from './page.tsx'

const PER_PAGE = 25
const PEOPLE = 50

/** Companies with their people, and the objection of a company for all of them. */
export function companyScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { timeZone } = deps.config

  app.get('/', async (c) => {
    const search = (c.req.query('search') ?? '').trim().slice(0, 200)
    const [name, id] = [c.req.query('name'), c.req.query('id')]
    const after = name === undefined || id === undefined ? undefined : { name, id }
    const rows = await pageOfCompanies(deps.store, { search, after, limit: PER_PAGE + 1 })
    const shown = rows.slice(0, PER_PAGE)
    const last = rows.length > PER_PAGE ? shown.at(-1) : undefined
    const more = last && new URLSearchParams({ ...(search === '' ? {} : { search }), name: last.name, id: last.id })
    const companies = shown.map((row) => ({
      href: `/admin/companies/${row.id}`,
      name: row.name,
      businessId: row.business_id,
      priceGroup: row.price_group,
      people: Number(row.people),
      objectedAt: row.objected_at,
    }))
    return adminPage(
      c,
      deps,
      <CompaniesList
        {...adminProps(c, deps)}
        companies={companies}
        search={search}
        moreHref={more && `/admin/companies?${more.toString()}`}
        timeZone={timeZone}
      />,
    )
  })

  app.get('/new', (c) => adminPage(c, deps, <NewCompany {...adminProps(c, deps)} form={empty} problems={[]} />))

  app.post('/new', async (c) => {
    const form = await posted(c)
    const result = await addCompany(deps, typed(form))
    if (result.ok) return c.redirect(`/admin/companies/${result.company.id}?done=saved`, 303)
    const problems = problemsOf(adminLanguage(c), form, result)
    return adminPage(c, deps, <NewCompany {...adminProps(c, deps)} form={form} problems={problems} />, 422)
  })

  app.get('/:id', (c) => show(c, c.req.param('id'), null, noObjection, []))

  app.post('/:id', async (c) => {
    const id = c.req.param('id')
    const form = await posted(c)
    const { businessId, address, priceGroup, ...rest } = typed(form)
    const orNone = (text: string | undefined) => text ?? null
    const patch = { ...rest, businessId: orNone(businessId), address: orNone(address), priceGroup: orNone(priceGroup) }
    const result = await changeCompany(deps, id, patch, null)
    if (result.ok) return c.redirect(`/admin/companies/${id}?done=saved`, 303)
    return show(c, id, form, noObjection, problemsOf(adminLanguage(c), form, result))
  })

  app.post('/:id/objection', async (c) => {
    const id = c.req.param('id')
    const body = await c.req.parseBody()
    const text = (name: string) => (typeof body[name] === 'string' ? body[name].trim() : '')
    const objection = { requestedBy: text('requestedBy'), how: text('how') }
    const result = await objectForCompany(deps, id, objection, `user:${currentUser(c)}`)
    if (result.ok) return c.redirect(`/admin/companies/${id}?done=objected`, 303)
    if (result.kind === 'missing') return fail(c, deps, 404)
    const w = companyWords[adminLanguage(c)].invalid
    const problems = result.errors.map(({ path }): ControlProblem =>
      path === 'requestedBy' || path === 'how' ? { path, message: w[path] } : { path: 'domains', message: w.nothing },
    )
    return show(c, id, null, objection, problems)
  })

  async function show(
    c: Context<Signed>,
    id: string,
    form: CompanyForm | null,
    objection: { requestedBy: string; how: string },
    problems: readonly ControlProblem[],
  ) {
    const row = await companyById(deps.store, id)
    if (!row) return fail(c, deps, 404)
    const [domains, found, people] = await Promise.all([
      domainsOf(deps.store, [id]),
      companyBans(deps, id),
      peopleOf(deps.store, id, c.req.query('after') ?? '', PEOPLE + 1),
    ])
    const last = people.length > PEOPLE ? people[PEOPLE - 1] : undefined
    const company = {
      id,
      name: row.name,
      bans: found?.bans ?? [],
      objections: (found?.objections ?? []).map((one) => ({ ...one, requestedBy: one.requested_by })),
      people: people.slice(0, PEOPLE).map((one) => ({
        href: `/admin/contacts/${one.id}`,
        address: one.address,
        about: [one.name, one.title].filter(Boolean).join(', '),
      })),
      morePeopleHref: last && `/admin/companies/${id}?after=${last.id}`,
    }
    const stored = {
      name: row.name,
      businessId: row.business_id ?? '',
      form: row.form,
      address: row.address ?? '',
      domains: (domains.get(id) ?? []).join('\n'),
      priceGroup: row.price_group ?? '',
    }
    return adminPage(
      c,
      deps,
      <CompanyView
        {...adminProps(c, deps)}
        company={company}
        form={form ?? stored}
        problems={problems}
        objection={objection}
        timeZone={timeZone}
        doneKey={c.req.query('done')}
      />,
      problems.length > 0 ? 422 : 200,
    )
  }

  return app
}

const empty: CompanyForm = { name: '', businessId: '', form: 'unknown', address: '', domains: '', priceGroup: '' }
const noObjection = { requestedBy: '', how: '' }

async function posted(c: Context): Promise<CompanyForm> {
  const body = await c.req.parseBody()
  const text = (name: string) => (typeof body[name] === 'string' ? body[name].trim() : '')
  return {
    name: text('name'),
    businessId: text('businessId'),
    form: text('form'),
    address: text('address'),
    domains: text('domains').replaceAll('\r\n', '\n'),
    priceGroup: text('priceGroup'),
  }
}

const linesOf = ({ domains }: CompanyForm) =>
  domains
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** An empty field says nothing. */
function typed(form: CompanyForm) {
  const orNothing = (text: string) => (text === '' ? undefined : text)
  return {
    name: form.name,
    businessId: orNothing(form.businessId),
    form: isForm(form.form) ? form.form : ('unknown' as const),
    address: orNothing(form.address),
    domains: linesOf(form),
    priceGroup: orNothing(form.priceGroup),
  }
}

const isForm = (text: string): text is FormOfCompany =>
  text === 'legal_person' || text === 'sole_trader' || text === 'unknown'

function problemsOf(
  lang: Language,
  form: CompanyForm,
  result: Extract<CompanyResult, { ok: false }>,
): ControlProblem[] {
  if (!('errors' in result)) return []
  const w = companyWords[lang].invalid
  const taken = result.kind === 'taken'
  return result.errors.map(({ path }) => {
    const line = linesOf(form)[Number(path.split('.')[1])] ?? ''
    if (path.startsWith('domains')) return { path: 'domains', message: taken ? w.domainTaken(line) : w.domain(line) }
    if (path === 'businessId') return { path, message: taken ? w.businessIdTaken : w.businessId }
    return { path, message: path === 'address' || path === 'priceGroup' ? w[path] : w.name }
  })
}
