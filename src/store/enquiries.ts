import { sql, type RawBuilder } from 'kysely'
import type { EnquiryRow } from './rows/forms.ts'
import type { Store } from './store.ts'
import type { DeliveryState } from './tables.ts'

/** An enquiry, and what became of the message that told a colleague of it (null: none was queued, the limits were reached). */
export type Enquiry = EnquiryRow & { forwarded: DeliveryState | null; forward_reason: string | null }

/** Keeps an enquiry; the same post again on the same day (its `mark`) is the same enquiry. Returns its id when it is new. */
export function addEnquiry({ db }: Store, row: Omit<EnquiryRow, 'handled_at' | 'handled_by' | 'closed_at' | 'note'>) {
  return db
    .insertInto('enquiries')
    .values({ ...row, handled_at: null, handled_by: null, closed_at: null, note: null })
    .onConflict((conflict) => conflict.column('mark').doNothing())
    .returning('id')
}

/** True when that enquiry was kept, and not one that was there before. */
export function isKept(id: string): RawBuilder<unknown> {
  return sql`exists (select 1 from enquiries where id = ${id})`
}

export async function enquiryById({ db }: Store, id: string): Promise<Enquiry | null> {
  return (await withForward({ db }).where('e.id', '=', id).executeTakeFirst()) ?? null
}

export type EnquiryFilter = { state?: 'open' | 'handled' | 'closed' | undefined; form?: string | undefined }

/** Enquiries before the given one, newest first. */
export async function listEnquiries(
  store: Pick<Store, 'db'>,
  { state, form }: EnquiryFilter,
  before: string | undefined,
  limit: number,
): Promise<Enquiry[]> {
  let query = withForward(store)
  if (before !== undefined) query = query.where('e.id', '<', before)
  if (form !== undefined) query = query.where('e.form_id', '=', form)
  if (state === 'open') query = query.where('e.handled_at', 'is', null).where('e.closed_at', 'is', null)
  if (state === 'handled') query = query.where('e.handled_at', 'is not', null).where('e.closed_at', 'is', null)
  if (state === 'closed') query = query.where('e.closed_at', 'is not', null)
  return query.orderBy('e.id', 'desc').limit(limit).execute()
}

function withForward({ db }: Pick<Store, 'db'>) {
  return db
    .selectFrom('enquiries as e')
    .leftJoin('deliveries as d', (join) => join.on('d.id', '=', sql<string>`'enquiry.' || e.id`))
    .selectAll('e')
    .select(['d.state as forwarded', 'd.reason as forward_reason'])
}

/** What a person wrote to us (GDPR Art. 15). */
export async function enquiriesOf({ db }: Pick<Store, 'db'>, strict: string): Promise<EnquiryRow[]> {
  return db.selectFrom('enquiries').selectAll().where('strict', '=', strict).orderBy('id').execute()
}

type Change = Pick<EnquiryRow, 'handled_at' | 'handled_by' | 'closed_at' | 'note'>

/** Writes how far an enquiry has come, if nobody else did meanwhile. Returns its id when it was so. */
export function changeEnquiry({ db }: Store, seen: EnquiryRow, change: Change) {
  return db
    .updateTable('enquiries')
    .set(change)
    .where('id', '=', seen.id)
    .where('handled_at', seen.handled_at === null ? 'is' : '=', seen.handled_at)
    .where('closed_at', seen.closed_at === null ? 'is' : '=', seen.closed_at)
    .returning('id')
}
