import { afterEach, beforeEach, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { look, ours, signIn } from '../../signedIn.ts'
import { workbook } from '../../workbooks.ts'

let t: TestApp
let cookie: string
beforeEach(async () => {
  t = await startApp()
  cookie = await signIn(t)
})
afterEach(() => t.close())

const page = async (path: string) => (await look(t, path, cookie)).text()

async function upload(fields: Record<string, string>, files: [string, Uint8Array | string][]) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, content] of files)
    form.append('file', new File([typeof content === 'string' ? content : new Uint8Array(content)], name))
  return t.request('/admin/price-lists', { method: 'POST', headers: { Cookie: cookie, ...ours }, body: form })
}

const post = (path: string, fields: Record<string, string> = {}) =>
  t.request(path, {
    method: 'POST',
    headers: { Cookie: cookie, ...ours, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })

const named = { name: 'Rautahinnasto', validFrom: '2026-05-01', priceGroup: '' }

it('the first upload asks what the columns are; the second finds them by itself and shows what changed', async () => {
  expect(await page('/admin/price-lists')).toContain('Hinnastoja ei ole vielä')
  expect(await page('/admin/price-lists/new')).toContain('Voimassa alkaen')
  const first = await upload({ ...named, validFrom: '2026-01-01' }, [
    [
      'hinnat.xlsx',
      await workbook([
        ['Tunniste', 'Tuote', 'Netto'],
        ['00123', 'Ruuvi <i>', 12.5],
        ['00124', 'Mutteri', 0.05],
      ]),
    ],
    ['', ''],
  ])
  expect(first.status).toBe(303)
  const columns = first.headers.get('Location') ?? ''
  expect(columns).toMatch(/\/columns$/)
  const asked = await page(columns)
  expect(asked).toContain('Sarake A: Tunniste')
  expect(asked).toContain('Ensimmäiset arvot: 00123 · 00124')
  expect(await page('/admin/price-lists')).toContain('sarakkeet kohdistamatta')
  const none = await post(columns, { c0: 'code', c1: 'name', c2: 'skip' })
  expect(none.status).toBe(422)
  expect(await none.text()).toContain('Mikään sarake ei ole hinta')
  const wrong = await post(columns, { c0: 'price', c1: 'name', c2: 'skip' })
  expect(wrong.status).toBe(303)
  const view = wrong.headers.get('Location') ?? ''
  expect(await page(view)).toContain('Sarakkeet on kohdistettu')
  await post(view.replace(/\?.*/, '/delete'))

  const again = await upload({ ...named, validFrom: '2026-01-01' }, [
    ['v1.csv', 'Koodi;Tuote;Hinta\n00123;Ruuvi <i>;12,50\n00124;Mutteri;0,05\n'],
  ])
  const version = await post(again.headers.get('Location') ?? '', { c0: 'code', c1: 'name', c2: 'price' })
  expect(version.headers.get('Location')).toMatch(/done=mapped$/)
  const second = await upload(named, [
    ['v2.csv', 'Hinta;Koodi;Tuote\n13,00;00123;Ruuvi <i>\n0,05;00124;Mutteri\n1,00;00125;Naula\n'],
  ])
  expect(second.headers.get('Location')).toMatch(/done=added$/)
  const shown = await page(second.headers.get('Location') ?? '')
  expect(shown).toContain('muuttuneita hintoja 1, uusia tuotteita 1, poistuneita 0')
  expect(shown).toContain('Ruuvi &lt;i&gt;')
  expect(shown).toContain('12,50')
  expect(shown).toContain('<strong>13,00</strong>')
  const changed = await page(`${(second.headers.get('Location') ?? '').replace(/\?.*/, '')}?changed=1`)
  expect(changed).not.toContain('Mutteri')
  const lists = await page('/admin/price-lists')
  expect(lists).toContain('korvattu')
  expect(lists).toContain('voimassa')
})

it.each<[string, Record<string, string>, [string, string][], string]>([
  ['without a file', {}, [], 'Tiedosto puuttuu'],
  ['without a name', { name: '' }, [['x.csv', 'Koodi;Hinta\n1;5\n']], 'Hinnaston nimi puuttuu'],
  ['with no day', { validFrom: '' }, [['x.csv', 'Koodi;Hinta\n1;5\n']], 'Voimaantulopäivä ei ole päivämäärä'],
  ['with macros', {}, [['x.xlsm', 'PK']], 'x.xlsm: Työkirjassa on makroja'],
  ['with another kind of file', {}, [['x.docx', 'PK']], 'lähetä XLSX, CSV tai PDF'],
])('an upload %s comes back with what was typed and the mend, in Finnish', async (_what, fields, files, message) => {
  const answer = await upload({ ...named, ...fields, priceGroup: 'Tukku' }, files)
  expect(answer.status).toBe(422)
  const html = await answer.text()
  expect(html).toContain(message)
  expect(html).toContain('role="alert"')
  expect(html).toContain('value="Tukku"')
})

it('a table with wrong prices waits, and each fault names its row, column and mend', async () => {
  const answer = await upload(named, [['x.csv', 'Koodi;Hinta\n1;halpa\n2;1.234\n']])
  const columns = answer.headers.get('Location') ?? ''
  const refused = await (await post(columns, { c0: 'code', c1: 'price' })).text()
  expect(refused).toContain('rivi 2, sarake B (Hinta)')
  expect(refused).toContain('rivi 3, sarake B (Hinta)')
  expect(refused).toContain('kirjoita 1234 tai 1,234')
  expect(refused).toContain('lisää korjattu tiedosto uutena versiona')
  expect(await page(/\/admin\/price-lists\/new\?list=\w+/.exec(refused)?.[0] ?? '')).toContain('Rautahinnasto')
  expect(await page('/admin/price-lists')).not.toContain('vain tiedosto')
  expect((await post(columns.replace('/columns', '/delete'))).headers.get('Location')).toBe(
    '/admin/price-lists?done=deleted',
  )
  expect(await page('/admin/price-lists')).toContain('Hinnastoja ei ole vielä')
})

it('says of an empty file that it is empty', async () => {
  for (const name of ['x.xlsx', 'x.csv', 'x.pdf']) {
    const answer = await upload(named, [[name, '']])
    expect([name, answer.status, await answer.text()]).toEqual([
      name,
      422,
      expect.stringContaining('Tiedosto on tyhjä'),
    ])
  }
})

it('long lists are paged, files are saved and never shown, unknown ids are calm', async () => {
  const rows = Array.from({ length: 250 }, (_, n) => `T${n};${n},00`).join('\n')
  const answer = await upload(named, [
    ['x.csv', `Koodi;Hinta\n${rows}\n`],
    ['hinnasto.pdf', '%PDF-1.4'],
  ])
  const mapped = await post(answer.headers.get('Location') ?? '', { c0: 'code', c1: 'price' })
  const version = (mapped.headers.get('Location') ?? '').replace(/\?.*/, '')
  const first = await page(version)
  expect(first).toContain('Rivit 1–100, yhteensä 250')
  const last = await page(`${version}?from=200`)
  expect(last).toContain('T249')
  expect(last).not.toContain('Seuraavat rivit')
  const file = /\/admin\/price-lists\/files\/\w+/g.exec(first)?.[0] ?? ''
  const saved = await look(t, file, cookie)
  expect(saved.headers.get('Content-Disposition')).toMatch(/^attachment;/)
  for (const path of ['/admin/price-lists/versions/nowhere', '/admin/price-lists/files/nowhere'])
    expect((await look(t, path, cookie)).status).toBe(404)
})

it('speaks Swedish and English, and nothing Finnish there', async () => {
  await upload(named, [['x.csv', 'Koodi;Hinta\n1;5\n']])
  expect(await page('/admin/price-lists?lang=sv')).toContain('kolumnerna inte angivna')
  expect(await page('/admin/price-lists?lang=en')).toContain('columns not mapped')
})
