import { shownDate } from '../../mail/priceTable.ts'
import { priceListWords } from '../../words/admin/priceLists.ts'
import { formatNumber } from '../../words/index.ts'
import { priceFaultIn, type FaultSaid } from '../../words/priceFaults.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'

export type VersionState = 'waiting' | 'coming' | 'inForce' | 'past'
export type VersionSummary = {
  id: string
  validFrom: string
  priceGroup: string
  state: VersionState
  /** null where it has files only */
  products: number | null
}
export type ListSummary = { id: string; name: string; versions: readonly VersionSummary[] }

/** All price lists, each with its versions. */
export const PriceLists = (props: AdminProps & { lists: readonly ListSummary[]; done?: string | undefined }) => {
  const { lang, lists } = props
  const w = priceListWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="price-lists">
      <p>{lists.length === 0 ? w.none : w.intro}</p>
      <p>
        <a class="button main" href="/admin/price-lists/new">
          {w.add}
        </a>
      </p>
      {lists.map((list) => (
        <section aria-labelledby={`list-${list.id}`}>
          <h2 id={`list-${list.id}`}>{list.name}</h2>
          <Versions lang={lang} list={list} />
          <p class="links">
            <a href={`/admin/price-lists/new?list=${list.id}`}>{w.addVersion}</a>
            <a href={`/admin/mailings/new?kind=price_list&priceList=${list.id}`}>{w.useIt}</a>
          </p>
        </section>
      ))}
    </AdminPage>
  )
}

const Versions = ({ lang, list }: { lang: AdminProps['lang']; list: ListSummary }) => {
  const w = priceListWords[lang]
  return (
    <Table
      labelledBy={`list-${list.id}`}
      columns={[
        { label: w.validFrom },
        { label: w.priceGroup },
        { label: w.state },
        { label: w.products, number: true },
      ]}
      rows={list.versions.map((version) => [
        <a
          href={`/admin/price-lists/versions/${version.id}${version.state === 'waiting' ? '/columns' : ''}`}
          children={shownDate(lang, version.validFrom)}
        />,
        version.priceGroup === '' ? w.everybody : version.priceGroup,
        w[version.state],
        version.products !== null
          ? formatNumber(lang, version.products)
          : version.state === 'waiting'
            ? '–'
            : w.filesOnly,
      ])}
    />
  )
}

/** What is wrong, said first; it takes the focus. */
export const PriceFaults = (props: {
  lang: AdminProps['lang']
  faults: readonly FaultSaid[]
  anchor(fault: FaultSaid): string | null
}) => {
  const { lang, faults, anchor } = props
  const w = priceListWords[lang]
  if (faults.length === 0) return null
  return (
    <div class="note bad" role="alert" tabindex={-1} autofocus>
      <h2>{w.problems}</h2>
      <ul>
        {faults.map((fault) => {
          const href = anchor(fault)
          const message = priceFaultIn(lang, fault)
          return <li>{href === null ? message : <a href={href}>{message}</a>}</li>
        })}
      </ul>
      {faults.length >= 50 ? <p>{w.andMore}</p> : null}
    </div>
  )
}

export type UploadValues = { name: string; validFrom: string; priceGroup: string }

/** Upload of a version. @param fixedName the list that gets it, where that is settled */
export const PriceUpload = (
  props: AdminProps & {
    values: UploadValues
    faults: readonly FaultSaid[]
    fixedName: boolean
    /** kB above which a file goes as a link */
    linkAbove: number
    groups: readonly string[]
  },
) => {
  const { lang, values, faults } = props
  const w = priceListWords[lang]
  const anchors: Partial<Record<FaultSaid['code'], string>> = {
    name: '#name',
    valid_from: '#valid',
    price_group: '#group',
  }
  const wrong = (code: FaultSaid['code']) => (faults.some((fault) => fault.code === code) ? 'true' : undefined)
  const isFileWrong = faults.some(({ code }) => !Object.hasOwn(anchors, code)) ? 'true' : undefined
  return (
    <AdminPage
      {...props}
      title={props.fixedName ? w.addVersion : w.add}
      current="price-lists"
      problem={faults.length > 0}
    >
      <PriceFaults lang={lang} faults={faults} anchor={({ code }) => anchors[code] ?? '#table'} />
      <form method="post" action="/admin/price-lists" enctype="multipart/form-data">
        <div class="field">
          <label for="name">{w.name}</label>
          {props.fixedName ? null : <p class="hint" id="name-hint" children={w.nameHint} />}
          <input
            id="name"
            name="name"
            required
            maxlength={120}
            value={values.name}
            readonly={props.fixedName}
            aria-describedby={props.fixedName ? undefined : 'name-hint'}
            aria-invalid={wrong('name')}
          />
        </div>
        <div class="field">
          <label for="valid">{w.validFrom}</label>
          <input
            id="valid"
            name="validFrom"
            type="date"
            required
            value={values.validFrom}
            aria-invalid={wrong('valid_from')}
          />
        </div>
        <div class="field">
          <label for="group">{w.priceGroup}</label>
          <p class="hint" id="group-hint" children={w.priceGroupHint} />
          <input
            id="group"
            name="priceGroup"
            maxlength={64}
            value={values.priceGroup}
            list="groups"
            aria-describedby="group-hint"
            aria-invalid={wrong('price_group')}
          />
          <datalist id="groups">
            {props.groups.map((group) => (
              <option value={group} />
            ))}
          </datalist>
        </div>
        <div class="field">
          <label for="table">{w.table}</label>
          <p class="hint" id="table-hint" children={w.tableHint} />
          <input
            id="table"
            name="file"
            type="file"
            accept=".xlsx,.csv"
            aria-describedby="table-hint"
            aria-invalid={isFileWrong}
          />
        </div>
        <div class="field">
          <label for="pdf">{w.pdf}</label>
          <p class="hint" id="pdf-hint" children={w.pdfHint(formatNumber(lang, props.linkAbove))} />
          <input id="pdf" name="file" type="file" accept=".pdf" aria-describedby="pdf-hint" />
        </div>
        <button class="main">{w.save}</button>
      </form>
    </AdminPage>
  )
}
