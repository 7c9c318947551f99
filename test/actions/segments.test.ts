import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addCompany } from '../../src/actions/addCompany.ts'
import { checkMailing } from '../../src/actions/checkMailing.ts'
import { copyMailing, createMailing } from '../../src/actions/mailingContent.ts'
import { inputOf } from '../../src/actions/mailingInput.ts'
import { countDefinition, countSegment, removeSegment, saveSegment } from '../../src/actions/segments.ts'
import { segmentDefinition, type SegmentDefinition } from '../../src/rules/segment.ts'
import { mailingById } from '../../src/store/mailings.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { engines } from '../stores.ts'

const DAY = 86_400_000

describe.each(engines.map(({ name }) => name))('segments (%s)', (engine) => {
  let t: TestApp
  let gold = ''
  beforeEach(async () => {
    t = await startApp({ engine })
    const made = await addCompany(t.deps, { name: 'Kulta Oy', businessId: '1234567-1', priceGroup: 'A' })
    if (!made.ok) throw new Error('no company')
    gold = made.company.id
    await addPeople(t, [
      { email: 'aino@kulta.example', companyId: gold, topics: ['price-list'] },
      { email: 'bertta@kulta.example', companyId: gold, language: 'sv', topics: ['price-list', 'newsletter'] },
      { email: 'cecilia@hopea.example', topics: ['newsletter'] },
    ])
    await t.deps.store.batch([
      t.deps.store.db
        .updateTable('contacts')
        .set({ title: 'OSTOPÄÄLLIKKÖ' })
        .where('strict', '=', 'aino@kulta.example'),
      t.deps.store.db
        .updateTable('contacts')
        .set({ title: 'Директор', source: 'messut' })
        .where('strict', '=', 'cecilia@hopea.example'),
    ])
  })
  afterEach(() => t.close())
  const count = (definition: unknown) => countDefinition(t.deps, segmentDefinition.parse(definition))

  test('say who is meant by company, price group, language, topic, title and source', async () => {
    expect(await count({ all: [{ field: 'company', in: [gold] }] })).toBe(2)
    expect(await count({ all: [{ field: 'priceGroup', in: ['A', 'B'] }] })).toBe(2)
    expect(await count({ all: [{ field: 'language', in: ['sv'] }] })).toBe(1)
    expect(await count({ all: [{ field: 'topic', in: ['newsletter'] }] })).toBe(2)
    expect(await count({ all: [{ field: 'title', contains: 'päällikkö' }] })).toBe(1)
    expect(await count({ all: [{ field: 'title', contains: 'ДИРЕКТ' }] })).toBe(1)
    expect(await count({ all: [{ field: 'title', contains: 'johtaja' }] })).toBe(0)
    expect(await count({ all: [{ field: 'source', in: ['messut'] }] })).toBe(1)
  })

  test('combine all of, any of and none of; who has no company is none of any company', async () => {
    const [company, newsletter] = [
      { field: 'company', in: [gold] },
      { field: 'topic', in: ['newsletter'] },
    ]
    expect(await count({ all: [company, newsletter] })).toBe(1)
    expect(await count({ any: [company, newsletter] })).toBe(3)
    expect(await count({ none: [company] })).toBe(1)
    expect(await count({ none: [{ field: 'priceGroup', in: ['A'] }] })).toBe(1)
    expect(await count({ all: [newsletter], none: [{ field: 'title', contains: 'direk' }, company] })).toBe(1)
  })

  test('know what people did without watching them: confirmed, answered, received', async () => {
    expect(await count({ all: [{ field: 'confirmed', since: '1d' }] })).toBe(3)
    t.clock.advance(3 * DAY)
    expect(await count({ all: [{ field: 'confirmed', since: '1d' }] })).toBe(0)
    expect(await count({ all: [{ field: 'answered', since: '30d' }] })).toBe(0)
    expect(await count({ all: [{ field: 'received', since: '30d' }] })).toBe(0)
    await scheduled(t)
    await t.tick()
    await t.deliver()
    expect(await count({ all: [{ field: 'received', since: '30d' }] })).toBe(2)
    expect(await count({ all: [{ field: 'received', since: '2026-05-21' }] })).toBe(2)
    expect(await count({ all: [{ field: 'received', since: '2026-05-22' }] })).toBe(0)
  })

  const named = async (name: string, definition: SegmentDefinition) => {
    const saved = await saveSegment(t.deps, null, { name, definition })
    if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
    return saved.segment.id
  }

  test('are the audience of a mailing, in the check as in the sending, and the gate still decides', async () => {
    const segment = await named('Kulta', { all: [{ field: 'company', in: [gold] }] })
    const id = await scheduled(t, { kind: 'newsletter', topic: 'newsletter', audience: { segment } })
    expect((await checkMailing(t.deps, id))?.counts).toEqual({ allowed: 1, stopped: {} })
    await t.tick()
    await t.deliver()
    expect((await t.mails()).map(({ recipient }) => recipient)).toEqual(['bertta@kulta.example'])
    expect((await reportOf(t, id)).counts.proposed).toBe(1)
  })

  test('stay what they were when a mailing was scheduled, whatever becomes of them', async () => {
    const segment = await named('Kulta', { all: [{ field: 'company', in: [gold] }] })
    const id = await scheduled(
      t,
      { kind: 'newsletter', topic: 'newsletter', audience: { segment } },
      '2026-05-18T12:00',
    )
    const before = await mailingById(t.deps.store, id)
    const everyone: SegmentDefinition = { any: [{ field: 'language', in: ['fi', 'sv', 'en'] }] }
    expect((await saveSegment(t.deps, segment, { name: 'Kaikki', definition: everyone })).ok).toBe(true)
    t.clock.advance(DAY / 4)
    await t.tick()
    await t.deliver()
    expect((await t.mails()).length).toBe(1)
    const after = await mailingById(t.deps.store, id)
    expect(after?.content_hash).toBe(before?.content_hash)
    expect(after && inputOf(after).audience).toEqual({ segment })
    const copy = await copyMailing(t.deps, id, 'system')
    expect(copy.ok && JSON.parse(copy.mailing.audience)).toEqual({ segment })
  })

  test('are refused where they do not exist, and not deleted while a draft names them', async () => {
    const draft = (segment: string) =>
      createMailing(
        t.deps,
        {
          kind: 'newsletter',
          topic: 'newsletter',
          subject: 'x',
          content: { format: 'markdown', body: 'Hei' },
          audience: { segment },
        },
        'system',
      )
    expect(await draft('nothing')).toMatchObject({ ok: false, status: 422, errors: [{ path: 'audience.segment' }] })
    const segment = await named('Kulta', { all: [{ field: 'company', in: [gold] }] })
    const made = await draft(segment)
    if (!made.ok) throw new Error('no draft')
    expect(await removeSegment(t.deps, segment)).toMatchObject({ ok: false, status: 409 })
    await t.deps.store.batch([t.deps.store.db.deleteFrom('mailings').where('id', '=', made.mailing.id)])
    expect(await removeSegment(t.deps, segment)).toEqual({ ok: true })
    expect(await removeSegment(t.deps, segment)).toMatchObject({ ok: false, status: 404 })
    expect(await countSegment(t.deps, segment)).toBeNull()
  })

  test('have names of their own', async () => {
    const definition: SegmentDefinition = { all: [{ field: 'language', in: ['fi'] }] }
    await named('Suomeksi', definition)
    const other = await named('Muut', definition)
    expect(await saveSegment(t.deps, null, { name: 'Suomeksi', definition })).toMatchObject({ ok: false, status: 409 })
    expect(await saveSegment(t.deps, other, { name: 'Suomeksi', definition })).toMatchObject({ ok: false, status: 409 })
    expect(await saveSegment(t.deps, 'nothing', { name: 'Uusi', definition })).toMatchObject({ ok: false, status: 404 })
    expect(await saveSegment(t.deps, null, { name: ' ', definition })).toMatchObject({ ok: false, status: 422 })
  })

  test('may hold as many conditions as the rules allow', async () => {
    const title = { field: 'title' as const, contains: 'абвгдежзийклмнопрсту' }
    const rest = Array.from({ length: 19 }, () => ({ field: 'topic' as const, in: ['newsletter'] }))
    expect(await count({ any: [title, ...rest] })).toBe(2)
  })
})

describe('a segment', () => {
  test.each([
    ['nothing at all', {}],
    ['an unknown field', { all: [{ field: 'opened', since: '30d' }] }],
    ['no value', { all: [{ field: 'language', in: [] }] }],
    ['an empty title', { all: [{ field: 'title', contains: '  ' }] }],
    ['a time that is none', { all: [{ field: 'confirmed', since: 'last week' }] }],
    ['a day that is none', { all: [{ field: 'confirmed', since: '2026-02-30' }] }],
    ['too much', { all: Array.from({ length: 21 }, () => ({ field: 'language', in: ['fi'] })) }],
  ])('refuses %s', (_, definition) => {
    expect(segmentDefinition.safeParse(definition).success).toBe(false)
  })
})
