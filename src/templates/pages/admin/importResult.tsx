import { importWords } from '../../words/admin/imports.ts'
import { importRemarkIn } from '../../words/admin/importRemarks.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatNumber, formatTime, type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { importHref, type ImportSummary } from './imports.tsx'

/** `field` and `message` as they are stored: the column's name and English. */
export type RefusedRow = { row: number; field: string; message: string }

/** One import: how far it is, what became of its rows, and what can be done next. @param done key of `importWords.done` */
export const ImportResult = (
  props: AdminProps & {
    summary: ImportSummary
    timeZone: string
    refused: readonly RefusedRow[]
    /** the file of a dry run is still there */
    canImport: boolean
    done?: string | undefined
  },
) => {
  const { lang, summary, refused } = props
  const w = importWords[lang]
  const { kind, dryRun, id } = summary
  const moves = summary.state === 'queued' || summary.state === 'running'
  // That it waits is true only as long as it does
  const isTrue = props.done !== undefined && Object.hasOwn(w.done, props.done) && (props.done !== 'queued' || moves)
  const done = isTrue ? w.done[props.done ?? ''] : undefined
  const title = `${w.kinds[kind]}: ${dryRun ? w.dryRun.toLowerCase() : w.inEarnest.toLowerCase()}`
  return (
    <AdminPage {...props} title={title} current="imports" done={done}>
      <p>
        {w.source}: {summary.source} · {w.at}: {formatTime(lang, summary.createdAt, props.timeZone)}
      </p>
      <Progress lang={lang} summary={summary} />
      {dryRun && summary.state === 'finished' ? <p class="note">{w.dryDone}</p> : null}
      {props.canImport ? (
        <form method="post" action={`${importHref(id)}/import`}>
          <button class="main">{w.importNow}</button>
        </form>
      ) : null}
      {moves ? (
        <form method="post" action={`${importHref(id)}/cancel`}>
          <p class="hint">{w.cancelHint}</p>
          <button class="danger">{w.cancel}</button>
        </form>
      ) : null}
      {summary.refused > 0 ? <Refused lang={lang} summary={summary} refused={refused} /> : null}
      <p class="links">
        <a href="/admin/imports">{w.again}</a>
      </p>
    </AdminPage>
  )
}

/** State, progress and counts, in a place that a running import fills again by itself. */
export const Progress = ({ lang, summary }: { lang: Language; summary: ImportSummary }) => {
  const w = importWords[lang]
  const moves = summary.state === 'queued' || summary.state === 'running'
  const live = moves
    ? {
        'hx-get': `${importHref(summary.id)}/progress?seen=${summary.state}`,
        'hx-trigger': 'every 1s',
        'hx-swap': 'outerHTML',
      }
    : {}
  const label = w.progress(formatNumber(lang, summary.done), formatNumber(lang, summary.rows))
  return (
    <div id="progress" {...live}>
      <p>
        {w.state}: <strong>{w.states[summary.state]}</strong>
      </p>
      {summary.error === null ? null : <p class="note bad" children={importRemarkIn(lang, summary.error)} />}
      {moves && summary.rows === 0 ? <p>{w.looking}</p> : null}
      {moves && summary.rows > 0 ? (
        <>
          <p>{label}</p>
          <progress max={summary.rows} value={summary.done} aria-label={label} />
        </>
      ) : null}
      {moves ? (
        <p class="links">
          <a href={importHref(summary.id)}>{shellWords[lang].refresh}</a>
        </p>
      ) : null}
      <dl class="counts">
        <div>
          <dt>{w.rows}</dt>
          <dd>{formatNumber(lang, summary.rows)}</dd>
        </div>
        {(['added', 'updated', 'unchanged', 'refused'] as const).map((name) => (
          <div>
            <dt>{w.counts[name]}</dt>
            <dd>{formatNumber(lang, summary[name])}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

const Refused = (props: { lang: Language; summary: ImportSummary; refused: readonly RefusedRow[] }) => {
  const { lang, summary, refused } = props
  const w = importWords[lang]
  return (
    <>
      <h2 id="refused">{w.refusedTitle}</h2>
      <p>{w.refusedHint}</p>
      <p class="links">
        <a href={`${importHref(summary.id)}/refused.csv`}>{w.download}</a>
      </p>
      <Table
        labelledBy="refused"
        columns={[{ label: w.row, number: true }, { label: w.field }, { label: w.mend }]}
        rows={refused.map(({ row, field, message }) => [
          formatNumber(lang, row),
          w.fields[field] ?? field,
          importRemarkIn(lang, message),
        ])}
      />
      {summary.refused > refused.length ? (
        <p class="hint">{w.moreRefused(formatNumber(lang, refused.length))}</p>
      ) : null}
    </>
  )
}
