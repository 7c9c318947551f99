import { scaleLinear, scaleUtc } from 'd3-scale'
import { area, line } from 'd3-shape'
import { CHART_WIDTH, ChartFigure, round, wholeTicks, type ChartTexts } from './figure.tsx'

/** One day: `at` its beginning in milliseconds UTC, `day` and `text` as they are written. */
export type Day = { at: number; day: string; value: number; text: string }

const HEIGHT = 160
const [TOP, BOTTOM, LEFT, RIGHT] = [12, 24, 28, 8]
const DAY = 86_400_000

/** How a number went up day by day: the days without anything are drawn as such. */
export const Timeline = (props: ChartTexts & { days: readonly Day[] }) => {
  const days = withEmptyDays(props.days)
  const [from, to] = [days[0]?.at ?? 0, days.at(-1)?.at ?? 0]
  const x = scaleUtc([from, to === from ? from + DAY : to], [LEFT, CHART_WIDTH - RIGHT])
  const y = scaleLinear([0, Math.max(1, ...days.map(({ value }) => value))], [HEIGHT - BOTTOM, TOP])
  const left = (day: { at: number }) => round(x(day.at))
  const top = (day: { value: number }) => round(y(day.value))
  const path = line<(typeof days)[number]>(left, top)(days) ?? ''
  const under = area<(typeof days)[number]>(left, round(y(0)), top)(days) ?? ''
  const [first, last] = [props.days[0], props.days.at(-1)]
  return (
    <ChartFigure {...props} height={HEIGHT} rows={props.days.map(({ day, text }) => [day, text])}>
      {wholeTicks(y.ticks(3)).map((tick) => (
        <>
          <line class="rule" x1={LEFT} x2={CHART_WIDTH - RIGHT} y1={round(y(tick))} y2={round(y(tick))} />
          <text class="axis" x={LEFT - 6} y={round(y(tick)) + 4} text-anchor="end">
            {tick}
          </text>
        </>
      ))}
      <path class="area" d={under} />
      <path class="line" d={path} />
      {days.length <= 62
        ? days
            .filter(({ value }) => value > 0)
            .map((day) => <circle class="bar" cx={left(day)} cy={top(day)} r={3.5} />)
        : null}
      <text class="axis" x={LEFT} y={HEIGHT - 6}>
        {first?.day}
      </text>
      {last && last.at !== first?.at ? (
        <text class="axis" x={CHART_WIDTH - RIGHT} y={HEIGHT - 6} text-anchor="end">
          {last.day}
        </text>
      ) : null}
    </ChartFigure>
  )
}

/** A year of days at most: what was open longer is drawn by the days that had something. */
function withEmptyDays(days: readonly Day[]): { at: number; value: number }[] {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last || last.at - first.at > 366 * DAY) return [...days]
  const known = new Map(days.map(({ at, value }) => [at, value]))
  return Array.from({ length: Math.round((last.at - first.at) / DAY) + 1 }, (_, n) => {
    const at = first.at + n * DAY
    return { at, value: known.get(at) ?? 0 }
  })
}
