import type { Deps } from '../deps.ts'
import { LATE_GRACE_MS } from '../rules/schedule.ts'
import { recoverLeases } from '../store/deliveries.ts'
import { sealLedger } from '../store/ledger.ts'
import {
  anyHeldForSources,
  finishIfDone,
  holdForSources,
  holdLate,
  nextPiece,
  proposePiece,
  releaseForSources,
  skipCancelled,
  startDue,
  type Audience,
} from '../store/mailings.ts'
import { purgeExpired } from '../store/signups.ts'
import { alertStaff, pauseUncertain } from './alerts.ts'
import { freshness } from './facts.ts'

/**
 * What the clock does, on every runtime alike: lost leases are found, due mailings start and propose their recipients, late ones
 * are held, expired sign-ups are purged, the ledger is sealed. Every step is conditional and safe when two nodes tick at once.
 * @returns whether there may be something to deliver
 */
export async function tick(deps: Deps): Promise<void> {
  const { store } = deps
  const now = deps.now()
  const [uncertain, again, late, started] = await store.batch([
    ...recoverLeases(store, now, deps.config.listDomain),
    holdLate(store, now, LATE_GRACE_MS),
    startDue(store, now),
    skipCancelled(store, now),
    ...purgeExpired(store, now),
  ])
  if (uncertain.length > 0) deps.log.error('deliveries_uncertain', { count: uncertain.length })
  for (const { id } of late) {
    deps.log.error('mailing_held_too_late', { mailing: id })
    const lines = [`Mailing ${id} was found due too late and is held. Resume it if it is still wanted.`]
    await store.batch(alertStaff(deps, `${id}.too_late.${now}`, 'Mailing held', lines, now))
  }
  await pauseUncertain(deps)
  for (const { id } of started) deps.log.info('mailing_started', { mailing: id })
  await holdOrRelease(deps)
  await proposeAll(deps)
  await finishDone(deps)
  await sealLedger(store)
  if (again.length > 0 || started.length > 0) deps.wake()
}

/** Mailings wait while a required ban source is not fresh, and go on by themselves on good data (P08). */
async function holdOrRelease(deps: Deps) {
  const { config, store } = deps
  if (!config.banSources.some((source) => source.required)) return
  const now = deps.now()
  const rows = await store.db.selectFrom('ban_sources').selectAll().execute()
  const stale = freshness(config.banSources, rows, now).filter((source) => source.required && !source.fresh)
  const names = stale.map((source) => source.name).join(', ')
  const [changed] = await store.batch([stale.length > 0 ? holdForSources(store, now) : releaseForSources(store, now)])
  if (changed.length > 0) deps.wake()
  if (stale.length === 0) return
  // Asked at every tick and told once an hour: the door may have been the first to notice, or the last alert was lost.
  const hour = new Date(now).toISOString().slice(0, 13)
  const lines = [`Nothing is sent until these ban sources are fresh: ${names}. Sending goes on by itself.`]
  if (await anyHeldForSources(store))
    await store.batch(alertStaff(deps, `source_stale.${names}.${hour}`, 'Mailings held', lines, now))
}

/** Recipients are proposed piece by piece; a crash in between resumes behind the last one. */
async function proposeAll({ store, now, wake }: Deps) {
  const open = await store.db
    .selectFrom('mailings')
    .select(['id', 'audience', 'proposed_to'])
    .where('started_at', 'is not', null)
    .where('proposed_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
  for (const { id, audience, proposed_to } of open) {
    let after = proposed_to ?? ''
    for (;;) {
      const mailing = { id, audience: JSON.parse(audience) as Audience, after }
      const [, moved] = await store.batch(proposePiece(store, mailing, await nextPiece(store, mailing), now()))
      wake()
      // Not moved: another node is at it. Should it die, the next tick goes on from where it came to.
      if (moved[0]?.proposed_at !== null) break
      after = moved[0].proposed_to ?? ''
    }
  }
}

/** Mailings whose last deliveries were decided elsewhere (skipped by an unsubscribe, another node's). */
async function finishDone({ store, now }: Deps) {
  const open = await store.db
    .selectFrom('mailings')
    .select('id')
    .where('proposed_at', 'is not', null)
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
  if (open.length > 0) await store.batch(open.map(({ id }) => finishIfDone(store, id, now())))
}
