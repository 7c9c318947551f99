import { cellFormat, columnName, shownNumber, type CellFormat } from '../rules/cellText.ts'
import { xmlAttribute, xmlCharacter, xmlReader } from '../rules/xml.ts'
import { faultOf, openWorkbook, readXml, texts, unreadable, type SheetFault, type Workbook } from './workbook.ts'

export type { SheetFault } from './workbook.ts'

/** `unpacked`: bytes of the XML, and characters of all cells; `rows` and `columns` as far as anything stands in them. */
export type SheetLimits = { unpacked: number; rows: number; columns: number }

/** `rows[0]` is the sheet's row 1; a row ends with its last cell that shows anything, so empty rows are empty lists. */
export type SheetResult = { ok: true; rows: string[][] } | { ok: false; fault: SheetFault }

export const SHEET_LIMITS: SheetLimits = { unpacked: 64 * 1024 * 1024, rows: 100_000, columns: 100 }
/** What spreadsheet programs let a cell and a number format have. */
const CELL_LENGTH = 32_767
const FORMAT_LENGTH = 255

/**
 * Reads the first visible sheet of an XLSX workbook. Cells are text as the sheet shows it: leading zeros and decimals of the
 * number format kept (with a point), dates in ISO 8601, texts untouched, errors such as `#N/A` as they stand. Nothing in the
 * workbook runs, nothing is fetched, and memory is bounded by `limits`.
 */
export async function readSheet(bytes: Uint8Array, limits: SheetLimits = SHEET_LIMITS): Promise<SheetResult> {
  try {
    const workbook = openWorkbook(bytes, limits.unpacked)
    const rows = await rowsOf(workbook, limits)
    return rows.length === 0 ? { ok: false, fault: unreadable('empty').fault } : { ok: true, rows }
  } catch (error) {
    const fault = faultOf(error)
    if (fault === null) throw error
    return { ok: false, fault }
  }
}

async function rowsOf(workbook: Workbook, limits: SheetLimits): Promise<string[][]> {
  const strings = workbook.strings ? sharedStrings(workbook.strings) : []
  const formats = workbook.styles ? formatsOf(workbook.styles) : []
  const show = (cell: Cell): string => cellText(cell, strings, formats, workbook.from1904)
  const rows: string[][] = []
  let row = 0
  let column = 0
  let characters = 0
  let cell: Cell | null = null
  const reader = xmlReader({
    open(name, attributes) {
      if (name === 'row') {
        row = Number(xmlAttribute(attributes, 'r') ?? row + 1)
        column = 0
        if (!(row > rows.length && Number.isInteger(row))) throw unreadable('damaged')
      } else if (name === 'c') {
        column = columnOf(xmlAttribute(attributes, 'r')) ?? column + 1
        cell = newCell(`${columnName(column)}${row}`, attributes)
      } else cell?.inside.push(name)
      if (cell !== null && name === 'f') cell.isFormula = true
      if (cell !== null && name === 'v') cell.value ??= ''
    },
    text(text) {
      if (cell === null) return
      const within = cell.inside.at(-1)
      if (within === 'v') cell.value = (cell.value ?? '') + text
      else if (within === 't' && !cell.inside.includes('rPh')) cell.inline += text
    },
    close(name) {
      if (cell === null) return
      if (name !== 'c') {
        cell.inside.pop()
        return
      }
      const shown = show(cell)
      if (shown.length > CELL_LENGTH) throw unreadable('damaged', cell.address)
      cell = null
      if (shown === '') return
      // Cells may share one text, so that few bytes say very much.
      characters += shown.length
      if (characters > limits.unpacked) throw unreadable('too_large')
      if (row > limits.rows || column > limits.columns) throw unreadable('too_large')
      // Rows and cells that the file leaves out are empty.
      while (rows.length < row) rows.push([])
      const cells = rows[row - 1] ?? []
      if (column <= cells.length) throw unreadable('damaged')
      while (cells.length < column - 1) cells.push('')
      cells.push(shown)
    },
  })
  for (const text of texts(workbook.sheet)) {
    reader.push(text)
    // Whatever else waits gets its turn.
    await new Promise((turn) => setImmediate(turn))
  }
  reader.end()
  return rows
}

type Cell = {
  address: string
  type: string
  style: number
  isFormula: boolean
  value: string | null
  inline: string
  inside: string[]
}

function newCell(address: string, attributes: string): Cell {
  const type = xmlAttribute(attributes, 't') ?? 'n'
  const style = Number(xmlAttribute(attributes, 's') ?? 0)
  return { address, type, style, isFormula: false, value: null, inline: '', inside: [] }
}

/** What a cell shows (ECMA-376 part 1, 18.18.11). */
function cellText(cell: Cell, strings: string[], formats: CellFormat[], from1904: boolean): string {
  const { type, value, address } = cell
  if (type === 'inlineStr') return unescaped(cell.inline)
  if (cell.isFormula && (value === null || (value === '' && type !== 'str'))) throw unreadable('formula', address)
  if (value === null || value === '') return ''
  if (type === 's') return strings[Number(value)] ?? fail('damaged', address)
  if (type === 'str') return unescaped(value)
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'd') return value.replace(/T00:00(:00(\.0+)?)?Z?$/, '')
  if (type === 'e') return value
  return shownNumber(value, formats[cell.style] ?? { kind: 'general' }, from1904) ?? fail('damaged', address)
}

function fail(code: SheetFault['code'], address: string): never {
  throw unreadable(code, address)
}

/** Texts that cells share; the reading aids of East Asian scripts are left out. */
function sharedStrings(part: Uint8Array): string[] {
  const strings: string[] = []
  let text = ''
  const inside: string[] = []
  readXml(part, {
    open: (name) => void inside.push(name),
    text(some) {
      if (inside.at(-1) === 't' && !inside.includes('rPh')) text += some
    },
    close(name) {
      inside.pop()
      if (name !== 'si') return
      strings.push(unescaped(text))
      text = ''
    },
  })
  return strings
}

/** The number format of each cell style. */
function formatsOf(part: Uint8Array): CellFormat[] {
  const codes = new Map<number, string>()
  const formats: CellFormat[] = []
  let isOfCells = false
  readXml(part, {
    open(name, attributes) {
      const id = Number(xmlAttribute(attributes, 'numFmtId') ?? 0)
      if (name === 'numFmt') {
        const code = xmlAttribute(attributes, 'formatCode') ?? ''
        if (code.length > FORMAT_LENGTH) throw unreadable('damaged')
        codes.set(id, code)
      }
      if (name === 'cellXfs') isOfCells = true
      if (name === 'xf' && isOfCells) formats.push(cellFormat(id, codes.get(id) ?? null))
    },
    close(name) {
      if (name === 'cellXfs') isOfCells = false
    },
  })
  return formats
}

/** Characters that XML cannot hold are written `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, hex: string) => xmlCharacter(Number.parseInt(hex, 16)))
    : text
}

/** The column of an address such as AB12, from 1; null without an address. */
function columnOf(address: string | null): number | null {
  if (address === null) return null
  const found = /^([A-Z]{1,3})\d{1,7}$/.exec(address)?.[1]
  if (found === undefined) throw unreadable('damaged')
  return Array.from(found).reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0)
}
