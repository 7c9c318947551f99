import { describe, expect, it } from 'vitest'
import {
  compareRows,
  daysBetween,
  rowsToShow,
  versionBefore,
  versionFor,
  type Version,
} from '../../src/rules/priceList.ts'
import type { PriceRow } from '../../src/rules/priceTable.ts'

const v = (id: string, group: string, validFrom: string, createdAt = 1): Version => ({
  id,
  group,
  validFrom,
  createdAt,
})

describe('which version somebody gets', () => {
  const versions = [
    v('common-old', '', '2026-01-01'),
    v('common', '', '2026-06-01'),
    v('common-next', '', '2027-01-01'),
    v('a', 'A', '2026-03-01'),
    v('b-next', 'B', '2027-01-01'),
  ]
  it.each([
    ['', '2026-05-31', 'common-old'],
    ['', '2026-06-01', 'common'],
    ['', '2027-02-01', 'common-next'],
    ['A', '2026-12-01', 'a'],
    ['A', '2026-02-01', 'common-old'],
    ['B', '2026-12-01', 'common'],
    ['B', '2027-01-01', 'b-next'],
    ['C', '2026-12-01', 'common'],
    ['', '2025-12-31', 'common-old'],
  ])('group %j on %s: %s', (group, day, id) => {
    expect(versionFor(versions, group, day)?.id).toBe(id)
  })

  it('never that of another group', () => {
    expect(versionFor([v('a', 'A', '2026-01-01')], 'B', '2026-06-01')).toBeNull()
    expect(versionFor([v('a', 'A', '2026-01-01')], '', '2026-06-01')).toBeNull()
  })

  it('of two from the same day the later made one, which takes over from the day before', () => {
    const corrected = [v('1', '', '2026-01-01', 1), v('2', '', '2026-06-01', 2), v('3', '', '2026-06-01', 3)]
    expect(versionFor(corrected, '', '2026-07-01')?.id).toBe('3')
    expect(versionBefore(corrected, corrected[2]!)?.id).toBe('1')
    expect(versionBefore(corrected, corrected[0]!)).toBeNull()
  })
})

const p = (code: string, price: string, unit = 'kpl', name = ''): PriceRow => ({ code, name, unit, price, extra: [] })

it('finds changed, new and gone products by code and unit, or by name where there is no code', () => {
  const before = [p('1', '10'), p('2', '20'), p('2', '18'), p('', '5', 'kg', 'Hiekka'), p('9', '1')]
  const after = [
    { heading: 'Ruuvit' },
    p('1', '11'),
    p('2', '20'),
    p('2', '17.5'),
    p('', '6', 'kg', 'Hiekka'),
    p('3', '1'),
  ]
  const { rows, changes } = compareRows(after, before)
  expect(rows.map(({ was, isNew }) => was ?? (isNew ? 'new' : ''))).toEqual(['', '10', '', '18', '5', 'new'])
  expect(changes).toEqual({ changed: 3, added: 1, removed: 1 })
  expect(compareRows(after, null).changes).toEqual({ changed: 0, added: 0, removed: 0 })
})

it('a message shows the whole list where it fits, else what changed, else its beginning', () => {
  const rows = (n: number) => Array.from({ length: n }, (_, i) => p(String(i), '1'))
  const old = [...rows(9), p('9', '2')]
  expect(rowsToShow(compareRows(rows(10), old).rows, 10)).toMatchObject({ part: 'all' })
  expect(rowsToShow(compareRows(rows(10), old).rows, 5)).toMatchObject({ part: 'changed', rows: [{ was: '2' }] })
  expect(rowsToShow(compareRows(rows(10), null).rows, 5)).toMatchObject({ part: 'first', rows: { length: 5 } })
})

it('counts days', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toBe(2)
})
