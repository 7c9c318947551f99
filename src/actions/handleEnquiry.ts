import type { Deps } from '../deps.ts'
import { enquiryState, enquiryTimes, type EnquiryState } from '../rules/enquiry.ts'
import { cleanText, textLimits } from '../rules/text.ts'
import { changeEnquiry, enquiryById, type Enquiry } from '../store/enquiries.ts'
import { recordEvent } from '../store/ledger.ts'

export type EnquiryChange = { state?: EnquiryState | undefined; note?: string | undefined }
export type HandleResult = { ok: true; enquiry: Enquiry } | { ok: false; kind: 'missing' | 'note' | 'stale' }

/** Notes how far an enquiry has come (open, handled, closed) and what was answered; what is left out stays. */
export async function handleEnquiry(
  deps: Deps,
  id: string,
  { state, note }: EnquiryChange,
  actor: string,
): Promise<HandleResult> {
  const { store } = deps
  const known = await enquiryById(store, id)
  if (!known) return { ok: false, kind: 'missing' }
  const read = cleanText(note ?? known.note ?? '', {
    field: 'note',
    max: textLimits.freeText,
    multiline: true,
    optional: true,
  })
  if (!read.ok) return { ok: false, kind: 'note' }
  const now = deps.now()
  const before = { handledAt: known.handled_at, closedAt: known.closed_at }
  const next = state ?? enquiryState(before)
  const { handledAt, closedAt } = enquiryTimes(next, before, now)
  const [changed] = await store.batch([
    changeEnquiry(store, known, {
      handled_at: handledAt,
      handled_by: handledAt === null ? null : (known.handled_by ?? actor),
      closed_at: closedAt,
      note: read.value === '' ? null : read.value,
    }),
    ...(next === enquiryState(before)
      ? []
      : [
          recordEvent(store, {
            id: deps.id(),
            at: now,
            event: `enquiry_${next === 'open' ? 'reopened' : next}`,
            subject: null,
            actor,
            data: { enquiry: id },
          }),
        ]),
  ])
  const enquiry = await enquiryById(store, id)
  return changed[0] && enquiry ? { ok: true, enquiry } : { ok: false, kind: 'stale' }
}
