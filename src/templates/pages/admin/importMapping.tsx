import { importWords } from '../../words/admin/imports.ts'
import { importRemarkIn } from '../../words/admin/importRemarks.ts'
import { words, type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import type { ImportKind } from './imports.tsx'
import { AreaControl, controlId, ProblemList, SelectControl, TextControl, TickControl } from './mailingControls.tsx'

/** A file before it is imported: what each column is and what its first rows hold. */
export type MappingView = {
  id: string
  kind: ImportKind
  name: string
  header: readonly string[]
  columns: readonly (string | null)[]
  rows: readonly (readonly string[])[]
  isRemembered: boolean
}

/** What was chosen so far. */
export type MappingValues = {
  source: string
  topics: readonly string[]
  rule: string
  evidence: string
  language: string
}

type Props = AdminProps & {
  view: MappingView
  /** the columns that such a file may have */
  known: readonly string[]
  topics: readonly { id: string; names: Readonly<Record<Language, string>> }[]
  values: MappingValues
  /** `path` as the API names it, `message` in English */
  problems: readonly { path: string; message: string }[]
}

/** The step between upload and import: columns, source, topics, rule and evidence; to be tried first, or imported at once. */
export const ImportMapping = (props: Props) => {
  const { lang, view } = props
  const w = importWords[lang]
  const problems = props.problems.map((problem) => named(props, problem))
  const action = `/admin/imports/uploads/${view.id}`
  return (
    <AdminPage {...props} title={w.mappingTitle} current="imports" problem={problems.length > 0}>
      <ProblemList title={words[lang].form.problems} problems={problems} />
      <p>{w.mappingIntro(view.name)}</p>
      {view.isRemembered ? <p class="hint">{w.remembered}</p> : null}
      <form method="post" action={action}>
        <Table
          label={w.mappingTitle}
          columns={[{ label: w.column }, { label: w.meaning }, { label: w.samples }]}
          rows={view.header.map((header, n) => [
            header.trim() || w.unnamed(n + 1),
            <Meaning {...props} n={n} header={header.trim() || w.unnamed(n + 1)} />,
            samples(view.rows, n),
          ])}
        />
        <h2>{w.about}</h2>
        <TextControl
          lang={lang}
          name="source"
          label={w.source}
          hint={w.sourceHint}
          value={props.values.source}
          required={view.kind === 'contacts'}
          optional={view.kind === 'bans'}
          maxLength={200}
          problems={problems}
        />
        {view.kind === 'contacts' ? <Permission {...props} shown={problems} /> : null}
        <p class="hint">{w.tryHint}</p>
        <div class="actions">
          <button class="main" name="dryRun" value="true">
            {w.tryOut}
          </button>
          <button name="dryRun" value="false">
            {w.importNow}
          </button>
        </div>
      </form>
      <form method="post" action={`${action}/discard`}>
        <button class="danger">{w.discard}</button>
      </form>
    </AdminPage>
  )
}

const Meaning = ({ lang, view, known, n, header }: Props & { n: number; header: string }) => {
  const w = importWords[lang]
  return (
    <select name={`column.${n}`} id={controlId(`column.${n}`)} aria-label={w.meaningOf(header)}>
      <option value="">{w.leaveOut}</option>
      {known.map((column) => (
        <option value={column} selected={view.columns[n] === column}>
          {w.fields[column] ?? column}
        </option>
      ))}
    </select>
  )
}

const Permission = ({ lang, topics, values, shown }: Props & { shown: Props['problems'] }) => {
  const w = importWords[lang]
  const rules = Object.entries(w.rules).map(([value, label]) => ({ value, label }))
  const languages = (['fi', 'sv', 'en'] as const).map((value) => ({ value, label: words[value].languageName }))
  const ofTopics = shown.find(({ path }) => path === 'topics')
  return (
    <>
      <p>{w.topicsHint}</p>
      <TickControl
        name="topics"
        label={w.topicsTitle}
        values={values.topics}
        choices={topics.map(({ id, names }) => ({ value: id, label: names[lang] }))}
      />
      {ofTopics ? <p class="err">{ofTopics.message}</p> : null}
      <SelectControl
        lang={lang}
        name="rule"
        label={w.rule}
        value={values.rule}
        choices={rules}
        none="–"
        problems={shown}
      />
      <AreaControl
        lang={lang}
        name="evidence"
        label={w.evidence}
        hint={w.evidenceHint}
        value={values.evidence}
        rows={3}
        maxLength={5000}
        problems={shown}
      />
      <SelectControl
        lang={lang}
        name="language"
        label={w.language}
        value={values.language}
        choices={languages}
        problems={shown}
      />
    </>
  )
}

/** The few values that show what a column is; one of each. */
function samples(rows: MappingView['rows'], n: number): string {
  const values = rows.map((cells) => cells[n]?.trim() ?? '').filter((value) => value !== '')
  const few = [...new Set(values)].slice(0, 3).map((value) => (value.length > 40 ? `${value.slice(0, 39)}…` : value))
  return few.join(' · ') || '–'
}

/** A problem in the reader's language, on the control that mends it. */
function named({ lang, view }: Pick<Props, 'lang' | 'view'>, { path, message }: { path: string; message: string }) {
  const w = importWords[lang]
  const own = importRemarkIn(lang, message)
  const n = view.columns.indexOf(path)
  // A column that may not be imported is named as the file names it
  if (!['source', 'topics', 'rule', 'evidence', 'language'].includes(path) || message.startsWith('The register lets none'))
    return n < 0
      ? { path: 'column.0', message: own }
      : { path: `column.${n}`, message: `${view.header[n]?.trim() || w.unnamed(n + 1)}: ${own}` }
  return { path, message: own }
}
