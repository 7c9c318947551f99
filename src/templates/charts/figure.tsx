import type { Child } from 'hono/jsx'
import { Table } from '../pages/table.tsx'

export type ChartTexts = {
  /** Unique on the page; the drawing is named by it. */
  id: string
  title: string
  /** What the drawing shows, in a sentence: for those who do not see it. */
  description: string
  /** Heads of the table's columns. */
  head: readonly string[]
  /** Opens the table. */
  asTable: string
}

/** A drawing with its title and description, and the same numbers as a table under it. `rows`: the first cell names its row. */
export const ChartFigure = (
  props: ChartTexts & { height: number; rows: readonly (readonly string[])[]; children?: Child },
) => (
  <figure class="chart">
    <svg
      viewBox={`0 0 ${CHART_WIDTH} ${props.height}`}
      role="img"
      aria-labelledby={`${props.id}-title ${props.id}-desc`}
    >
      <title id={`${props.id}-title`}>{props.title}</title>
      <desc id={`${props.id}-desc`}>{props.description}</desc>
      {props.children}
    </svg>
    <details>
      <summary>{props.asTable}</summary>
      <Table columns={props.head.map((label, n) => ({ label, number: n > 0 }))} rows={props.rows} label={props.title} />
    </details>
  </figure>
)

/** Of every drawing, in its own units: small enough that its letters can be read on a phone. */
export const CHART_WIDTH = 400

/** A coordinate that takes no more room in the page than it is worth. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Whole numbers only: there is no half an answer. */
export function wholeTicks(ticks: readonly number[]): number[] {
  return ticks.filter((tick) => Number.isInteger(tick))
}
