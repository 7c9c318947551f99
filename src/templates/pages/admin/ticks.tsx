/** Boxes of one name, each with its value. */
export const Ticks = (props: {
  id: string
  legend: string
  hint?: string
  options: readonly { value: string; label: string }[]
  chosen: readonly string[]
}) => (
  <fieldset id={props.id} tabindex={-1}>
    <legend>{props.legend}</legend>
    {props.hint ? <p class="hint" children={props.hint} /> : null}
    {props.options.map(({ value, label }) => (
      <label class="tick">
        <input type="checkbox" name={props.id} value={value} checked={props.chosen.includes(value)} />
        <span>{label}</span>
      </label>
    ))}
  </fieldset>
)

/** One box: on or off. */
export const Tick = (props: { id: string; label: string; hint?: string; checked: boolean }) => (
  <div class="field">
    <label class="tick">
      <input
        type="checkbox"
        id={props.id}
        name={props.id}
        checked={props.checked}
        aria-describedby={props.hint ? `${props.id}-hint` : undefined}
      />
      <span>{props.label}</span>
    </label>
    {props.hint ? <p class="hint" id={`${props.id}-hint`} children={props.hint} /> : null}
  </div>
)
