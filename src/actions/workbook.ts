import { unzipSync } from 'fflate'
import { xmlAttribute, XmlFault, xmlReader, type XmlEvents } from '../rules/xml.ts'
import { unpackPart, ZipFault } from './zipPart.ts'

/** Why a workbook cannot be read; `cell` is an address such as B7. The message names the mend. */
export type SheetFault = {
  code:
    | 'not_workbook'
    | 'old_workbook'
    | 'encrypted'
    | 'macros'
    | 'external_links'
    | 'too_large'
    | 'damaged'
    | 'formula'
    | 'empty'
  cell?: string
  message: string
}

/** A workbook's parts that tell what its first visible sheet shows. */
export type Workbook = { sheet: Uint8Array; strings: Uint8Array | null; styles: Uint8Array | null; from1904: boolean }

/** What cannot be read ends the reading, from however deep. */
export class Unreadable extends Error {
  constructor(readonly fault: SheetFault) {
    super(fault.message)
  }
}

/**
 * Opens a workbook without trusting it: what its table of contents says is looked at before anything is unpacked, and no part
 * unpacks to more than it said there.
 * @param unpacked bytes that all parts which are needed may have together
 * @throws Unreadable
 */
export function openWorkbook(bytes: Uint8Array, unpacked: number): Workbook {
  refuseOther(bytes)
  const sizes = tableOfContents(bytes)
  refuseHostile([...sizes.keys()])
  let left = unpacked
  const part = (name: string): Uint8Array | null => {
    const size = sizes.get(name)
    if (size === undefined) return null
    left -= size
    if (left < 0) throw unreadable('too_large')
    return unpackPart(bytes, name, size)
  }
  const types = part('[Content_Types].xml')
  if (types && wholeText(types).includes('macroEnabled')) throw unreadable('macros')
  const workbook = part('xl/workbook.xml')
  const relations = part('xl/_rels/workbook.xml.rels')
  if (!workbook || !relations) throw unreadable('not_workbook')
  const { relation, from1904 } = firstSheet(workbook)
  const targets = targetsOf(relations)
  const sheet = part(targets.byId.get(relation) ?? '')
  if (!sheet) throw unreadable('damaged')
  return {
    sheet,
    strings: part(targets.byType.get('sharedStrings') ?? 'xl/sharedStrings.xml'),
    styles: part(targets.byType.get('styles') ?? 'xl/styles.xml'),
    from1904,
  }
}

/** Files that are no ZIP at all, and encrypted ones. */
function refuseOther(bytes: Uint8Array): void {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 8)).toString('latin1')
  if (start.startsWith('\xd0\xcf\x11\xe0')) {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    throw unreadable(whole.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'encrypted' : 'old_workbook')
  }
  if (!start.startsWith('PK\x03\x04')) throw unreadable('not_workbook')
  if (((bytes[6] ?? 0) & 1) === 1) throw unreadable('encrypted')
}

const MOST_PARTS = 5000

/** Names and unpacked sizes, as the archive says; nothing is unpacked. */
function tableOfContents(bytes: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>()
  unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (sizes.has(name) || sizes.size >= MOST_PARTS) throw unreadable('damaged')
      sizes.set(name, originalSize)
      return false
    },
  })
  return sizes
}

function refuseHostile(names: string[]): void {
  if (names.some((name) => /vbaProject|macrosheets\//i.test(name))) throw unreadable('macros')
  if (names.some((name) => /^xl\/externalLinks\//i.test(name))) throw unreadable('external_links')
  if (names.some((name) => /^xl\/workbook\.bin$/i.test(name))) throw unreadable('old_workbook')
}

function firstSheet(workbook: Uint8Array): { relation: string; from1904: boolean } {
  let relation: string | null = null
  let from1904 = false
  readXml(workbook, {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(xmlAttribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet' || relation !== null || /^(very)?hidden$/i.test(xmlAttribute(attributes, 'state') ?? ''))
        return
      relation = xmlAttribute(attributes, 'id')
    },
  })
  if (relation === null) throw unreadable('empty')
  return { relation, from1904 }
}

function targetsOf(relations: Uint8Array): { byId: Map<string, string>; byType: Map<string, string> } {
  const byId = new Map<string, string>()
  const byType = new Map<string, string>()
  readXml(relations, {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = xmlAttribute(attributes, 'Target') ?? ''
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
      byId.set(xmlAttribute(attributes, 'Id') ?? '', path)
      byType.set(xmlAttribute(attributes, 'Type')?.split('/').at(-1) ?? '', path)
    },
  })
  return { byId, byType }
}

/** Reads a small part at once. */
export function readXml(part: Uint8Array, events: Partial<XmlEvents>): void {
  const nothing = () => {}
  const reader = xmlReader({ open: nothing, close: nothing, text: nothing, ...events })
  for (const text of texts(part)) reader.push(text)
  reader.end()
}

/** The text of a part in pieces that cost little memory. */
export function* texts(part: Uint8Array): Generator<string> {
  const decoder = new TextDecoder('utf-8')
  for (let at = 0; at < part.length; at += PIECE)
    yield decoder.decode(part.subarray(at, at + PIECE), { stream: at + PIECE < part.length })
}

const PIECE = 128 * 1024

function wholeText(part: Uint8Array): string {
  return new TextDecoder('utf-8').decode(part)
}

export function unreadable(code: SheetFault['code'], cell?: string): Unreadable {
  return new Unreadable({ code, message: MESSAGES[code](cell ?? ''), ...(cell === undefined ? {} : { cell }) })
}

/** What a broken archive or broken XML throws, as a fault; null for anything else. */
export function faultOf(error: unknown): SheetFault | null {
  if (error instanceof Unreadable) return error.fault
  // fflate marks its own errors with a number; a table of contents that points nowhere is a RangeError there.
  const isOfZip = error instanceof Error && 'code' in error && typeof error.code === 'number'
  return error instanceof XmlFault || error instanceof ZipFault || isOfZip || error instanceof RangeError
    ? unreadable('damaged').fault
    : null
}

const MESSAGES: Record<SheetFault['code'], (cell: string) => string> = {
  not_workbook: () => 'This is no Excel workbook: save the table as XLSX or CSV.',
  old_workbook: () => 'This is a workbook of an older kind (XLS or XLSB): save it as XLSX.',
  encrypted: () => 'The workbook is protected by a password: save it without one.',
  macros: () => 'The workbook holds macros: save it as XLSX without them.',
  external_links: () => 'The workbook links to other workbooks: break the links (Data, Edit Links) and save it again.',
  too_large: () => 'The sheet is too large: divide it, or save it as CSV.',
  damaged: () => 'The workbook is damaged: open it in Excel and save it as XLSX again.',
  formula: (cell) =>
    `Cell ${cell} has a formula without a value: open the workbook in Excel, let it calculate, and save it again.`,
  empty: () => 'The first sheet of the workbook is empty: put the table there.',
}
