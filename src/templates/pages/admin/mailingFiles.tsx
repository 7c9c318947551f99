import type { AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { formatNumber, type Language } from '../../words/index.ts'
import { mailingStepWords } from '../../words/admin/mailings.ts'
import { controlId, ProblemList } from './mailingControls.tsx'
import { mailingHref, MailingPage, type MailingHead } from './mailingPage.tsx'

export type ShownFile = { id: string; name: string; size: number }

/** The files of a draft. @param problem why the last one was not taken */
export const MailingFiles = (
  props: AdminProps & {
    mailing: MailingHead
    files: readonly ShownFile[]
    problem?: string | undefined
    done?: string | undefined
  },
) => {
  const { lang, mailing, files } = props
  const w = mailingStepWords[lang].files
  const action = mailingHref(mailing.id, 'files')
  const id = controlId('file')
  const problems = props.problem === undefined ? [] : [{ path: 'file', message: props.problem }]
  return (
    <MailingPage {...props} tab="files" problem={props.problem !== undefined}>
      <ProblemList title={w.add} problems={problems} />
      <h2 id="files">{w.list}</h2>
      {files.length === 0 ? <p>{w.none}</p> : null}
      {files.length === 0 ? null : (
        <Table
          labelledBy="files"
          columns={[{ label: w.name }, { label: w.size, number: true }, { label: w.remove }]}
          rows={files.map((file) => [
            file.name,
            formatSize(lang, file.size),
            <form method="post" action={`${action}/${file.id}/remove`}>
              <button aria-label={w.removeOne(file.name)}>{w.remove}</button>
            </form>,
          ])}
        />
      )}
      <h2>{w.add}</h2>
      <form method="post" action={action} enctype="multipart/form-data">
        <div class="field">
          <label for={id}>{w.file}</label>
          <p class="hint" id={`${id}-hint`} children={w.hint} />
          {props.problem === undefined ? null : <p class="err" id={`${id}-error`} children={props.problem} />}
          <input
            type="file"
            id={id}
            name="file"
            required
            accept=".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.csv,.txt"
            aria-invalid={props.problem === undefined ? undefined : 'true'}
            aria-describedby={props.problem === undefined ? `${id}-hint` : `${id}-hint ${id}-error`}
          />
        </div>
        <button class="main">{w.upload}</button>
      </form>
    </MailingPage>
  )
}

/** "84 kt", "1,2 Mt": kilobytes up to a megabyte. @param bytes a whole number */
function formatSize(lang: Language, bytes: number): string {
  const units = lang === 'fi' ? { k: 'kt', m: 'Mt' } : { k: 'kB', m: 'MB' }
  if (bytes < 1_000_000) return `${formatNumber(lang, Math.max(1, Math.round(bytes / 1000)))} ${units.k}`
  return `${formatNumber(lang, Math.round(bytes / 100_000) / 10)} ${units.m}`
}
