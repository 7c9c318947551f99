import type { Child } from 'hono/jsx'

/** @param number figures: right-aligned on wide screens */
export type Column = { label: string; number?: boolean }

/**
 * A table that becomes a list of cards on a phone; the first cell of a row is its heading. The roles are written out, because
 * `display: block` takes them away from assistive technology in some browsers.
 * @param label names the table, where no heading does (`labelledBy`: that heading's id)
 */
export const Table = (props: {
  columns: readonly Column[]
  rows: readonly (readonly Child[])[]
  label?: string
  labelledBy?: string
}) => (
  <table role="table" aria-label={props.label} aria-labelledby={props.labelledBy}>
    <thead role="rowgroup">
      <tr role="row">
        {props.columns.map(({ label, number }) => (
          <th role="columnheader" scope="col" class={number ? 'n' : undefined} children={label} />
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      {props.rows.map((cells) => (
        <tr role="row">
          {cells.map((cell, n) => {
            const column = props.columns[n]
            const look = column?.number ? 'n' : undefined
            return n === 0 ? (
              <th role="rowheader" scope="row" class={look} children={cell} />
            ) : (
              <td role="cell" data-label={column?.label} class={look} children={cell} />
            )
          })}
        </tr>
      ))}
    </tbody>
  </table>
)
