import { splitCsv } from './csv.ts'

/**
 * Reads the list of a ban register piece by piece, in bounded memory whatever its length. Whatever is not exactly such a list
 * is garbled as a whole: half a list must never pass for one (standards D-22).
 */
export type ListReader = {
  /** The entries that are whole by now, not yet looked at; null when the text is no such list. */
  push(text: string): unknown[] | null
  /** The last entries, and what the list says of itself; null when it is cut off or garbled. */
  end(): { entries: unknown[]; sequence: number | null; count: number | null } | null
}

/** One entry, one row, and what stands around the list: more is no list of bans. */
const LONGEST = 65_536

/** @param start of the text, at least its first visible character; null when it is a web page, or says nothing */
export const listReader = (start: string): ListReader | null => {
  const first = start.trimStart()[0]
  if (first === undefined || first === '<') return null
  return first === '{' || first === '[' ? jsonReader() : csvReader()
}

/**
 * `{"sequence": n, "count": n, "entries": [{…}, …]}`: each entry is cut out as its braces close, and the rest, which is short,
 * is read as JSON at the end with its list left empty.
 */
const jsonReader = (): ListReader => {
  let around = ''
  let entry = ''
  let depth = 0
  let lists = 0
  let isListed = false
  let isText = false
  let isEscaped = false
  let mayBegin = true
  let mayEnd = true

  /** @returns whether the character may stand where it does between two entries */
  const between = (char: string): boolean => {
    if (char === ',') {
      if (mayBegin) return false
      mayBegin = true
      mayEnd = false
      return true
    }
    if (char === ']') return mayEnd
    if (char !== '{') return /[ \t\r\n]/.test(char)
    if (!mayBegin) return false
    mayBegin = false
    mayEnd = true
    return true
  }

  return {
    push(text) {
      const entries: unknown[] = []
      let from = 0
      for (let at = 0; at < text.length; at++) {
        const char = text[at] as string
        if (isText) {
          if (isEscaped) isEscaped = false
          else if (char === '\\') isEscaped = true
          else if (char === '"') isText = false
          continue
        }
        if (isListed && depth === 2) {
          if (!between(char)) return null
          if (char === '{') from = at
          if (char === ']') {
            isListed = false
            from = at
          }
        }
        if (char === '"') isText = true
        else if (char === '{' || char === '[') depth++
        else if (char === '}' || char === ']') {
          depth--
          if (depth < 0) return null
          if (isListed && depth === 2) {
            const read = parsed(entry + text.slice(from, at + 1))
            if (read === undefined) return null
            entries.push(read)
            entry = ''
            from = at + 1
          }
        }
        if (char === '[' && depth === 2) {
          if (++lists > 1) return null
          isListed = true
          around += text.slice(from, at + 1)
          from = at + 1
        }
      }
      if (!isListed) around += text.slice(from)
      else if (depth > 2) entry += text.slice(from)
      return around.length > LONGEST || entry.length > LONGEST ? null : entries
    },
    end() {
      const said = depth === 0 && !isText ? parsed(around) : undefined
      if (typeof said !== 'object' || said === null || !('entries' in said) || !Array.isArray(said.entries)) return null
      const { sequence, count } = said as { sequence?: unknown; count?: unknown }
      return isCount(sequence) && isCount(count) ? { entries: [], sequence, count } : null
    },
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** `undefined` is no JSON. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A header with `kind` and `value`, then a row an entry; other columns are passed over. */
const csvReader = (): ListReader => {
  let rest = ''
  let separator = ','
  let header: { kind: number; value: number; cells: number } | null = null

  const read = (text: string, isLast: boolean): unknown[] | null => {
    rest += text
    if (header === null) {
      const line = /^[^\r\n]*(?=[\r\n])/.exec(rest)?.[0] ?? (isLast ? rest : null)
      if (line === null) return rest.length > LONGEST ? null : []
      if (!line.includes(',') && line.includes(';')) separator = ';'
    }
    // A CR at the end waits for what follows it.
    const held = !isLast && rest.endsWith('\r')
    const lines = (held ? rest.slice(0, -1) : rest).replaceAll(/\r\n?/g, '\n')
    const { records, consumed, open } = splitCsv(lines, separator, isLast)
    rest = lines.slice(consumed) + (held ? '\r' : '')
    if (rest.length > LONGEST || (isLast && open) || lines.includes('\0')) return null
    const entries: unknown[] = []
    for (const { cells, stray } of records) {
      if (cells.every((cell) => cell.trim() === '')) continue
      if (stray) return null
      if (header === null) {
        const names = cells.map((cell) => cell.trim().toLowerCase())
        header = { kind: names.indexOf('kind'), value: names.indexOf('value'), cells: cells.length }
        if (header.kind === -1 || header.value === -1) return null
        continue
      }
      if (cells.length !== header.cells) return null
      entries.push({ kind: cells[header.kind]?.trim().toLowerCase(), value: cells[header.value] })
    }
    return entries
  }

  return {
    push: (text) => read(text, false),
    end() {
      const entries = read('', true)
      return entries === null || header === null ? null : { entries, sequence: null, count: null }
    },
  }
}
