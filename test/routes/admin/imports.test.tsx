import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runToEnd } from '../../actions/imported.ts'
import { startApp, type TestApp } from '../../app.ts'
import { look, ours, signIn } from '../../signedIn.ts'
import { workbook } from '../../workbooks.ts'

let app: TestApp
let cookie: string
beforeEach(async () => {
  app = await startApp()
  cookie = await signIn(app)
})
afterEach(() => app.close())

type File = string | Uint8Array<ArrayBuffer>

async function post(path: string, body: FormData | URLSearchParams) {
  return app.request(path, { method: 'POST', headers: { Cookie: cookie, ...ours }, body })
}

function upload(file: File, name: string, kind = 'contacts') {
  const form = new FormData()
  form.append('file', new Blob([file]), name)
  return post(`/admin/imports/upload/${kind}`, form)
}

const text = async (path: string) => (await look(app, path, cookie)).text()
const choices = (given: Record<string, string | string[]>) =>
  new URLSearchParams(
    Object.entries(given).flatMap(([key, value]) => [value].flat().map((one): [string, string] => [key, one])),
  )
const place = (answer: Response) => answer.headers.get('location') ?? ''
const selected = (html: string) =>
  [...html.matchAll(/<select name="column\.\d+".*?<\/select>/gs)].map(
    ([select]) => /<option value="(\w*)" selected/.exec(select)?.[1] ?? '',
  )

const finnish = 'Sähköposti;Etunimi;Sukunimi;Yritys;Asiakasnumero;Muistiinpano\r\n'
const about = {
  source: 'Asiakasrekisteri',
  topics: ['price-list'],
  rule: 'duty_evidence',
  evidence: 'Nimetty ostajaksi sopimuksessa',
  language: 'fi',
}
const columns = {
  'column.0': 'email',
  'column.1': 'firstName',
  'column.2': 'lastName',
  'column.3': 'company',
  'column.4': 'externalId',
  'column.5': '',
}

