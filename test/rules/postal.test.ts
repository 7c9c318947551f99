import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parsePostal } from '../../src/rules/postal.ts'

const matti = { strict: 'matti meikäläinen|linnankatu 12|00100', loose: ['linnankatu 12|00100'] }

describe('D-12 the keys of a postal address', () => {
  it.each<[unknown]>([
    [{ name: 'Matti Meikäläinen', street: 'Linnankatu 12', postcode: '00100' }],
    [{ name: ' MATTI  MEIKÄLÄINEN ', street: 'Linnankatu 12 B 7', postcode: 'FI-00100' }],
    [{ name: 'Matti Meika\u0308la\u0308inen', street: 'linnankatu, 12b', postcode: '00 100' }],
    ['Matti Meikäläinen|Linnankatu 12|00100'],
    ['matti meikäläinen | LINNANKATU 12–14 | FIN-00100'],
    ['Matti Meikäläinen|Ｌｉｎｎａｎｋａｔｕ １２|００１００'],
  ])('D-12 are the same for %j', (typed) => {
    expect(parsePostal(typed)).toEqual({ ok: true, postal: matti })
  })

  it('D-12 without a name are the building alone, which everybody there shares', () => {
    const building = { ok: true, postal: { strict: 'linnankatu 12|00100', loose: [] } }
    expect(parsePostal({ street: 'Linnankatu 12 A', postcode: '00100' })).toEqual(building)
    expect(parsePostal('Linnankatu 12|00100')).toEqual(building)
    expect(parsePostal('|Linnankatu 12|00100')).toEqual(building)
  })

  it.each([
    ['3. linja 18 B 12', '3 linja 18'],
    ['PL 123', 'pl 123'],
    ['12 Main Street', '12 main street'],
    ['Kauppatori', 'kauppatori'],
    ['Große Straße 5', 'grosse strasse 5'],
    ['GROSSE STRASSE 5', 'grosse strasse 5'],
    ['GROẞE STRAẞE 5', 'grosse strasse 5'],
    ['1', '1'],
  ])('D-12 street and number of %j are %j', (street, key) => {
    expect(parsePostal({ street, postcode: '00100' })).toMatchObject({ postal: { strict: `${key}|00100` } })
  })

  it.each<[unknown, RegExp]>([
    ['Linnankatu 12, 00100 Helsinki', /write a postal address as/i],
    ['a|b|c|d', /write a postal address as/i],
    [null, /write a postal address as/i],
    [{ street: 'Linnankatu 12' }, /write a postal address as/i],
    [{ name: 7, street: 'Linnankatu 12', postcode: '00100' }, /write a postal address as/i],
    ['x'.repeat(1_000_000), /write a postal address as/i],
    [`Matti|${'x'.repeat(201)}|00100`, /too long/],
    ['Matti| - |00100', /street .* missing/],
    ['***|Linnankatu 12|00100', /wildcards/],
    ['--|Linnankatu 12|00100', /name .* no letters/],
    ['Matti|Linnankatu 12|', /postcode/],
    ['Matti|Linnankatu 12|Helsinki keskusta', /postcode/],
  ])('D-12 are refused for %j', (typed, error) => {
    expect(parsePostal(typed)).toMatchObject({ ok: false, error: expect.stringMatching(error) })
  })

  it.each(['*|Linnankatu 12|00100', 'Matti|Linnan*|00100', 'Matti|Linnankatu 12|001%', 'Matti|Linnankatu 12|0010?'])(
    'D-13 takes no wildcard: %s',
    (typed) => {
      expect(parsePostal(typed).ok).toBe(false)
    },
  )

  it('D-12 is read again into itself, and loose never equals strict', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom("ΑΣ'Β", 'İstanbul 5'),
    )
    fc.assert(
      fc.property(part, part, (name, street) => {
        const once = parsePostal({ name, street, postcode: '00100' })
        if (!once.ok) return
        expect(parsePostal(once.postal.strict)).toEqual(once)
        expect(once.postal.loose).not.toContain(once.postal.strict)
      }),
      { numRuns: 500 },
    )
  })
})
