import { describe, expect, it } from 'vitest'
import { readAttachment } from '../../src/rules/attachment.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const zip = (...names: string[]) => bytes(`PK\x03\x04[Content_Types].xml${names.join('')}`)
const png = (width: number, height: number) => {
  const file = bytes(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR${'\0'.repeat(12)}`)
  new DataView(file.buffer).setUint32(16, width)
  new DataView(file.buffer).setUint32(20, height)
  return file
}
const jpeg = (width: number, height: number) => {
  const file = bytes(`\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08${'\0'.repeat(16)}`)
  new DataView(file.buffer).setUint16(13, height)
  new DataView(file.buffer).setUint16(15, width)
  return file
}
const verdict = (name: string, content: Uint8Array) => {
  const read = readAttachment(name, content)
  return read.ok ? read.attachment.mediaType : 'refused'
}

describe('what may be attached', () => {
  it.each([
    ['a.pdf', bytes('%PDF-1.7'), 'application/pdf'],
    ['a.PDF', bytes('%PDF-1.7'), 'application/pdf'],
    ['a.png', png(800, 600), 'image/png'],
    ['a.jpg', jpeg(800, 600), 'image/jpeg'],
    ['a.xlsx', zip('xl/workbook.xml'), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['a.docx', zip('word/document.xml'), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a.csv', bytes('nimi;hinta\nruuvi;1,50'), 'text/csv'],
    ['a.txt', bytes('hinta 1,50 \xe4'), 'text/plain'],
    ['utf16.csv', bytes('\xff\xfeK\0;\0H\0'), 'text/csv'],
    ['utf16be.txt', bytes('\xfe\xff\0K\0;\0H'), 'text/plain'],
    ['unmarked.csv', bytes('K\0;\0H\0'), 'refused'],
  ])('%s with its own content', (name, content, mediaType) => {
    expect(verdict(name, content)).toBe(mediaType)
  })

  it.each([
    ['an empty file', 'a.txt', bytes('')],
    ['a name without an ending', 'hinnasto', bytes('%PDF-1.7')],
    ['a program', 'a.exe', bytes('MZ')],
    ['a program with the name of a text', 'a.txt', bytes('MZ\x90')],
    ['a page', 'a.html', bytes('<p>')],
    ['a drawing that may run scripts', 'a.svg', bytes('<svg/>')],
    ['a drawing with the name of a picture', 'a.png', bytes('<svg/>')],
    ['a picture that breaks off', 'a.png', bytes('\x89PNG\r\n\x1a\n')],
    ['a picture of 65 535 × 65 535', 'a.png', png(65_535, 65_535)],
    ['a photograph of 65 535 × 1', 'a.jpg', jpeg(65_535, 1)],
    ['a photograph without a size', 'a.jpg', bytes(`\xff\xd8\xff${'x'.repeat(40)}`)],
    ['an encrypted PDF', 'a.pdf', bytes('%PDF-1.7 /Encrypt 5 0 R')],
    ['a document with macros', 'a.docx', zip('word/document.xml', 'word/vbaProject.bin')],
    ['a table with the name of a document', 'a.docx', zip('xl/workbook.xml')],
    ['a plain archive with the name of a table', 'a.xlsx', bytes('PK\x03\x04secret.exe')],
    ['an archive', 'a.zip', bytes('PK\x03\x04')],
    ['binary with the name of a table', 'a.csv', bytes('a\0b')],
    ['more than 10 MiB', 'a.txt', new Uint8Array(10 * 1024 * 1024 + 1).fill(32)],
  ])('not %s', (_, name, content) => {
    expect(verdict(name, content)).toBe('refused')
  })

  it.each([
    ['C:\\hinnat\\kevät 2026.pdf', 'kevät 2026.pdf'],
    ['../../etc/hinnat.pdf', 'hinnat.pdf'],
    ['=cmd.pdf', 'cmd.pdf'],
    ['.. .hidden.pdf', 'hidden.pdf'],
    ['a\r\nBcc: x.pdf', 'a__Bcc_ x.pdf'],
    ['\u202efdp.a.pdf', '_fdp.a.pdf'],
    ['a   b.pdf. ', 'a b.pdf'],
    [`${'ä'.repeat(300)}.pdf`, `${'ä'.repeat(116)}.pdf`],
  ])('the name %j is sent as %j', (name, sent) => {
    expect(readAttachment(name, bytes('%PDF-1.7'))).toMatchObject({ ok: true, attachment: { name: sent } })
  })
})