describe('a marketer imports contacts in the browser', () => {
  it('uploads a Finnish table, is shown what its columns are, tries it, and imports it', async () => {
    const rows = 'matti@yritys.example;Matti;Mäki;Yritys Oy;0012;soita\r\nei osoite;A;B;;;\r\n'
    const uploaded = await upload(new Uint8Array(Buffer.from(finnish + rows, 'latin1')), 'asiakkaat.csv')
    expect(uploaded.status).toBe(303)
    const mapping = await text(place(uploaded))
    expect(selected(mapping)).toEqual(['email', 'firstName', 'lastName', 'company', 'externalId', ''])
    expect(mapping).toContain('asiakkaat.csv')
    expect(mapping).toContain('matti@yritys.example')

    const tried = await post(place(uploaded), choices({ ...about, ...columns, dryRun: 'true' }))
    expect(tried.status).toBe(303)
    await runToEnd(app)
    const trial = await text(place(tried))
    expect(trial).toContain('Tämä oli kokeilu')
    expect(trial).toContain('Sähköpostiosoitteessa on oltava @-merkki')
    expect(await app.deps.store.db.selectFrom('contacts').select('id').execute()).toEqual([])

    const imported = await post(`${place(tried).split('?')[0]}/import`, choices({}))
    await runToEnd(app)
    expect(await app.deps.store.db.selectFrom('contacts').selectAll().execute()).toMatchObject([
      { strict: 'matti@yritys.example', name: 'Matti Mäki', company_name: 'Yritys Oy', external_id: '0012' },
    ])
    expect(await text(place(imported))).toContain('valmis')
    expect(await app.deps.store.db.selectFrom('file_chunks').select('n').execute()).toEqual([])
    const again = await post(`${place(tried).split('?')[0]}/import`, choices({}))
    expect(place(again)).toBe(place(tried).split('?')[0])
  })

  it('remembers the columns for the next file with the same headers', async () => {
    const header = 'Sposti,Lempinimi\n'
    const first = await upload(`${header}a@yritys.example,Aino\n`, 'a.csv')
    expect(selected(await text(place(first)))).toEqual(['email', ''])
    await post(
      place(first),
      choices({ source: 'Messut', 'column.0': 'email', 'column.1': 'name', language: 'fi', dryRun: 'false' }),
    )
    const next = await text(place(await upload(`${header}b@yritys.example,Bo\n`, 'b.csv')))
    expect(selected(next)).toEqual(['email', 'name'])
    expect(next).toContain('kuten viimeksi')
  })

  it('imports an Excel workbook, leading zeros and row numbers kept', async () => {
    const bytes = await workbook([
      ['Email', 'Name', 'Customer number'].map((value) => ({ value })),
      [{ value: 'a@yritys.example' }, { value: '=1+1' }, { value: '007' }],
      [],
      [{ value: 'rikki' }],
    ])
    const uploaded = await upload(new Uint8Array(bytes), 'lista.xlsx')
    const [email = '', name = '', externalId = ''] = selected(await text(place(uploaded)))
    const queued = await post(
      place(uploaded),
      choices({
        source: 'x',
        'column.0': email,
        'column.1': name,
        'column.2': externalId,
        language: 'fi',
        dryRun: 'false',
      }),
    )
    await runToEnd(app)
    expect(await app.deps.store.db.selectFrom('contacts').selectAll().execute()).toMatchObject([
      { strict: 'a@yritys.example', name: '=1+1', external_id: '007' },
    ])
    const csv = await text(`${place(queued).split('?')[0]}/refused.csv`)
    expect(csv).toBe(
      '"Rivi","Sarake","Korjaus"\r\n"4","Sähköposti","Sähköpostiosoitteessa on oltava @-merkki, esimerkiksi nimi@yritys.fi."\r\n',
    )
  })

  it('is told in Finnish what is wrong with a file or with the choices, and loses neither', async () => {
    const refused = await upload('<html></html>', 'sivu.csv')
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('Tämä on verkkosivu eikä taulukko')
    expect((await upload('', 'tyhja.csv')).status).toBe(422)

    const uploaded = await upload('Nimi\nMatti\n', 'a.csv')
    const wrong = await post(place(uploaded), choices({ topics: 'newsletter', 'column.0': 'name', dryRun: 'true' }))
    expect(wrong.status).toBe(422)
    const page = await wrong.text()
    expect(page).toContain('Mikään sarake ei ole sähköposti')
    expect(page).toContain('Kerro, mistä yhteystiedot ovat peräisin.')
    expect(page).toContain('Valitse, mihin lupa lähettää perustuu.')
    expect(page).toContain('value="newsletter" checked')
    expect((await look(app, place(uploaded), cookie)).status).toBe(200)
    expect((await post(`${place(uploaded)}/discard`, choices({}))).status).toBe(303)
    expect((await look(app, place(uploaded), cookie)).status).toBe(404)
  })

  it('imports a list of addresses as bans', async () => {
    const uploaded = await upload('Sähköposti\na@yritys.example\nb@yritys.example\n', 'kiellot.csv', 'bans')
    expect(selected(await text(place(uploaded)))).toEqual(['email'])
    const queued = await post(place(uploaded), choices({ source: '', 'column.0': 'email', dryRun: 'false' }))
    await runToEnd(app)
    expect(await text(place(queued))).toContain('Kiellot: tuonti')
    expect(await app.deps.store.db.selectFrom('bans').select('kind').execute()).toHaveLength(2)
    expect(await text('/admin/imports')).toContain(`href="${place(queued).split('?')[0]}"`)
  })

  it('watches an import run, and stops it', async () => {
    const uploaded = await upload('email\na@yritys.example\n', 'a.csv')
    const queued = await post(
      place(uploaded),
      choices({ source: 'x', 'column.0': 'email', language: 'fi', dryRun: 'false' }),
    )
    const [here = ''] = place(queued).split('?')
    expect(await text(place(queued))).toContain(`hx-get="${here}/progress?seen=queued"`)
    const same = await look(app, `${here}/progress?seen=queued`, cookie)
    expect(same.headers.get('hx-refresh')).toBe(null)
    await post(`${here}/cancel`, choices({}))
    const piece = await look(app, `${here}/progress?seen=queued`, cookie)
    expect(piece.headers.get('hx-refresh')).toBe('true')
    expect(await piece.text()).toContain('Tuonti keskeytettiin')
    await runToEnd(app)
    expect(await app.deps.store.db.selectFrom('contacts').select('id').execute()).toEqual([])
  })

  it('is spoken to in Swedish and English too', async () => {
    expect(await text('/admin/imports?lang=sv')).toContain('Importera kontakter')
    expect(await text('/admin/imports?lang=en')).toContain('Import contacts')
  })

  it('T05 shows hostile headers, values and file names as the text that they are', async () => {
    const hostile = '<img src=x onerror=alert(1)>'
    const uploaded = await upload(
      `email,"${hostile}"\na@yritys.example,"${hostile}"\n`,
      `${hostile}.csv`.replace('/', ''),
    )
    const page = await text(place(uploaded))
    expect(page).not.toContain('<img')
    expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(2)
  })

  it('T13 takes no upload that another site asked for', async () => {
    const form = new FormData()
    form.append('file', new Blob(['email\na@yritys.example\n']), 'a.csv')
    const headers = { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' }
    const answer = await app.request('/admin/imports/upload/contacts', { method: 'POST', headers, body: form })
    expect(answer.status).toBe(403)
  })
})
