import { importWords } from '../../words/admin/imports.ts'
import { importRemarkIn } from '../../words/admin/importRemarks.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatNumber, formatTime, words } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { controlId, ProblemList } from './mailingControls.tsx'

export type ImportKind = 'contacts' | 'bans'

/** What GET /api/v1/imports/{id} says of an import. */
export type ImportSummary = {
  id: string
  kind: ImportKind
  source: string
  dryRun: boolean
  state: 'queued' | 'running' | 'finished' | 'failed'
  /** milliseconds UTC */
  createdAt: number
  /** of the file; 0 until it was looked over */
  rows: number
  done: number
  added: number
  updated: number
  unchanged: number
  refused: number
  /** why it failed, in English */
  error: string | null
}

export const importHref = (id: string) => `/admin/imports/${id}`

/** Uploads of both kinds and what was imported so far. @param problem why the last file was not taken, in English */
export const ImportsList = (
  props: AdminProps & {
    imports: readonly ImportSummary[]
    timeZone: string
    moreHref?: string | undefined
    problem?: { kind: ImportKind; message: string } | undefined
  },
) => {
  const { lang, problem, imports } = props
  const w = importWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="imports" problem={problem !== undefined}>
      {problem ? (
        <ProblemList
          title={words[lang].form.problems}
          problems={[{ path: problem.kind, message: importRemarkIn(lang, problem.message) }]}
        />
      ) : null}
      {(['contacts', 'bans'] as const).map((kind) => (
        <Upload lang={lang} kind={kind} message={problem?.kind === kind ? problem.message : undefined} />
      ))}
      <h2 id="history">{w.history}</h2>
      {imports.length === 0 ? <p>{w.none}</p> : null}
      {imports.length === 0 ? null : (
        <Table
          labelledBy="history"
          columns={[
            { label: w.at },
            { label: w.kind },
            { label: w.source },
            { label: w.state },
            { label: w.rows, number: true },
            { label: w.counts.refused, number: true },
          ]}
          rows={imports.map((one) => [
            <a href={importHref(one.id)}>{formatTime(lang, one.createdAt, props.timeZone)}</a>,
            w.kinds[one.kind],
            one.source,
            `${one.dryRun ? w.dryRun : w.inEarnest}: ${w.states[one.state]}`,
            formatNumber(lang, one.rows),
            formatNumber(lang, one.refused),
          ])}
        />
      )}
      {props.moreHref ? (
        <p class="links">
          <a href={props.moreHref}>{shellWords[lang].more}</a>
        </p>
      ) : null}
    </AdminPage>
  )
}

const Upload = (props: { lang: AdminProps['lang']; kind: ImportKind; message: string | undefined }) => {
  const { lang, kind, message } = props
  const w = importWords[lang]
  const id = controlId(kind)
  return (
    <section>
      <h2>{kind === 'contacts' ? w.contactsTitle : w.bansTitle}</h2>
      <form method="post" action={`/admin/imports/upload/${kind}`} enctype="multipart/form-data">
        <div class="field">
          <label for={id}>{w.file}</label>
          <p class="hint" id={`${id}-hint`} children={kind === 'contacts' ? w.contactsHint : w.bansHint} />
          {message === undefined ? null : <p class="err" id={`${id}-error`} children={importRemarkIn(lang, message)} />}
          <input
            type="file"
            id={id}
            name="file"
            required
            accept=".csv,.txt,.xlsx"
            aria-invalid={message === undefined ? undefined : 'true'}
            aria-describedby={message === undefined ? `${id}-hint` : `${id}-hint ${id}-error`}
          />
        </div>
        <button class={kind === 'contacts' ? 'main' : undefined}>{w.upload}</button>
      </form>
    </section>
  )
}
