import type { Deps } from '../deps.ts'
import { LATE_GRACE_MS } from '../rules/schedule.ts'
import { recoverLeases } from '../store/deliveries.ts'
import { sealLedger } from '../store/ledger.ts'
import {
  finishIfDone,
  holdLate,
  nextPiece,
  proposePiece,
  skipCancelled,
  startDue,
  type Audience,
} from '../store/mailings.ts'
import { purgeExpired } from '../store/signups.ts'
import { alertStaff, pauseUncertain } from './alerts.ts'
import { narrowingOf } from './audience.ts'
import { holdOrRelease } from './holdForSources.ts'
import { remindDue } from './surveys.ts'

/**
 * What the clock does, on every runtime alike: lost leases are found, due mailings start and propose their recipients, late ones
 * are held, expired sign-ups are purged, the ledger is sealed. Every step is conditional and safe when two nodes tick at once.
 * @returns whether there may be something to deliver
 */
export async function tick(deps: Deps): Promise<void> {
  const { store } = deps
  const now = deps.now()
  await remindDue(deps)
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

/** Recipients are proposed piece by piece; a crash in between resumes behind the last one. */
async function proposeAll({ store, now, wake, config }: Deps) {
  const open = await store.db
    .selectFrom('mailings')
    .select(['id', 'audience', 'proposed_to', 'started_at'])
    .where('started_at', 'is not', null)
    .where('proposed_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute()
  for (const { id, audience, proposed_to, started_at } of open) {
    const narrowing = narrowingOf({ config }, JSON.parse(audience) as Audience, started_at ?? now())
    let after = proposed_to ?? ''
    for (;;) {
      const mailing = { id, audience: narrowing, after }
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
