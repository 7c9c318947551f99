import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { addVersion } from '../../actions/addPriceVersion.ts'
import type { Deps } from '../../deps.ts'
import { asVersion, isMapped } from '../../mail/prices.ts'
import { versionFor } from '../../rules/priceList.ts'
import type { TableFacts } from '../../rules/priceTable.ts'
import { showInstant } from '../../rules/schedule.ts'
import { priceGroups } from '../../store/mailingChoices.ts'
import { pagePriceLists, priceListById, versionsOf } from '../../store/priceLists.ts'
import type { PriceVersionRow } from '../../store/rows/priceLists.ts'
import {
  PriceLists,
  PriceUpload,
  type ListSummary,
  type UploadValues,
  type VersionState,
} from '../../templates/pages/admin/priceLists.tsx'
import { priceListWords } from '../../templates/words/admin/priceLists.ts'
import type { FaultSaid } from '../../templates/words/priceFaults.ts'
import { PRICE_UPLOAD_MAX, readPriceUpload } from '../priceUpload.ts'
import { adminPage, adminProps, currentUser, type Signed } from './page.tsx'
import { priceVersionScreens } from './priceVersions.tsx'

/** More lists than anybody looks through; each may have many versions. */
const LISTS = 80

/** Price lists: what there is, and upload of a version. */
export function priceListScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const whole = bodyLimit({
    maxSize: PRICE_UPLOAD_MAX,
    onError: (c) => form(c, { name: '', validFrom: '', priceGroup: '' }, [{ code: 'files_too_large' }], false, 413),
  })

  app.get('/', async (c) => {
    const lists = await pagePriceLists(deps.store, LISTS)
    const versions = await versionsOf(
      deps.store,
      lists.map(({ id }) => id),
    )
    const shown = lists.map(({ id, name }): ListSummary => {
      const own = versions.filter((version) => version.price_list_id === id)
      return { id, name, versions: own.map((version) => summary(version, own)) }
    })
    const props = adminProps(c, deps)
    const { done } = priceListWords[props.lang]
    const key = c.req.query('done') ?? ''
    const said = Object.hasOwn(done, key) ? done[key as keyof typeof done] : undefined
    return adminPage(c, deps, <PriceLists {...props} lists={shown} done={said} />)
  })

  app.get('/new', async (c) => {
    const list = c.req.query('list') === undefined ? null : await priceListById(deps.store, c.req.query('list') ?? '')
    return form(c, { name: list?.name ?? '', validFrom: today(), priceGroup: '' }, [], list !== null)
  })

  app.post('/', whole, async (c) => {
    const read = await readPriceUpload(c)
    if (!read.ok) return form(c, { name: '', validFrom: today(), priceGroup: '' }, [{ code: 'no_file' }], false, 422)
    const result = await addVersion(deps, read.upload, `user:${currentUser(c)}`, 'wait')
    if (result.ok) {
      const { id, mapped_at } = result.version
      const next = mapped_at === null ? `${id}/columns` : `${id}?done=added`
      return c.redirect(`/admin/price-lists/versions/${next}`, 303)
    }
    const { name, validFrom, priceGroup = '' } = read.upload
    return form(c, { name, validFrom, priceGroup }, result.faults, false, result.status)
  })

  app.route('/', priceVersionScreens(deps))

  async function form(
    c: Context,
    values: UploadValues,
    faults: readonly FaultSaid[],
    fixedName: boolean,
    status: 200 | 413 | 422 = 200,
  ) {
    const groups = await priceGroups(deps.store)
    const linkAbove = Math.round(deps.config.attachUpTo / 1024)
    return adminPage(
      c,
      deps,
      <PriceUpload {...adminProps(c, deps)} {...{ values, faults, fixedName, linkAbove, groups }} />,
      status,
    )
  }

  function today(): string {
    return showInstant(deps.now(), deps.config.timeZone).local.slice(0, 10)
  }

  function summary(version: PriceVersionRow, all: readonly PriceVersionRow[]): ListSummary['versions'][number] {
    const facts = JSON.parse(version.facts) as TableFacts | null
    return {
      id: version.id,
      validFrom: version.valid_from,
      priceGroup: version.price_group,
      state: stateOf(version, all),
      products: facts?.products ?? null,
    }
  }

  function stateOf(version: PriceVersionRow, all: readonly PriceVersionRow[]): VersionState {
    if (version.mapped_at === null) return 'waiting'
    const day = today()
    if (version.valid_from > day) return 'coming'
    const own = all.filter((one) => isMapped(one) && one.price_group === version.price_group).map(asVersion)
    return versionFor(own, version.price_group, day)?.id === version.id ? 'inForce' : 'past'
  }

  return app
}
