import { AdminPage, type AdminProps } from '../admin.tsx'
import { formWords } from '../../words/admin/forms.ts'
import type { Language } from '../../words/index.ts'
import { Table } from '../table.tsx'

const kinds = ['signup', 'contact', 'feedback'] as const

export type FormSummary = { id: string; title: string; kind: (typeof kinds)[number]; topics: readonly string[] }

/** The forms, and the ways to make another. */
export const FormList = (props: AdminProps & { forms: readonly FormSummary[] }) => {
  const { lang, forms } = props
  const w = formWords[lang]
  const { form, kind, topics, page } = w.columns
  return (
    <AdminPage {...props} title={w.title} current="forms">
      <p>{w.intro}</p>
      <div class="actions">
        {kinds.map((one) => (
          <a class="button" href={`/admin/forms/new?kind=${one}`}>
            {w.create[one]}
          </a>
        ))}
      </div>
      {forms.length === 0 ? (
        <p>{w.none}</p>
      ) : (
        <Table
          label={w.title}
          columns={[{ label: form }, { label: kind }, { label: topics }, { label: page }, { label: w.embed }]}
          rows={forms.map((one) => [
            <a href={`/admin/forms/${one.id}`}>{one.title}</a>,
            w.kinds[one.kind],
            one.topics.join(', ') || '–',
            <a href={`/f/${one.id}?lang=${lang}`}>/f/{one.id}</a>,
            <a href={`/admin/forms/${one.id}/embed`} aria-label={w.embedTitle(one.title)}>
              {w.embed}
            </a>,
          ])}
        />
      )}
    </AdminPage>
  )
}

/** What to copy into a website. */
export const FormEmbed = (
  props: AdminProps & {
    id: string
    title: string
    /** the hosted page, absolute */
    url: string
    codeLanguages: readonly Language[]
    codeIn: Language
    withScript: string
    plain: string
    hasOrigins: boolean
  },
) => {
  const { lang, id, url } = props
  const w = formWords[lang]
  return (
    <AdminPage {...props} title={w.embedTitle(props.title)} current="forms">
      <p class="links">
        <a href={`/admin/forms/${id}`}>{w.edit(props.title)}</a>
      </p>
      <section aria-labelledby="hosted">
        <h2 id="hosted">{w.hosted}</h2>
        <p>{w.hostedText}</p>
        <p>
          <a href={url}>{url}</a>
        </p>
      </section>
      <nav class="links" aria-label={w.codeIn}>
        {props.codeLanguages.map((one) => (
          <a href={`/admin/forms/${id}/embed?in=${one}`} aria-current={one === props.codeIn ? 'true' : undefined}>
            {w.languages[one]}
          </a>
        ))}
      </nav>
      <section aria-labelledby="script">
        <h2 id="script">{w.script}</h2>
        <p>{w.scriptText}</p>
        {props.hasOrigins ? null : (
          <p class="note">
            <a href={`/admin/forms/${id}#origins`}>{w.noOrigins}</a>
          </p>
        )}
        <Code label={`${w.code}: ${w.script}`} id="script-code" text={props.withScript} />
      </section>
      <section aria-labelledby="plain">
        <h2 id="plain">{w.plain}</h2>
        <p>{w.plainText}</p>
        <Code label={`${w.code}: ${w.plain}`} id="plain-code" text={props.plain} />
      </section>
    </AdminPage>
  )
}

const Code = ({ label, id, text }: { label: string; id: string; text: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <textarea id={id} class="code" rows={16} readonly children={text} />
  </div>
)
