import type { Deps } from '../deps.ts'
import { resolveSegment, segmentDefinition } from '../rules/segment.ts'
import type { Audience, Narrowing } from '../store/mailings.ts'
import { segmentById } from '../store/segments.ts'

/** A segment that is not there (any more) means nobody: never everybody. */
const NOBODY = { all: [{ field: 'company' as const, in: ['-'] }] }

/** The audience with what its segment says now; null when there is no such segment. What was frozen before stays. */
export async function freezeAudience({ store }: Pick<Deps, 'store'>, audience: Audience): Promise<Audience | null> {
  if (audience.segment === undefined || audience.segmentDefinition) return audience
  const row = await segmentById(store, audience.segment)
  return row && { ...audience, segmentDefinition: segmentDefinition.parse(JSON.parse(row.definition)) }
}

/**
 * A frozen audience as it is asked of the rows.
 * @param at milliseconds UTC: when the mailing started, or would start
 */
export function narrowingOf({ config }: Pick<Deps, 'config'>, audience: Audience, at: number): Narrowing {
  const { segment, segmentDefinition: definition, ...lists } = audience
  if (segment === undefined) return lists
  return { ...lists, segment: resolveSegment(definition ?? NOBODY, at, config.timeZone) }
}
