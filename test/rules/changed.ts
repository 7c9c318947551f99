/**
 * A copy of a plain value with one place changed.
 * @param path keys and indexes joined by dots
 * @param to what stands there instead; undefined removes the place
 */
export const changed = (value: unknown, path: string, to: unknown): unknown => {
  const [key = '', ...rest] = path.split('.')
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>
  if (rest.length > 0) copy[key] = changed(copy[key], rest.join('.'), to)
  else if (to === undefined) delete copy[key]
  else copy[key] = to
  return copy
}
