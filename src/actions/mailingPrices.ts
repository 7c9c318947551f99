import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { freezeAudience, narrowingOf } from '../mail/audience.ts'
import { choicesOf, pricesDay } from '../mail/prices.ts'
import { readDate } from '../rules/priceCells.ts'
import { daysBetween } from '../rules/priceList.ts'
import type { TableFacts } from '../rules/priceTable.ts'
import type { Audience } from '../store/mailings.ts'
import { countOutsideGroups, filesOfVersion, priceListById, versionById, versionsOf } from '../store/priceLists.ts'
import type { MailingRow } from '../store/tables.ts'

/** What a mailing of kind `price_list` says beside the others: which list, and as of which day (the day of sending unless said). */
export const priceFields = {
  priceList: z.string().min(1).max(64).optional(),
  pricesOn: z
    .string()
    .refine((day) => /^\d{4}/.test(day) && readDate(day) === day, 'write a day such as 2026-12-01')
    .optional(),
}

type PriceFields = { kind: string; priceList?: string | undefined; pricesOn?: string | undefined }
type Fault = { path: string; message: string }

/** What is wrong with them in a draft, which may still lack its price list. */
export async function priceFault(
  { store }: Pick<Deps, 'store'>,
  { kind, priceList, pricesOn }: PriceFields,
): Promise<Fault | null> {
  if (kind !== 'price_list') {
    if (priceList !== undefined)
      return { path: 'priceList', message: 'Only a mailing of kind price_list names a price list.' }
    return pricesOn === undefined
      ? null
      : { path: 'pricesOn', message: 'Only a mailing of kind price_list has prices as of a day.' }
  }
  if (priceList === undefined || (await priceListById(store, priceList))) return null
  return { path: 'priceList', message: 'There is no such price list; GET /api/v1/price-lists lists them.' }
}

export function priceColumns({ priceList, pricesOn }: PriceFields) {
  return { price_list_id: priceList ?? null, prices_on: pricesOn ?? null, price_versions: null }
}

/** The stored columns as the input they were made from. */
export function pricesOf({ price_list_id, prices_on }: Pick<MailingRow, 'price_list_id' | 'prices_on'>) {
  return {
    ...(price_list_id === null ? {} : { priceList: price_list_id }),
    ...(prices_on === null ? {} : { pricesOn: prices_on }),
  }
}

type Priced = Pick<
  MailingRow,
  'kind' | 'topic' | 'audience' | 'content' | 'price_list_id' | 'prices_on' | 'price_versions' | 'due_at'
>

export type Frozen = { ok: true; price_versions: string | null } | { ok: false; fault: Fault }

/** What is frozen of the prices of a mailing that goes out then: who gets which version; nothing where it names no list. */
export async function freezePrices(deps: Deps, row: Priced, dueAt: number): Promise<Frozen> {
  const choices = await choicesOf(deps, row, dueAt)
  if (choices === null) return { ok: true, price_versions: null }
  return Object.keys(choices).length === 0
    ? { ok: false, fault: NOTHING_TO_SEND }
    : { ok: true, price_versions: JSON.stringify(choices) }
}

const NOTHING_TO_SEND: Fault = {
  path: 'priceList',
  message: 'The price list has no version that can be sent: add one, or map the columns of the one that waits.',
}

/** The contents of the frozen versions, for the hash of the mailing that sends them; versions never change. */
export async function pricesHash({ store }: Pick<Deps, 'store'>, frozen: string | null): Promise<string | null> {
  if (frozen === null) return null
  const ids = Object.values(JSON.parse(frozen) as Record<string, { version: string }>).map(({ version }) => version)
  const versions = await Promise.all([...new Set(ids)].map((id) => versionById(store, id)))
  return sha256(JSON.stringify([frozen, versions.map((version) => version?.content_hash)]))
}

/** What the pre-send check says of the prices. */
export async function priceRemarks(deps: Deps, row: Priced): Promise<{ errors: Fault[]; warnings: Fault[] }> {
  const fault = (message: string): Fault => ({ path: 'priceList', message })
  if (row.kind !== 'price_list') return { errors: [], warnings: [] }
  if (row.price_list_id === null) {
    const message = 'The mailing names no price list: choose one, or its message carries no prices.'
    const isPlaced = /\{\{-?\s*priceTable\s*-?\}\}/.test(row.content)
    return isPlaced ? { errors: [fault(message)], warnings: [] } : { errors: [], warnings: [fault(message)] }
  }
  const choices = Object.entries((await choicesOf(deps, row)) ?? {})
  if (choices.length === 0) return { errors: [NOTHING_TO_SEND], warnings: [] }
  const day = pricesDay(deps, row)
  const remarks = await Promise.all(
    choices.map(async ([group, choice]) => {
      const version = choice && (await versionById(deps.store, choice.version))
      if (!version) return { errors: [fault(`The version for ${named(group)} is gone.`)], warnings: [] }
      const products = (JSON.parse(version.facts) as TableFacts | null)?.products ?? 0
      const files = await filesOfVersion(deps.store, version.id)
      const age = daysBetween(version.valid_from, day)
      return {
        errors:
          products === 0 && files.length === 0
            ? [fault(`The version for ${named(group)} has no rows and no files.`)]
            : [],
        warnings: [
          ...(age > deps.config.pricesOldAfter
            ? [
                fault(
                  `The prices for ${named(group)} are ${age} days old (valid from ${version.valid_from}): see whether they still hold.`,
                ),
              ]
            : []),
          ...(age < 0 ? [fault(`The prices for ${named(group)} come into force only on ${version.valid_from}.`)] : []),
        ],
      }
    }),
  )
  const left = choices.some(([group]) => group === '')
    ? 0
    : await withoutPrices(
        deps,
        row,
        choices.map(([group]) => group),
      )
  const without =
    left === 0
      ? []
      : [
          fault(
            `${left} people in the audience have no version: they are skipped. Add a version for everybody, or for their price group.`,
          ),
        ]
  // Whoever added a version and forgot its columns would send the old prices without knowing.
  const waiting = (await versionsOf(deps.store, [row.price_list_id])).filter(({ mapped_at }) => mapped_at === null)
  const forgotten = waiting.map(({ price_group, valid_from }) =>
    fault(
      `The version for ${named(price_group)} valid from ${valid_from} waits for its columns: it is not sent. Map them, or delete it.`,
    ),
  )
  return {
    errors: remarks.flatMap(({ errors }) => errors),
    warnings: [...remarks.flatMap(({ warnings }) => warnings), ...without, ...forgotten],
  }
}

/** How many in the audience belong to none of the groups. */
async function withoutPrices(deps: Deps, row: Priced, groups: readonly string[]): Promise<number> {
  const audience = await freezeAudience(deps, JSON.parse(row.audience) as Audience)
  return audience ? countOutsideGroups(deps.store, row.topic, narrowingOf(deps, audience, deps.now()), groups) : 0
}

function named(group: string): string {
  return group === '' ? 'everybody' : `the price group ${group}`
}
