import { Hono, type Context } from 'hono'
import { comparedRows } from '../../actions/comparePrices.ts'
import { takeBackVersion } from '../../actions/deletePriceVersion.ts'
import { mapVersion, waitingVersion, type Waiting } from '../../actions/mapPriceVersion.ts'
import type { Deps } from '../../deps.ts'
import { columnName } from '../../rules/cellText.ts'
import { columnFields, type ColumnField } from '../../rules/priceColumns.ts'
import type { TableFacts } from '../../rules/priceTable.ts'
import { filesOfVersion, priceFileById, priceListById, versionById } from '../../store/priceLists.ts'
import { PriceColumns, type ColumnsPage } from '../../templates/pages/admin/priceColumns.tsx'
import { PriceVersionView, type VersionPage } from '../../templates/pages/admin/priceVersion.tsx'
import { priceListWords } from '../../templates/words/admin/priceLists.ts'
import type { FaultSaid } from '../../templates/words/priceFaults.ts'
import { fail } from '../errors.tsx'
import { fileAnswer } from '../fileAnswer.ts'
import { adminPage, adminProps } from './page.tsx'

const ROWS = 100
const PREVIEWED = 10
const SAMPLES = 3

/** A version of a price list: its columns while they wait to be mapped, then its rows, changes and files. */
export function priceVersionScreens(deps: Deps): Hono {
  const app = new Hono()

  app.get('/versions/:id', async (c) => show(c, c.req.param('id')))

  app.get('/versions/:id/columns', async (c) => {
    const waiting = await waitingVersion(deps, c.req.param('id'))
    return waiting === null ? c.redirect(`/admin/price-lists/versions/${c.req.param('id')}`) : columns(c, waiting)
  })

  app.post('/versions/:id/columns', async (c) => {
    const id = c.req.param('id')
    const posted = await c.req.parseBody()
    const waiting = await waitingVersion(deps, id)
    if (waiting === null) return c.redirect(`/admin/price-lists/versions/${id}`, 303)
    if ('code' in waiting) return columns(c, waiting)
    const fields = waiting.heading.headings.map((_, n) => asField(posted[`c${n}`]))
    const result = await mapVersion(deps, id, fields)
    if (result.ok) return c.redirect(`/admin/price-lists/versions/${id}?done=mapped`, 303)
    if (result.status === 404) return c.redirect(`/admin/price-lists/versions/${id}`, 303)
    const chosen = waiting.mapping.map((one, n) => ({ ...one, field: fields[n] ?? one.field }))
    return columns(c, { ...waiting, mapping: chosen }, result.faults)
  })

  app.post('/versions/:id/delete', async (c) => {
    const result = await takeBackVersion(deps, c.req.param('id'))
    if (result === 'missing') return fail(c, deps, 404)
    return result === 'sent' ? show(c, c.req.param('id'), 409) : c.redirect('/admin/price-lists?done=deleted', 303)
  })

  app.get('/files/:id', async (c) => {
    const file = await priceFileById(deps.store, c.req.param('id'))
    return (file && (await fileAnswer(c, deps, file))) ?? fail(c, deps, 404)
  })

  async function show(c: Context, id: string, status: 200 | 409 = 200) {
    const { store } = deps
    const version = await versionById(store, id)
    const list = version && (await priceListById(store, version.price_list_id))
    if (!version || !list) return fail(c, deps, 404)
    if (version.mapped_at === null) return c.redirect(`/admin/price-lists/versions/${id}/columns`)
    const [files, compared] = await Promise.all([filesOfVersion(store, id), comparedRows(deps, version)])
    const facts = JSON.parse(version.facts) as TableFacts | null
    const onlyChanged = c.req.query('changed') === '1'
    const rows = onlyChanged ? compared.rows.filter(({ was }) => was !== null) : compared.rows
    const asked = Number(c.req.query('from') ?? 0)
    const from = Number.isSafeInteger(asked) && asked > 0 && asked < rows.length ? asked : 0
    const href = (at: number) => `/admin/price-lists/versions/${id}?${onlyChanged ? 'changed=1&' : ''}from=${at}`
    const page: VersionPage = {
      id,
      list: list.name,
      listId: list.id,
      validFrom: version.valid_from,
      priceGroup: version.price_group,
      currency: facts?.currency ?? 'EUR',
      shows: facts?.shows ?? { code: true, name: true, unit: true },
      extra: facts?.extra ?? [],
      decimals: facts?.decimals ?? 'written',
      files,
      rows: rows.slice(from, from + ROWS),
      from,
      all: rows.length,
      onlyChanged,
      changes: compared.changes && compared.before && { ...compared.changes, since: compared.before.valid_from },
      previousHref: from > 0 ? href(Math.max(0, from - ROWS)) : undefined,
      nextHref: from + ROWS < rows.length ? href(from + ROWS) : undefined,
    }
    const props = adminProps(c, deps)
    const { done } = priceListWords[props.lang]
    const key = c.req.query('done') ?? ''
    const said = Object.hasOwn(done, key) ? done[key as keyof typeof done] : undefined
    return adminPage(c, deps, <PriceVersionView {...props} version={page} done={said} sent={status === 409} />, status)
  }

  function columns(c: Context, waiting: Waiting | FaultSaid, faults: readonly FaultSaid[] = []) {
    const page = 'code' in waiting ? { ...nothing, id: c.req.param('id') ?? '' } : pageOf(waiting)
    const shown = 'code' in waiting ? [waiting] : faults
    const status = shown.length > 0 ? 422 : 200
    return adminPage(c, deps, <PriceColumns {...adminProps(c, deps)} page={page} faults={shown} />, status)
  }

  return app
}

const nothing: Omit<ColumnsPage, 'id'> = { listId: null, file: '', columns: [], rows: [], missing: [], added: [] }

function pageOf({ version, file, heading, rows, mapping, missing, added }: Waiting): ColumnsPage {
  const body = rows.slice(heading.row + 1).filter((cells) => cells.some((cell) => cell.trim() !== ''))
  return {
    id: version.id,
    listId: version.price_list_id,
    file: file.name,
    columns: mapping.map((one, n) => ({
      letter: columnName(n + 1),
      ...one,
      samples: body
        .map((cells) => (cells[n] ?? '').trim().slice(0, 40))
        .filter((cell) => cell !== '')
        .slice(0, SAMPLES),
    })),
    rows: rows.slice(heading.row, heading.row + PREVIEWED).map((cells, n) => ({
      number: heading.row + n + 1,
      cells: cells.map((cell) => cell.slice(0, 80)),
    })),
    missing,
    added,
  }
}

function asField(value: unknown): ColumnField {
  return columnFields.find((field) => field === value) ?? 'skip'
}
