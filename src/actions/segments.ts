import { setImmediate as breathe } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import { resolveSegment, segmentDefinition, type SegmentDefinition } from '../rules/segment.ts'
import { cleanText, textLimits } from '../rules/text.ts'
import type { SegmentRow } from '../store/rows/audience.ts'
import { addSegment, changeSegment, countPiece, deleteSegment, draftsNaming, segmentById } from '../store/segments.ts'

/** Contacts that are counted at once: the event loop breathes in between. */
const AT_ONCE = 5000

export type SegmentInput = { name: string; definition: SegmentDefinition }
export type SegmentResult =
  | { ok: true; segment: SegmentRow }
  | { ok: false; status: 404 | 409 | 422; errors: { path: string; message: string }[] }

/** @param id of the segment to change; null makes a new one */
export async function saveSegment(deps: Deps, id: string | null, input: SegmentInput): Promise<SegmentResult> {
  const { store } = deps
  const name = cleanText(input.name, { field: 'name', max: textLimits.name })
  if (!name.ok) return { ok: false, status: 422, errors: [{ path: 'name', message: name.error }] }
  const now = deps.now()
  const columns = { name: name.value, definition: JSON.stringify(input.definition), updated_at: now }
  const own = id ?? deps.id()
  const [rows] = await store.batch([
    id === null ? addSegment(store, { id: own, ...columns, created_at: now }) : changeSegment(store, own, columns),
  ])
  if (rows[0]) return { ok: true, segment: rows[0] }
  const known = await segmentById(store, own)
  if (id !== null && !known) return missing
  // A replay of the request that made it.
  if (id === null && known) return { ok: true, segment: known }
  return { ok: false, status: 409, errors: [{ path: 'name', message: 'Another segment has this name.' }] }
}

/** Deletes a segment that no draft names. What was scheduled keeps what the segment said then. */
export async function removeSegment(
  deps: Deps,
  id: string,
): Promise<{ ok: true } | Extract<SegmentResult, { ok: false }>> {
  const [deleted] = await deps.store.batch([deleteSegment(deps.store, id)])
  if (deleted[0]) return { ok: true }
  if (!(await segmentById(deps.store, id))) return missing
  const drafts = await draftsNaming(deps.store, id)
  const message = `Drafts name it: ${drafts.map((draft) => draft.id).join(', ')}. Give them another audience first.`
  return { ok: false, status: 409, errors: [{ path: 'id', message }] }
}

/** How many contacts are meant today, whatever they permit. Null when there is no such segment. */
export async function countSegment(deps: Deps, id: string): Promise<number | null> {
  const row = await segmentById(deps.store, id)
  return row && countDefinition(deps, segmentDefinition.parse(JSON.parse(row.definition)))
}

export async function countDefinition(deps: Deps, definition: SegmentDefinition): Promise<number> {
  const query = resolveSegment(definition, deps.now(), deps.config.timeZone)
  let count = 0
  for (let after: string | null = ''; after !== null;) {
    const piece = await countPiece(deps.store, query, after, AT_ONCE)
    count += piece.count
    after = piece.last
    await breathe()
  }
  return count
}

const missing = {
  ok: false as const,
  status: 404 as const,
  errors: [{ path: 'id', message: 'There is no such segment.' }],
}
