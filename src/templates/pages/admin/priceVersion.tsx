import { shownDate, shownExtra, shownPrice } from '../../mail/priceTable.ts'
import { priceListWords } from '../../words/admin/priceLists.ts'
import { formatNumber } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { ButtonForm } from '../page.tsx'
import { Table } from '../table.tsx'

type Row = { heading: string } | { code: string; name: string; unit: string; price: string; extra: readonly string[] }

export type VersionPage = {
  id: string
  list: string
  listId: string
  validFrom: string
  priceGroup: string
  currency: string
  shows: { code: boolean; name: boolean; unit: boolean }
  extra: readonly string[]
  decimals: 'point' | 'written'
  files: readonly { id: string; name: string; size: number }[]
  rows: readonly { row: Row; was: string | null; isNew: boolean }[]
  from: number
  /** how many rows there are of what is shown */
  all: number
  onlyChanged: boolean
  changes: { changed: number; added: number; removed: number; since: string } | null
  previousHref?: string | undefined
  nextHref?: string | undefined
}

/** A version: its files, what changed, and its rows page by page. */
export const PriceVersionView = (
  props: AdminProps & { version: VersionPage; done?: string | undefined; sent: boolean },
) => {
  const { lang, version } = props
  const w = priceListWords[lang]
  const number = (n: number) => formatNumber(lang, n)
  const { changes } = version
  const here = `/admin/price-lists/versions/${version.id}`
  return (
    <AdminPage {...props} title={version.list} current="price-lists" problem={props.sent}>
      {props.sent ? <p class="note bad" role="alert" tabindex={-1} autofocus children={w.sent} /> : null}
      <dl class="facts">
        <div>
          <dt>{w.validFrom}</dt>
          <dd>{shownDate(lang, version.validFrom)}</dd>
        </div>
        <div>
          <dt>{w.priceGroup}</dt>
          <dd>{version.priceGroup === '' ? w.everybody : version.priceGroup}</dd>
        </div>
      </dl>
      <p>
        {changes
          ? w.changes(
              number(changes.changed),
              number(changes.added),
              number(changes.removed),
              shownDate(lang, changes.since),
            )
          : w.firstVersion}
      </p>
      <p class="links">
        <a href={`/admin/price-lists/new?list=${version.listId}`}>{w.addVersion}</a>
        <a href={`/admin/mailings/new?kind=price_list&priceList=${version.listId}`}>{w.useIt}</a>
      </p>
      <section aria-labelledby="files">
        <h2 id="files">{w.files}</h2>
        {version.files.length === 0 ? <p>{w.noFiles}</p> : null}
        <ul>
          {version.files.map(({ id, name, size }) => (
            <li>
              <a href={`/admin/price-lists/files/${id}`}>{name}</a> ({number(Math.max(1, Math.round(size / 1024)))} kB)
            </li>
          ))}
        </ul>
      </section>
      {version.all > 0 || version.onlyChanged ? <Rows lang={lang} version={version} here={here} /> : null}
      <section aria-labelledby="remove">
        <h2 id="remove">{w.remove}</h2>
        <p>{w.removeHint}</p>
        <ButtonForm action={`${here}/delete`} label={w.remove} look="danger" />
      </section>
    </AdminPage>
  )
}

const Rows = ({ lang, version, here }: { lang: AdminProps['lang']; version: VersionPage; here: string }) => {
  const w = priceListWords[lang]
  const number = (n: number) => formatNumber(lang, n)
  const { rows, from, all, shows, extra, decimals, currency } = version
  // The first cell names its row, so a column that the table lacks is no column here.
  const given = (row: { code: string; name: string; unit: string }) => [
    ...(shows.code ? [row.code] : []),
    ...(shows.name ? [row.name] : []),
    ...(shows.unit ? [row.unit] : []),
  ]
  const heads = given({ code: w.code, name: w.product, unit: w.unit })
  return (
    <section aria-labelledby="rows">
      <h2 id="rows">{w.rows}</h2>
      {version.changes && (version.changes.changed > 0 || version.onlyChanged) ? (
        <p class="links">
          <a href={version.onlyChanged ? here : `${here}?changed=1`}>
            {version.onlyChanged ? w.allRows : w.onlyChanged}
          </a>
        </p>
      ) : null}
      {all === 0 ? (
        <p>{w.noneChanged}</p>
      ) : (
        <>
          <p class="soft">{w.range(number(from + 1), number(from + rows.length), number(all))}</p>
          <Table
            labelledBy="rows"
            columns={[
              ...[...heads, ...extra].map((label) => ({ label })),
              { label: w.was, number: true },
              { label: `${w.price} (${currency})`, number: true },
            ]}
            rows={rows.map(({ row, was, isNew }) =>
              'heading' in row
                ? [<strong>{row.heading}</strong>, ...Array.from({ length: heads.length + extra.length + 1 }, () => '')]
                : [
                    ...given(row),
                    ...row.extra.map((value) => shownExtra(lang, value, decimals)),
                    was === null ? isNew ? <span class="tag">{w.isNew}</span> : '' : shownPrice(lang, was),
                    was === null ? shownPrice(lang, row.price) : <strong>{shownPrice(lang, row.price)}</strong>,
                  ],
            )}
          />
        </>
      )}
      {version.previousHref || version.nextHref ? (
        <p class="links">
          {version.previousHref ? <a href={version.previousHref}>{w.previous}</a> : null}
          {version.nextHref ? <a href={version.nextHref}>{w.next}</a> : null}
        </p>
      ) : null}
    </section>
  )
}
