import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ColumnChart } from '../../../src/templates/charts/columns.tsx'
import { NpsChart } from '../../../src/templates/charts/npsBar.tsx'
import { RowChart } from '../../../src/templates/charts/rows.tsx'
import { Timeline } from '../../../src/templates/charts/timeline.tsx'
import { contrast, tokens } from '../../../src/templates/style.ts'

const DAY = 86_400_000
const texts = {
  id: 'c1',
  title: 'Jakauma',
  description: 'Kuvaus',
  head: ['Arvo', 'Vastauksia', 'Osuus'],
  asTable: 'Taulukkona',
}
const column = (label: string, value: number) => ({ label, value, text: String(value), share: `${value} %` })
const drawn = (chart: { toString(): string | Promise<string> }) => chart.toString() as string
const hostile = '"><script>alert(1)</script>'

const nps = (score: number, groups: readonly [number, number, number]) =>
  drawn(
    <NpsChart
      {...texts}
      score={score}
      scoreText={String(score)}
      ends={['-100', '0', '100']}
      groups={(['low', 'mid', 'high'] as const).map((tone, n) => ({ tone, ...column(tone, groups[n] ?? 0) }))}
    />,
  )
const timeline = (days: readonly (readonly [number, number])[]) =>
  drawn(
    <Timeline {...texts} days={days.map(([at, value]) => ({ at, day: `päivä ${at}`, value, text: String(value) }))} />,
  )
const charts = (value: number, label: string): Record<string, string> => ({
  columns: drawn(
    <ColumnChart {...texts} title={label} columns={[column(label, value), column('b', 2)]} ends={[label, 'b']} />,
  ),
  rows: drawn(<RowChart {...texts} description={label} columns={[column(label, value), column('b', 2)]} />),
  nps: nps(42, [value, 2, 3]),
  timeline: timeline([
    [0, value],
    [DAY * 3, 2],
  ]),
})

describe('charts', () => {
  it.each(Object.entries(charts(5, 'a')))(
    '%s have a title, a description and the same figures as a table',
    (_, html) => {
      expect(html).toMatch(/<svg [^>]*role="img" aria-labelledby="c1-title c1-desc"/)
      expect(html).toMatch(/<title id="c1-title">[^<]+<\/title><desc id="c1-desc">[^<]+<\/desc>/)
      expect(html).toContain('<summary>Taulukkona</summary>')
      expect(html).toMatch(/<td [^>]*>5<\/td>/)
    },
  )

  it.each(Object.entries(charts(5, hostile)))('T05 %s escape whatever a survey says', (_, html) => {
    expect(html).not.toContain('<script')
  })

  it('A9-5 need no style of their own, which the policy would refuse', () => {
    for (const html of Object.values(charts(5, 'a'))) expect(html).not.toMatch(/ style="|<style/)
  })

  it('draw nothing that is no number, whatever the figures are', () => {
    const n = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(n, n, n, fc.integer({ min: -100, max: 100 }), (a, b, c, score) => {
        const html = [
          ...Object.values(charts(a, 'x')),
          nps(score, [a, b, c]),
          timeline([[0, a]]),
          timeline([]),
          timeline([
            [0, a],
            [DAY * 400, b],
            [DAY * 900, c],
          ]),
        ].join('')
        expect(html).not.toMatch(/NaN|Infinity|undefined|="-\d[^"]*" (?:width|height)|(?:width|height)="-/)
      }),
    )
  })

  it('draw the groups of a score in proportion', () => {
    const widths = [
      ...nps(0, [1, 2, 1]).matchAll(/<rect class="(low|mid|high)" x="([\d.]+)" y="\d+" width="([\d.]+)"/g),
    ].map(([, tone, x, width]) => [tone, Number(x), Number(width)])
    expect(widths).toEqual([
      ['low', 0, 100],
      ['mid', 100, 200],
      ['high', 300, 100],
    ])
  })

  it.each(['light', 'dark'] as const)('can be told from the %s ground by every eye (WCAG 1.4.11: 3:1)', (scheme) => {
    for (const mark of ['link', 'bad', 'good', 'edge'] as const)
      expect(contrast(tokens[scheme][mark], tokens[scheme].card), mark).toBeGreaterThanOrEqual(3)
    expect(contrast(tokens[scheme].soft, tokens[scheme].card)).toBeGreaterThanOrEqual(4.5)
  })
})
