import { companyWords, type CompanyWords } from '../../words/admin/companies.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatDay, formatNumber, type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { AreaControl, ProblemList, SelectControl, TextControl, type ControlProblem } from './mailingControls.tsx'

export type CompanyLine = {
  href: string
  name: string
  businessId: string | null
  priceGroup: string | null
  people: number
  objectedAt: number | null
}

/** @param moreHref the next page */
export const CompaniesList = (
  props: AdminProps & {
    companies: readonly CompanyLine[]
    search: string
    moreHref?: string | undefined
    timeZone: string
  },
) => {
  const { lang, companies, search, timeZone } = props
  const w = companyWords[lang]
  const shell = shellWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="companies">
      <p>{w.intro}</p>
      <form method="get" action="/admin/companies">
        <TextControl lang={lang} problems={[]} name="search" label={w.search} value={search} />
        <button>{shell.search}</button>
      </form>
      <p class="links">
        <a href="/admin/companies/new">{w.add}</a>
      </p>
      {companies.length === 0 ? (
        <p>{search === '' ? shell.none : w.noneFound}</p>
      ) : (
        <Table
          label={w.title}
          columns={[
            { label: w.name },
            { label: w.businessId },
            { label: w.priceGroup },
            { label: w.people, number: true },
            { label: w.objected },
          ]}
          rows={companies.map((one) => [
            <a href={one.href} children={one.name} />,
            one.businessId ?? '–',
            one.priceGroup ?? '–',
            formatNumber(lang, one.people),
            one.objectedAt === null ? '–' : w.objectedAt(formatDay(lang, one.objectedAt, timeZone)),
          ])}
        />
      )}
      {props.moreHref ? (
        <p class="links">
          <a href={props.moreHref}>{shell.more}</a>
        </p>
      ) : null}
    </AdminPage>
  )
}

/** What was typed. */
export type CompanyForm = {
  name: string
  businessId: string
  form: string
  address: string
  domains: string
  priceGroup: string
}

export const NewCompany = (props: AdminProps & { form: CompanyForm; problems: readonly ControlProblem[] }) => {
  const w = companyWords[props.lang]
  return (
    <AdminPage {...props} title={w.addTitle} current="companies" problem={props.problems.length > 0}>
      <ProblemList title={w.problems} problems={props.problems} />
      <Details {...props} action="/admin/companies/new" />
    </AdminPage>
  )
}

export type ShownCompany = {
  id: string
  name: string
  bans: readonly { kind: keyof CompanyWords['banKinds']; scope: string; at: number }[]
  objections: readonly { requestedBy: string; how: string; scope: string; at: number }[]
  people: readonly { href: string; address: string; about: string }[]
  morePeopleHref?: string | undefined
}

/** One company: its people, its details, and what it has forbidden. */
export const CompanyView = (
  props: AdminProps & {
    company: ShownCompany
    form: CompanyForm
    problems: readonly ControlProblem[]
    objection: { requestedBy: string; how: string }
    timeZone: string
    doneKey?: string | undefined
  },
) => {
  const { lang, company, problems } = props
  const w = companyWords[lang]
  const done = props.doneKey !== undefined && Object.hasOwn(w.done, props.doneKey) ? w.done[props.doneKey] : undefined
  return (
    <AdminPage {...props} title={company.name} current="companies" problem={problems.length > 0} done={done}>
      <ProblemList title={w.problems} problems={problems} />
      <h2 id="bans">{w.bansTitle}</h2>
      <Bans {...props} />
      <h2 id="people">{w.peopleTitle}</h2>
      {company.people.length === 0 ? (
        <p>{w.noPeople}</p>
      ) : (
        <Table
          labelledBy="people"
          columns={[{ label: w.person }, { label: w.personName }]}
          rows={company.people.map(({ href, address, about }) => [<a href={href} children={address} />, about || '–'])}
        />
      )}
      {company.morePeopleHref ? (
        <p class="links">
          <a href={company.morePeopleHref}>{shellWords[lang].more}</a>
        </p>
      ) : null}
      <h2>{w.details}</h2>
      <Details {...props} action={`/admin/companies/${company.id}`} />
      <section>
        <h2>{w.objectTitle}</h2>
        <p>{w.objectText}</p>
        <form method="post" action={`/admin/companies/${company.id}/objection`}>
          <TextControl
            lang={lang}
            problems={problems}
            name="requestedBy"
            label={w.requestedBy}
            hint={w.requestedByHint}
            value={props.objection.requestedBy}
            maxLength={200}
          />
          <TextControl
            lang={lang}
            problems={problems}
            name="how"
            label={w.how}
            hint={w.howHint}
            value={props.objection.how}
            maxLength={200}
          />
          <button class="danger">{w.object}</button>
        </form>
      </section>
    </AdminPage>
  )
}

const Bans = ({ lang, company, timeZone }: { lang: Language; company: ShownCompany; timeZone: string }) => {
  const w = companyWords[lang]
  if (company.bans.length === 0 && company.objections.length === 0) return <p>{w.noBans}</p>
  return (
    <>
      {company.bans.length > 0 ? (
        <Table
          labelledBy="bans"
          columns={[{ label: w.ban }, { label: w.scope }, { label: w.since }]}
          rows={company.bans.map(({ kind, scope, at }) => [
            w.banKinds[kind],
            scopeIn(lang, scope),
            formatDay(lang, at, timeZone),
          ])}
        />
      ) : null}
      {company.objections.length > 0 ? (
        <>
          <h3 id="objections">{w.objections}</h3>
          <Table
            labelledBy="objections"
            columns={[{ label: w.requestedBy }, { label: w.how }, { label: w.scope }, { label: w.since }]}
            rows={company.objections.map((one) => [
              one.requestedBy,
              one.how,
              scopeIn(lang, one.scope),
              formatDay(lang, one.at, timeZone),
            ])}
          />
        </>
      ) : null}
    </>
  )
}

function scopeIn(lang: Language, scope: string): string {
  const w = companyWords[lang]
  if (scope === 'all') return w.scopeAll
  return scope === 'no_contact' ? w.scopeNoContact : w.scopeOther(scope.slice(scope.indexOf(':') + 1))
}

const Details = (props: { lang: Language; form: CompanyForm; problems: readonly ControlProblem[]; action: string }) => {
  const { lang, form, problems } = props
  const w = companyWords[lang]
  const common = { lang, problems }
  const forms = Object.entries(w.forms).map(([value, label]) => ({ value, label }))
  return (
    <form method="post" action={props.action}>
      <TextControl {...common} name="name" label={w.name} value={form.name} maxLength={200} />
      <div class="grid">
        <TextControl
          {...common}
          name="businessId"
          label={w.businessId}
          hint={w.businessIdHint}
          value={form.businessId}
          optional
        />
        <TextControl
          {...common}
          name="priceGroup"
          label={w.priceGroup}
          value={form.priceGroup}
          maxLength={200}
          optional
        />
      </div>
      <SelectControl {...common} name="form" label={w.form} hint={w.formHint} value={form.form} choices={forms} />
      <TextControl {...common} name="address" label={w.address} value={form.address} maxLength={200} optional />
      <AreaControl
        {...common}
        name="domains"
        label={w.domains}
        hint={w.domainsHint}
        value={form.domains}
        rows={3}
        optional
      />
      <button class="main">{shellWords[lang].save}</button>
    </form>
  )
}
