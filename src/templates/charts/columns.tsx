import { scaleBand, scaleLinear } from 'd3-scale'
import { CHART_WIDTH, ChartFigure, round, wholeTicks, type ChartTexts } from './figure.tsx'

export type Column = { label: string; value: number; text: string; share: string; tone?: 'low' | 'mid' | 'high' }

const HEIGHT = 200
const [TOP, BOTTOM, LEFT] = [18, 24, 28]

/** Columns side by side, for the values of a scale in their order. `text`: the number as it is written. */
export const ColumnChart = (
  props: ChartTexts & { columns: readonly Column[]; ends?: readonly [string, string] | null },
) => {
  const { columns, ends } = props
  const height = ends ? HEIGHT + 20 : HEIGHT
  const x = scaleBand<string>(
    columns.map(({ label }) => label),
    [LEFT, CHART_WIDTH],
  ).padding(0.2)
  const most = Math.max(1, ...columns.map(({ value }) => value))
  const y = scaleLinear([0, most], [HEIGHT - BOTTOM, TOP])
  return (
    <ChartFigure {...props} height={height} rows={columns.map(({ label, text, share }) => [label, text, share])}>
      {wholeTicks(y.ticks(4)).map((tick) => (
        <>
          <line class="rule" x1={LEFT} x2={CHART_WIDTH} y1={round(y(tick))} y2={round(y(tick))} />
          <text class="axis" x={LEFT - 6} y={round(y(tick)) + 4} text-anchor="end">
            {tick}
          </text>
        </>
      ))}
      {columns.map(({ label, value, text, tone }) => {
        const left = x(label) ?? 0
        const middle = round(left + x.bandwidth() / 2)
        return (
          <>
            <rect
              class={`bar ${tone ?? ''}`.trim()}
              x={round(left)}
              y={round(y(value))}
              width={round(x.bandwidth())}
              height={round(y(0) - y(value))}
            />
            {value > 0 ? (
              <text x={middle} y={round(y(value)) - 4} text-anchor="middle">
                {text}
              </text>
            ) : null}
            <text class="axis" x={middle} y={HEIGHT - 7} text-anchor="middle">
              {label}
            </text>
          </>
        )
      })}
      {ends ? (
        <>
          <text class="axis" x={LEFT} y={height - 4}>
            {ends[0]}
          </text>
          <text class="axis" x={CHART_WIDTH} y={height - 4} text-anchor="end">
            {ends[1]}
          </text>
        </>
      ) : null}
    </ChartFigure>
  )
}
