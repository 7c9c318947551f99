import { scaleLinear } from 'd3-scale'
import type { Column } from './columns.tsx'
import { CHART_WIDTH, ChartFigure, round, type ChartTexts } from './figure.tsx'

const ROW = 44
/** Room for the number behind a bar. */
const RIGHT = 90
/** Characters that fit above a bar; the table has the whole text. */
const FITS = 52

/** Bars below each other, each with its words above it: for choices, whose names are longer than a column is wide. */
export const RowChart = (props: ChartTexts & { columns: readonly Column[] }) => {
  const { columns } = props
  const most = Math.max(1, ...columns.map(({ value }) => value))
  const x = scaleLinear([0, most], [0, CHART_WIDTH - RIGHT])
  return (
    <ChartFigure
      {...props}
      height={columns.length * ROW + 4}
      rows={columns.map(({ label, text, share }) => [label, text, share])}
    >
      {columns.map(({ label, value, text, share }, n) => (
        <>
          <text x={0} y={n * ROW + 14}>
            {shortened(label)}
          </text>
          <rect class="bar" x={0} y={n * ROW + 20} width={Math.max(1, round(x(value)))} height={16} />
          <text x={round(x(value)) + 8} y={n * ROW + 33}>
            {text} ({share})
          </text>
        </>
      ))}
    </ChartFigure>
  )
}

/** By characters, never through the middle of one. */
function shortened(text: string): string {
  const characters = [...text]
  return characters.length <= FITS ? text : `${characters.slice(0, FITS - 1).join('')}…`
}
