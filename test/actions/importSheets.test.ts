import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/keyring.ts'
import { importRemarkIn } from '../../src/templates/words/admin/importRemarks.ts'
import { workbook, workbookOf } from '../workbooks.ts'
import { startImports } from './imported.ts'

let app: Awaited<ReturnType<typeof startImports>>
beforeEach(async () => {
  app = await startImports()
})
afterEach(() => app.close())

const bare = { source: 'Customer register' }
const bytes = (given: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(given)
const texts = (...rows: string[][]) => workbook(rows.map((row) => row.map((value) => ({ value }))))
const sheet = (cell: string) =>
  `<row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c></row><row r="2">${cell}</row>`
const address = '<c r="A2" t="inlineStr"><is><t>a@yritys.example</t></is></c>'

describe('features 44: an Excel workbook', () => {
  it('is imported by its first sheet: texts as they are, short rows filled up, rows numbered as the sheet numbers them', async () => {
    const file = await texts(
      ['email', 'name', 'externalId', 'phone'],
      ['a@yritys.example', '-Äiti', '007', '040 123 4567'],
      [],
      ['b@yritys.example', 'Rivi\nkaksi', '', ''],
      ['c@yritys.example', "'lainattu"],
      ['rikki', '', '', ''],
    )
    const done = await app.importContacts(bytes(file), bare)
    expect(done).toMatchObject({ state: 'finished', rows: 4, added: 3, refused: 1 })
    expect(await app.contacts()).toMatchObject([
      { name: '-Äiti', external_id: '007', phone: '+358401234567' },
      { name: 'Rivi kaksi' },
      { name: "'lainattu", external_id: null },
    ])
    expect(await app.refusals(done.id)).toMatchObject([{ row_number: 6, field: 'email' }])
  })

  it('of many rows is imported whole, and the same workbook twice is one import', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => [
      `rivi${n}@yritys.example`,
      `Nimi ${sha256(String(n)).slice(0, 40)}`,
    ])
    const file = bytes(await texts(['email', 'name'], ...rows))
    expect(file.length).toBeGreaterThan(720 * 1024)
    const first = await app.importContacts(file, bare)
    expect(first).toMatchObject({ rows: 30_000, added: 30_000, refused: 0 })
    const again = await app.post('/imports', file, bare, 'list.xlsx')
    expect([again.status, await again.json()]).toEqual([200, { id: first.id }])
    const other = await app.importContacts(file, { source: 'Another word for it' })
    expect(other).toMatchObject({ rows: 30_000, added: 0, updated: 0, unchanged: 30_000, refused: 0 })
  }, 60_000)

  it('with bans adds them', async () => {
    const done = await app.importBans(
      bytes(await texts(['kind', 'value'], ['email', 'a@yritys.example'], ['phone', '0401234567'])),
    )
    expect(done).toMatchObject({ added: 2, refused: 0 })
  })

  it.each<[string, () => Uint8Array, number, RegExp]>([
    ['macros', () => workbookOf(sheet(address), { 'xl/vbaProject.bin': 'x' }), 422, /macros/],
    [
      'links to other workbooks',
      () => workbookOf(sheet(address), { 'xl/externalLinks/externalLink1.xml': '<x/>' }),
      422,
      /links/,
    ],
    ['a formula without a value', () => workbookOf(sheet('<c r="A2"><f>1+1</f></c>')), 422, /Cell A2/],
    [
      'a bomb',
      () => workbookOf(sheet(address), { 'xl/sharedStrings.xml': new Uint8Array(70 * 1024 * 1024) }),
      413,
      /too large/,
    ],
    ['nothing in it', () => workbookOf(''), 422, /empty/],
    [
      'an entity of its own',
      () => workbookOf('', { 'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>' }),
      415,
      /damaged/,
    ],
  ])('with %s is refused as a whole, in words that say the mend', async (_, file, status, words) => {
    const answer = await app.post('/imports', bytes(file()), bare, 'list.xlsx')
    const { errors } = (await answer.json()) as { errors: { message: string }[] }
    expect([answer.status, errors[0]?.message]).toEqual([status, expect.stringMatching(words)])
    const unknown = importRemarkIn('fi', 'something that nobody says')
    expect(importRemarkIn('fi', errors[0]?.message ?? '')).not.toBe(unknown)
    for (const table of ['imports', 'file_chunks'] as const)
      expect(await app.deps.store.db.selectFrom(table).selectAll().execute()).toEqual([])
  })
})

describe('a mapping of columns', () => {
  it('says what other headers mean, and leaves columns out', async () => {
    const mapping = JSON.stringify({ Sähköposti: 'email', Etunimi: 'firstName', Sukunimi: 'lastName', Huom: null })
    const file = 'Sähköposti,Etunimi,Sukunimi,Huom,title\na@yritys.example, Aino ,Aalto,<b>,Ostaja\n'
    expect(await app.importContacts(file, { ...bare, mapping })).toMatchObject({ added: 1, refused: 0 })
    expect(await app.contacts()).toMatchObject([{ name: 'Aino Aalto', title: 'Ostaja' }])
    expect(JSON.stringify(await app.contacts())).not.toContain('<b>')
  })

  it('goes by position for bans, too', async () => {
    expect(await app.importBans('x,y\nnote,a@yritys.example\n', { mapping: '[null, "email"]' })).toMatchObject({
      added: 1,
    })
  })

  it.each([
    ['{"Osoite": "emial"}', /Not known/],
    ['{"Osoite": null, "Nimi": "name"}', /no column "email"/],
    ['{"Osoite": "email", "Nimi": "email"}', /twice/],
    ['{oops', /as JSON/],
  ])('%s is refused in words that say the mend', async (mapping, words) => {
    const answer = await app.post('/imports', 'Osoite,Nimi\na@yritys.example,A\n', { ...bare, mapping })
    expect(answer.status).toBe(422)
    expect(((await answer.json()) as { errors: { message: string }[] }).errors[0]?.message).toMatch(words)
    expect(await app.deps.store.db.selectFrom('file_chunks').selectAll().execute()).toEqual([])
  })
})
