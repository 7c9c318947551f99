import { priceListWords } from '../../words/admin/priceLists.ts'
import type { FaultSaid } from '../../words/priceFaults.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { ButtonForm } from '../page.tsx'
import { Table } from '../table.tsx'
import { PriceFaults } from './priceLists.tsx'

const fields = ['code', 'name', 'unit', 'price', 'extra', 'skip'] as const

export type ColumnsPage = {
  id: string
  listId: string | null
  file: string
  columns: readonly { letter: string; heading: string; field: (typeof fields)[number]; samples: readonly string[] }[]
  /** the first rows, headings included, each with its number */
  rows: readonly { number: number; cells: readonly string[] }[]
  missing: readonly string[]
  added: readonly string[]
}

/** Which column is what: one choice for each, with its first values, and the first rows as they are. */
export const PriceColumns = (props: AdminProps & { page: ColumnsPage; faults: readonly FaultSaid[] }) => {
  const { lang, page, faults } = props
  const words = priceListWords[lang]
  const w = words.columns
  const { missing, added } = page
  const here = `/admin/price-lists/versions/${page.id}`
  const anchor = ({ column }: FaultSaid) => {
    const at = page.columns.findIndex(({ letter }) => letter === column)
    return `#column-${at === -1 ? 1 : at + 1}`
  }
  return (
    <AdminPage {...props} title={w.title} current="price-lists" problem={faults.length > 0}>
      <PriceFaults lang={lang} faults={faults} anchor={anchor} />
      {faults.some(({ row }) => row !== undefined) ? (
        <p>
          {w.mend}{' '}
          {page.listId === null ? null : <a href={`/admin/price-lists/new?list=${page.listId}`}>{words.addVersion}</a>}
        </p>
      ) : null}
      {missing.length + added.length > 0 ? (
        <p class="note" role="status">
          {[
            w.changed,
            missing.length > 0 ? w.missing(missing.join(', ')) : '',
            added.length > 0 ? w.added(added.join(', ')) : '',
          ]
            .filter((part) => part !== '')
            .join(' ')}
        </p>
      ) : null}
      <p>{w.intro(page.file)}</p>
      <form method="post" action={`${here}/columns`}>
        <div class="grid">
          {page.columns.map(({ letter, heading, field, samples }, n) => (
            <div class="field">
              <label for={`column-${n + 1}`}>{w.column(letter, heading)}</label>
              <p class="hint" id={`column-${n + 1}-hint`}>
                {samples.length === 0 ? w.noSamples : `${w.samples} ${samples.join(' · ')}`}
              </p>
              <select id={`column-${n + 1}`} name={`c${n}`} aria-describedby={`column-${n + 1}-hint`}>
                {fields.map((value) => (
                  <option value={value} selected={value === field}>
                    {w.fields[value]}
                  </option>
                ))}
              </select>
            </div>
          ))}
        </div>
        <button class="main">{w.save}</button>
      </form>
      <section aria-labelledby="preview">
        <h2 id="preview">{w.preview}</h2>
        <Table
          labelledBy="preview"
          columns={[{ label: w.row }, ...page.columns.map(({ letter }) => ({ label: letter }))]}
          rows={page.rows.map(({ number, cells }) => [String(number), ...page.columns.map((_, n) => cells[n] ?? '')])}
        />
      </section>
      <section aria-labelledby="remove">
        <h2 id="remove">{words.remove}</h2>
        <ButtonForm action={`${here}/delete`} label={words.remove} look="danger" />
      </section>
    </AdminPage>
  )
}
