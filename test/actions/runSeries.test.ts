import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addVersion } from '../../src/actions/addPriceVersion.ts'
import { createMailing, deleteMailing } from '../../src/actions/mailingContent.ts'
import { resume } from '../../src/actions/mailingVerbs.ts'
import { endRepeat, pauseRepeat, repeatMailing, resumeRepeat } from '../../src/actions/repeat.ts'
import { occurrenceId, runSeries } from '../../src/actions/runSeries.ts'
import { mailingState } from '../../src/rules/mailing.ts'
import { repeatInput } from '../../src/rules/recurrence.ts'
import { mailingById, timesOf } from '../../src/store/mailings.ts'
import { occurrencesOf, seriesOf } from '../../src/store/series.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople } from '../people.ts'
import { engines } from '../stores.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const at = (text: string) => Date.parse(text)

describe.each(engines.map(({ name }) => name))('P15 a repeating mailing (%s)', (engine) => {
  let t: TestApp
  let draft = ''
  beforeEach(async () => {
    // Monday 18 May 2026, 9.30 in Helsinki.
    t = await startApp({ engine, env: { ALERT_TO: 'valvoja@myyja.example' } })
    await addPeople(t, [{ email: 'aino@yritys.example' }])
    draft = await newDraft({})
  })
  afterEach(() => t.close())

  async function newDraft(change: object) {
    const made = await createMailing(
      t.deps,
      {
        kind: 'price_list',
        topic: 'price-list',
        subject: 'Hinnasto',
        content: { format: 'markdown', body: 'Hei!' },
        ...change,
      },
      'system',
    )
    if (!made.ok) throw new Error(JSON.stringify(made.errors))
    return made.mailing.id
  }
  const repeated = async (change: object = {}, id = draft) => {
    const repeat = repeatInput.parse({ pattern: { every: 'workday' }, time: '09:00', from: '2026-05-18', ...change })
    const result = await repeatMailing(t.deps, id, repeat, 'system')
    if (!result.ok) throw new Error(JSON.stringify(result.errors))
  }
  const goTo = (text: string) => t.clock.advance(at(text) - t.clock.now())
  const tick = async () => {
    await runSeries(t.deps)
    await t.tick()
    await t.deliver()
  }
  const sent = async () => (await t.mailsTo('aino@yritys.example')).length
  const made = async (id = draft) => (await occurrencesOf(t.deps.store, id, 100)).map((one) => one.due_at)
  const stateOf = async (id: string) => {
    const row = await mailingById(t.deps.store, id)
    return row && mailingState(timesOf(row))
  }

  test('comes at each of its times, once, and the draft stays a draft', async () => {
    await repeated()
    await tick()
    expect(await sent()).toBe(0)
    goTo('2026-05-19T06:00:00Z')
    await tick()
    await tick()
    expect(await sent()).toBe(1)
    goTo('2026-05-20T06:00:01Z')
    await tick()
    expect(await sent()).toBe(2)
    expect(await made()).toEqual([at('2026-05-20T06:00:00Z'), at('2026-05-19T06:00:00Z')])
    expect(await stateOf(draft)).toEqual({ state: 'draft', reason: null })
  })

  test('comes once when two nodes tick at the same time, and after a crash in the middle', async () => {
    await repeated()
    goTo('2026-05-19T06:00:00Z')
    await Promise.all([runSeries(t.deps), runSeries(t.deps)])
    await tick()
    expect(await sent()).toBe(1)
    // Died between the copy and the step: what was read then is there again.
    await t.deps.store.batch([t.deps.store.db.updateTable('series').set({ next_at: at('2026-05-19T06:00:00Z') })])
    await tick()
    expect(await sent()).toBe(1)
  })

  test('never comes in a burst after an outage: of what went by only the last one, and that in its window', async () => {
    await repeated()
    goTo('2026-05-29T08:00:00Z')
    await tick()
    await tick()
    expect(await sent()).toBe(1)
    expect(await made()).toEqual([at('2026-05-29T06:00:00Z')])
    goTo('2026-06-01T06:00:00Z')
    await tick()
    expect(await sent()).toBe(2)
  })

  test('waits for a person when it is too late, and says so', async () => {
    await repeated()
    goTo('2026-05-29T18:00:00Z')
    await tick()
    expect(await sent()).toBe(0)
    const late = occurrenceId(draft, at('2026-05-29T06:00:00Z'))
    expect(await stateOf(late)).toEqual({ state: 'held', reason: 'too_late' })
    expect(await t.mailsTo('valvoja@myyja.example')).toHaveLength(1)
    expect((await resume(t.deps, late, 'system')).ok).toBe(true)
    await tick()
    expect(await sent()).toBe(1)
  })

  test('is not sent again by a clock that is set back', async () => {
    await repeated()
    goTo('2026-05-19T06:00:00Z')
    await tick()
    t.clock.advance(-2 * HOUR)
    await tick()
    t.clock.advance(2 * HOUR)
    await tick()
    expect(await sent()).toBe(1)
  })

  test('sends nothing while it is paused, makes up for nothing afterwards, and ends', async () => {
    await repeated()
    expect((await pauseRepeat(t.deps, draft, 'system')).ok).toBe(true)
    goTo('2026-05-21T08:00:00Z')
    await tick()
    expect(await sent()).toBe(0)
    expect((await resumeRepeat(t.deps, draft, 'system')).ok).toBe(true)
    await tick()
    expect(await sent()).toBe(0)
    goTo('2026-05-22T06:00:00Z')
    await tick()
    expect(await sent()).toBe(1)
    expect((await endRepeat(t.deps, draft, 'system')).ok).toBe(true)
    goTo('2026-05-25T06:00:00Z')
    await tick()
    expect(await sent()).toBe(1)
    expect(await endRepeat(t.deps, draft, 'system')).toMatchObject({ ok: false, status: 404 })
  })

  test('ends by itself after its last day, and with its draft', async () => {
    await repeated({ until: '2026-05-19' })
    goTo('2026-05-19T06:00:00Z')
    await tick()
    expect(await seriesOf(t.deps.store, draft)).toMatchObject({ next_at: null, ended_at: t.clock.now() })
    const other = await newDraft({ subject: 'Toinen' })
    await repeated({}, other)
    expect(await deleteMailing(t.deps, other)).toEqual({ ok: true })
    expect(await seriesOf(t.deps.store, other)).toBeNull()
  })

  test('one broken draft keeps no other from its time', async () => {
    const broken = await newDraft({ subject: 'Rikki' })
    await repeated({}, broken)
    await t.deps.store.batch([
      t.deps.store.db.updateTable('series').set({ repeat: '{}' }).where('mailing_id', '=', broken),
    ])
    await repeated()
    goTo('2026-05-19T06:00:00Z')
    await tick()
    expect(await sent()).toBe(1)
    expect(t.logged.some((line) => line.includes('repeat_failed'))).toBe(true)
  })

  test('sends the newest prices, and is held when they are too old', async () => {
    const upload = async (validFrom: string) => {
      const csv = 'Tuotenumero;Nimike;Hinta\n1;Ruuvi;1,20\n'
      const file = { name: 'hinnasto.csv', bytes: new TextEncoder().encode(csv) }
      const mapping = { Tuotenumero: 'code', Nimike: 'name', Hinta: 'price' } as const
      const result = await addVersion(
        t.deps,
        { name: 'Hinnasto', validFrom, files: [file], mapping },
        'system',
        'refuse',
      )
      if (!result.ok) throw new Error(JSON.stringify(result))
      return result
    }
    await upload('2026-05-01')
    const list = await t.deps.store.db.selectFrom('price_lists').select('id').executeTakeFirstOrThrow()
    const prices = await newDraft({ priceList: list.id })
    await repeated({ pattern: { every: 'monthDay', day: 20, interval: 1 }, maxPriceListDays: 30 }, prices)
    goTo('2026-05-20T06:00:00Z')
    await tick()
    expect(await sent()).toBe(1)
    goTo('2026-06-22T06:00:00Z')
    await tick()
    expect(await sent()).toBe(1)
    // 20 June is Midsummer Day: it moved to Monday.
    const [due = 0] = await made(prices)
    expect(due).toBe(at('2026-06-22T06:00:00Z'))
    expect(await stateOf(occurrenceId(prices, due))).toEqual({ state: 'held', reason: 'price_list_old' })
    expect(await t.mailsTo('valvoja@myyja.example')).toHaveLength(1)
    await upload('2026-07-15')
    goTo('2026-07-20T06:00:00Z')
    await tick()
    expect(await sent()).toBe(2)
  })

  test('refuses what is no draft, and a series without a time to come', async () => {
    const repeat = repeatInput.parse({ pattern: { every: 'workday' }, time: '09:00', from: '2026-05-01' })
    expect(await repeatMailing(t.deps, 'nothing', repeat, 'system')).toMatchObject({ ok: false, status: 404 })
    expect(await repeatMailing(t.deps, draft, { ...repeat, until: '2026-05-02' }, 'system')).toMatchObject({
      ok: false,
      status: 422,
      errors: [{ path: 'until' }],
    })
    await repeated()
    goTo('2026-05-19T06:00:00Z')
    await tick()
    const copy = occurrenceId(draft, at('2026-05-19T06:00:00Z'))
    expect(await repeatMailing(t.deps, copy, repeat, 'system')).toMatchObject({ ok: false, status: 409 })
    t.clock.advance(DAY)
  })
})
