import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adminStyleFor, contrast, inkOn, styleFor, tokens } from '../../src/templates/style.ts'

const color = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)

describe('colours', () => {
  test.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
  ])('measures the contrast of %s on %s as WCAG does', (a, b, ratio) => {
    expect(contrast(a, b)).toBeCloseTo(ratio, 2)
    expect(contrast(b, a)).toBeCloseTo(ratio, 2)
  })

  const grounds = ['page', 'card', 'note', 'badNote'] as const
  test.each((['light', 'dark'] as const).flatMap((scheme) => grounds.map((ground) => [scheme, ground] as const)))(
    'keeps every text readable in the %s scheme on %s',
    (scheme, ground) => {
      for (const ink of ['text', 'soft', 'link', 'bad'] as const) {
        expect(contrast(tokens[scheme][ink], tokens[scheme][ground]), ink).toBeGreaterThanOrEqual(4.5)
      }
      // WCAG 1.4.11: outlines of fields and buttons
      expect(contrast(tokens[scheme].edge, tokens[scheme][ground])).toBeGreaterThanOrEqual(3)
    },
  )

  test("writes readable text on any company's colour", () => {
    fc.assert(fc.property(color, (brand) => contrast(inkOn(brand), brand) >= 4.5))
  })

  test.each([
    ['#1a4f8b', '#ffffff'],
    ['#ffd400', '#000000'],
    ['#ffffff', '#000000'],
  ])('writes on %s in %s', (brand, ink) => {
    expect(inkOn(brand)).toBe(ink)
    expect(styleFor(brand)).toContain(`--brand:${brand};--ink:${ink};`)
  })

  test('shows where a button is although its colour is that of the page', () => {
    fc.assert(
      fc.property(color, (brand) => {
        const [light = '', dark = ''] = [...styleFor(brand).matchAll(/--rim:(#[0-9a-f]{6})/g)].map(([, rim]) => rim)
        return contrast(light, tokens.light.card) >= 3 && contrast(dark, tokens.dark.card) >= 3
      }),
    )
  })

  test.each(['red', '#fff', '#1a4f8b}body{display:none', '#1a4f8b;', ''])('lets no %j into the style', (brand) => {
    expect(() => styleFor(brand)).toThrow('write it as #1a4f8b')
  })

  test('is one small sheet under 4 kB that fetches nothing', () => {
    expect(new TextEncoder().encode(styleFor('#1a4f8b')).length).toBeLessThan(4000)
    expect(adminStyleFor('#1a4f8b').startsWith(styleFor('#1a4f8b'))).toBe(true)
    expect(adminStyleFor('#1a4f8b')).not.toMatch(/url\(|@import|<|\\/)
  })
})
