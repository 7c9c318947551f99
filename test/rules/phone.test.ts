import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parsePhone } from '../../src/rules/phone.ts'

describe('D-11 the key of a phone number', () => {
  it.each([
    '040 123 4567',
    '+358 (0)40 123 4567',
    '00358401234567',
    '+358 040 123 4567',
    '040-1234567 ext. 12',
    '٠٤٠١٢٣٤٥٦٧',
    '０４０１２３４５６７',
    '040–123–4567',
    'tel:+358401234567',
    'tel:040-1234567;ext=12',
    '\u202a+358 40\u00a0123\u200b45\u200e67\u202c',
    '358401234567',
  ])('D-11 %j is +358401234567', (typed) => {
    expect(parsePhone(typed)).toEqual({ ok: true, e164: '+358401234567' })
  })

  it('D-11 reads a number of another region by its country code or by the region given', () => {
    expect(parsePhone('+46 70 123 45 67')).toEqual({ ok: true, e164: '+46701234567' })
    expect(parsePhone('070-123 45 67', 'SE')).toEqual({ ok: true, e164: '+46701234567' })
  })

  it.each<[unknown, RegExp]>([
    ['112', /not valid/],
    ['116117', /not valid/],
    ['040*', /not valid/],
    ['+35840', /not valid/],
    ['040 123 4567 / 050 765 4321', /not valid/],
    ['call 040 123 4567 now', /not valid/],
    ['', /^Enter a phone number/],
    [' \u200b', /^Enter a phone number/],
    [401234567, /must be text/],
    [null, /must be text/],
    ['0'.repeat(1_000_000), /too long/],
  ])('D-11 refuses %j', (typed, error) => {
    expect(parsePhone(typed)).toMatchObject({ ok: false, error: expect.stringMatching(error) })
  })

  it('D-11 reads what it wrote into the same number, and no text throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^0[45]0[0-9]{7}$/), fc.string({ unit: 'binary' })), (typed) => {
        const once = parsePhone(typed)
        if (once.ok) expect(parsePhone(once.e164)).toEqual(once)
      }),
    )
  })
})
