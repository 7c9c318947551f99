import type { Deps } from '../deps.ts'
import { compareRows, rowsToShow, versionBefore, versionFor, type Version } from '../rules/priceList.ts'
import type { PriceRow, TableFacts } from '../rules/priceTable.ts'
import { showInstant } from '../rules/schedule.ts'
import { readFile, type StoredAttachment } from '../store/mailingContent.ts'
import { filesOfVersion, priceListById, priceRowsOf, versionsOf } from '../store/priceLists.ts'
import type { PriceFileRow, PriceVersionRow } from '../store/rows/priceLists.ts'
import type { Language, MailingRow } from '../store/tables.ts'
import type { PriceView } from '../templates/mail/priceTable.ts'
import { FILE_LINK_MS, links } from './tokens.ts'

/** What one price group gets: a version, and the one before it, from which changes are told. */
export type Choice = { version: string; before: string | null }
/** By price group; '' is for whoever has no version of their own. */
export type Choices = Readonly<Record<string, Choice | undefined>>

type Sends = Pick<MailingRow, 'price_list_id' | 'prices_on' | 'price_versions' | 'due_at'>

/** Rows that a message shows: more would be cut off by mail programs. */
const SHOWN_ROWS = 150

/** The day as of which a mailing's prices are chosen, in the company's time zone. */
export function pricesDay({ config, now }: Pick<Deps, 'config' | 'now'>, row: Sends, dueAt = row.due_at): string {
  return row.prices_on ?? showInstant(dueAt ?? now(), config.timeZone).local.slice(0, 10)
}

/**
 * Who gets which version: as scheduling froze it, or as it would be now. Null for a mailing that sends no price list.
 * @param dueAt of a mailing that is being scheduled
 */
export async function choicesOf(
  deps: Pick<Deps, 'store' | 'config' | 'now'>,
  row: Sends,
  dueAt?: number,
): Promise<Choices | null> {
  if (row.price_list_id === null) return null
  if (row.price_versions !== null && dueAt === undefined) return JSON.parse(row.price_versions) as Choices
  const versions = (await versionsOf(deps.store, [row.price_list_id])).filter(isMapped).map(asVersion)
  const day = pricesDay(deps, row, dueAt ?? row.due_at)
  const groups = [...new Set(['', ...versions.map(({ group }) => group)])].toSorted()
  const chosen = groups.flatMap((group): [string, Choice][] => {
    const version = versionFor(versions, group, day)
    return version ? [[group, { version: version.id, before: versionBefore(versions, version)?.id ?? null }]] : []
  })
  return Object.fromEntries(chosen)
}

export function isMapped(version: PriceVersionRow): boolean {
  return version.mapped_at !== null
}

export function asVersion(row: PriceVersionRow): Version {
  return { id: row.id, group: row.price_group, validFrom: row.valid_from, createdAt: row.created_at }
}

/** What somebody of this price group gets; null where there is nothing for them. */
export function choiceFor(choices: Choices, group: string | null): Choice | null {
  const own = group === null || !Object.hasOwn(choices, group) ? undefined : choices[group]
  return own ?? choices[''] ?? null
}

/** What a test or a preview for nobody in particular shows. */
export function anyChoice(choices: Choices): Choice | null {
  return choices[''] ?? Object.values(choices)[0] ?? null
}

export type Prices = { view: PriceView; attachments: StoredAttachment[] }

/** The table and the files of one version, for one language: made once, whoever gets it. @throws when it is gone */
export async function pricesOf(
  deps: Pick<Deps, 'store' | 'config' | 'now' | 'keyring'>,
  listId: string,
  { version: id, before }: Choice,
  language: Language,
): Promise<Prices> {
  const { store } = deps
  const [list, versions, rows, oldRows, files] = await Promise.all([
    priceListById(store, listId),
    versionsOf(store, [listId]),
    priceRowsOf<PriceRow>(store, id),
    before === null ? null : priceRowsOf<PriceRow>(store, before),
    filesOfVersion(store, id),
  ])
  const version = versions.find((one) => one.id === id)
  if (!list || !version) throw new Error('the version of the price list is gone')
  const facts = JSON.parse(version.facts) as TableFacts | null
  const { rows: shown, part } = rowsToShow(compareRows(rows, oldRows?.length === 0 ? null : oldRows).rows, SHOWN_ROWS)
  const given = filesToGive(files, part)
  const attached = given.filter(({ size }) => size <= deps.config.attachUpTo)
  const view: PriceView = {
    list: list.name,
    validFrom: version.valid_from,
    currency: facts?.currency ?? 'EUR',
    vat: facts?.vat ?? null,
    shows: facts?.shows ?? { code: false, name: false, unit: false },
    extra: facts?.extra ?? [],
    decimals: facts?.decimals ?? 'written',
    products: facts?.products ?? 0,
    rows: shown,
    part,
    attached: attached.map(({ name }) => name),
    links: given.filter((file) => !attached.includes(file)).map((file) => linkTo(deps, file, language)),
  }
  return { view, attachments: await Promise.all(attached.map((file) => attachment(deps, file))) }
}

/** A CSV made the table; it is worth sending where the table could not show everything and no nicer file does. */
function filesToGive(files: readonly PriceFileRow[], part: PriceView['part']): PriceFileRow[] {
  const nice = files.filter(({ media_type }) => media_type !== 'text/csv')
  return nice.length > 0 || part === 'all' ? nice : [...files]
}

function linkTo(deps: Pick<Deps, 'config' | 'now' | 'keyring'>, file: PriceFileRow, language: Language) {
  const { make, url } = links(deps)
  const until = showInstant(deps.now() + FILE_LINK_MS, deps.config.timeZone).local.slice(0, 10)
  return { name: file.name, href: url('l', make('l', `${file.id}.${language}`)), until }
}

async function attachment({ store }: Pick<Deps, 'store'>, file: PriceFileRow): Promise<StoredAttachment> {
  return { name: file.name, mediaType: file.media_type, base64: await readFile(store, file.sha256) }
}
