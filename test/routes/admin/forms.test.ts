import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { contactForm, enquiriesOf } from '../../enquiries.ts'
import { look, ours, signIn } from '../../signedIn.ts'
import { said, signUp } from '../../signUps.ts'

let t: TestApp
let cookie: string
beforeEach(async () => {
  t = await startApp()
  cookie = await signIn(t)
})
afterEach(() => t.close())

const text = async (path: string) => (await look(t, `/admin${path}`, cookie)).text()

function press(path: string, fields: readonly (readonly [string, string])[], lang = 'fi') {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
  return t.request(`/admin${path}${path.includes('?') ? '&' : '?'}lang=${lang}`, {
    method: 'POST',
    body,
    headers: { ...ours, Cookie: cookie },
  })
}

/** What the editor on this page would post, as a browser reads it. */
function fieldsOf(html: string): [string, string][] {
  const main = /<main[^]*<\/main>/.exec(html)?.[0] ?? ''
  const unescaped = (value: string) =>
    value
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  const fields: [string, string][] = []
  for (const [tag] of main.matchAll(/<(?:input|textarea)\b[^>]*?\bname="[^"]+"[^>]*>(?:[^<]*<\/textarea>)?/g)) {
    const of = (attribute: string) => new RegExp(`\\b${attribute}="([^"]*)"`).exec(tag)?.[1]
    if (/type="(checkbox|radio)"/.test(tag) && !/\bchecked\b/.test(tag)) continue
    const fieldName = of('name') ?? ''
    if (tag.startsWith('<textarea')) fields.push([fieldName, unescaped(/>([^<]*)<\/textarea>/.exec(tag)?.[1] ?? '')])
    else fields.push([fieldName, unescaped(of('value') ?? 'on')])
  }
  return fields
}

const set = (fields: [string, string][], change: Record<string, string>): [string, string][] => [
  ...fields.filter(([name]) => !(name in change)),
  ...Object.entries(change),
]

describe('the screens of forms', () => {
  it('makes a contact form without a script: a row added, a row removed, saved, and used by a visitor', async () => {
    expect(await text('/forms?lang=fi')).toContain('Uusi yhteydenottolomake')
    let fields = fieldsOf(await text('/forms/new?kind=contact&lang=fi'))
    fields = set(fields, { 'title.fi': 'Ota yhteyttä', 'title.en': 'Contact us', add: 'select', do: 'add' })
    let page = await press('/forms/new?kind=contact', fields)
    let html = await page.text()
    expect(html).toContain('Kenttä 4')
    expect(html).toContain('Muista tallentaa')
    fields = set(fieldsOf(html), {
      'f3.label.fi': 'Mitä asia koskee?',
      'f3.choices': 'Hinnat | Priser | Prices\ntoimitus = Toimitusaika\n',
      do: 'remove.1',
    })
    html = await (await press('/forms/new?kind=contact', fields)).text()
    expect(html).toContain('Kenttä 3: Mitä asia koskee?')
    page = await press('/forms/new?kind=contact', set(fieldsOf(html), { do: 'save' }))
    expect([page.status, page.headers.get('location')]).toEqual([303, '/admin/forms/ota-yhteytta?done=added'])
    expect(await text('/forms/ota-yhteytta?done=added')).toContain('Lomake on tehty')
    const form = await (
      await t.request('/api/v1/forms/ota-yhteytta', { headers: { Authorization: `Bearer ${t.apiKey}` } })
    ).json()
    expect(form).toMatchObject({
      kind: 'contact',
      topics: [],
      receipt: true,
      fields: [
        { name: 'name' },
        { name: 'viesti', kind: 'textarea', required: true },
        {
          name: 'mita_asia_koskee',
          choices: [
            { value: 'hinnat', label: { fi: 'Hinnat', sv: 'Priser', en: 'Prices' } },
            { value: 'toimitus', label: { fi: 'Toimitusaika' } },
          ],
        },
      ],
    })
    const answer = await signUp(
      t,
      { email: 'maija@yritys.example', viesti: 'Hei', mita_asia_koskee: 'toimitus' },
      { form: 'ota-yhteytta', query: '?lang=fi' },
    )
    expect(await said(answer)).toContain('perillä')
    await t.deliver()
    expect((await t.mailsTo('uutiset@myyja.example'))[0]?.text).toContain('Mitä asia koskee?: Toimitusaika')
  })

  it('keeps a changed wording as a new version, shows the history, and leaves an unchanged one alone', async () => {
    const fields = fieldsOf(await text('/forms/newsletter?lang=fi'))
    expect((await press('/forms/newsletter', set(fields, { do: 'save' }))).status).toBe(303)
    const wordings = () =>
      t.deps.store.db.selectFrom('wordings').selectAll().where('form_id', '=', 'newsletter').execute()
    expect(await wordings()).toHaveLength(3)
    t.clock.advance(60_000)
    const again = fieldsOf(await text('/forms/newsletter?lang=fi'))
    await press(
      '/forms/newsletter',
      set(again, { 'wordings.fi': 'Tilaan uutiskirjeen. Lähettäjä on Myyjä Oy.', do: 'save' }),
    )
    expect(await wordings()).toHaveLength(4)
    const html = await text('/forms/newsletter?lang=fi')
    expect(html).toContain('Aiemmat versiot')
    expect(html).toMatch(
      /Tilaan valitsemani viestit[^]*Tilaan uutiskirjeen\. Lähettäjä|Tilaan uutiskirjeen\. Lähettäjä[^]*Tilaan valitsemani/,
    )
    expect(await (await t.request('/f/newsletter?lang=fi')).text()).toContain(
      'Tilaan uutiskirjeen. Lähettäjä on Myyjä Oy.',
    )
  })

  it('says in the page’s language which field is wrong and how to mend it, and keeps what was typed', async () => {
    const fields = set(fieldsOf(await text('/forms/new?kind=signup&lang=fi')), {
      id: 'Väärä!',
      'title.fi': '',
      origins: 'www.yritys.example/',
      redirect: 'javascript:alert(1)',
      add: 'text',
      do: 'add',
    })
    const html = await (await press('/forms/new?kind=signup', fields)).text()
    const untitled = await (await press('/forms/new?kind=signup', set(fields, { id: '', do: 'save' }))).text()
    expect(untitled).toContain('Otsikko: kirjoita')
    expect(untitled).not.toContain('Tunnus: käytä')
    const wrong = set(fieldsOf(html), { 'f2.label.fi': '', do: 'save' }).filter(([name]) => name !== 'topics')
    for (const [lang, words] of [
      [
        'fi',
        [
          'Tunnus: käytä',
          'Otsikko: kirjoita',
          'Sallitut sivustot: kirjoita',
          'Ohjausosoitteet: kirjoita',
          'Kenttä 3: kirjoita nimi',
        ],
      ],
      [
        'sv',
        [
          'Id: använd',
          'Rubrik: skriv',
          'Tillåtna webbplatser: skriv',
          'Adresser att leda till: skriv',
          'Fält 3: skriv namnet',
        ],
      ],
    ] as const) {
      const answer = await press('/forms/new?kind=signup', wrong, lang)
      const page = await answer.text()
      expect(answer.status).toBe(422)
      for (const word of words) expect(page).toContain(word)
      expect(page).toContain('www.yritys.example/')
      expect(/<div class="note bad"[^]*?<\/div>/.exec(page)?.[0]).not.toMatch(/\b(the|give|use|must)\b/i)
    }
  })

  it('refuses a sign-up form without a topic, an id that is taken, and a mailbox of nobody', async () => {
    const start = set(fieldsOf(await text('/forms/new?kind=signup&lang=fi')), {
      id: 'newsletter',
      'title.fi': 'Tilaa',
      do: 'save',
    })
    expect(await (await press('/forms/new?kind=signup', start)).text()).toContain('Tunnus: tämä on jo käytössä')
    const none = start.filter(([name]) => name !== 'topics')
    expect(await (await press('/forms/new?kind=signup', set(none, { id: 'toinen' }))).text()).toContain(
      'valitse ainakin yksi',
    )
    const contact = set(fieldsOf(await text('/forms/new?kind=contact&lang=fi')), {
      'title.fi': 'Yhteys',
      mailbox: 'joku@muualla.example',
      do: 'save',
    })
    expect(await (await press('/forms/new?kind=contact', contact)).text()).toContain('Postilaatikko: valitse')
  })

  it('lets nobody overwrite what a colleague changed meanwhile', async () => {
    const mine = fieldsOf(await text('/forms/newsletter?lang=fi'))
    t.clock.advance(1000)
    await press(
      '/forms/newsletter',
      set(fieldsOf(await text('/forms/newsletter')), { 'title.fi': 'Uusi otsikko', do: 'save' }),
    )
    const answer = await press('/forms/newsletter', set(mine, { 'title.fi': 'Minun otsikkoni', do: 'save' }))
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Joku muu muutti')
    expect(await text('/forms')).toContain('Uusi otsikko')
  })

  it('gives the code to copy in the language of the form', async () => {
    await contactForm(t, { topics: ['newsletter'] })
    const html = (await text('/forms/yhteys/embed?in=sv'))
      .replaceAll('&lt;', '<')
      .replaceAll('&quot;', '"')
      .replaceAll('&gt;', '>')
    expect(html).toContain(
      '<form method="post" action="http://127.0.0.1:8080/f/yhteys" accept-charset="utf-8" data-postilupa lang="sv">',
    )
    expect(html).toContain('<script src="http://127.0.0.1:8080/f/yhteys/embed.js" defer></script>')
    expect(html).toContain('Meddelande')
    expect(html).toMatch(/<input type="hidden" name="consent" value="[^"]+">/)
    expect(html).not.toMatch(/<input[^>]* checked/)
  })
})

describe('the screens of enquiries', () => {
  it('show what was written, take a note and mark it, in that order of times', async () => {
    await contactForm(t)
    await signUp(t, { email: 'maija@yritys.example', name: 'Maija', viesti: 'Hei <script>' }, { form: 'yhteys' })
    const [row] = await enquiriesOf(t)
    expect(await text('/enquiries?lang=fi')).toContain('Maija, maija@yritys.example')
    const html = await text(`/enquiries/${row?.id}?lang=fi`)
    expect(html).toContain('Hei &lt;script&gt;')
    expect(html).toContain('mailto:maija@yritys.example?subject=')
    expect(html).toContain('odottaa lähetystä')
    await t.deliver()
    expect(await text(`/enquiries/${row?.id}`)).toContain('Lähetetty postilaatikkoon')
    const handled = await press(`/enquiries/${row?.id}`, [
      ['note', 'Soitettu'],
      ['state', 'handled'],
    ])
    expect(handled.headers.get('location')).toBe(`/admin/enquiries/${row?.id}?done=handled`)
    t.clock.advance(5000)
    await press(`/enquiries/${row?.id}`, [['state', 'closed']])
    const [closed] = await enquiriesOf(t)
    expect(closed).toMatchObject({ note: 'Soitettu', handled_at: t.clock.now() - 5000, closed_at: t.clock.now() })
    expect(closed?.handled_by).toMatch(/^user:/)
    expect(await text('/enquiries')).not.toContain('maija@')
    expect(await text('/enquiries?state=closed')).toContain('maija@')
    await press(`/enquiries/${row?.id}`, [['state', 'open']])
    expect((await enquiriesOf(t))[0]).toMatchObject({ handled_at: null, closed_at: null, note: 'Soitettu' })
    expect((await press('/enquiries/nothing', [['state', 'open']])).status).toBe(404)
    const tooLong = await press(`/enquiries/${row?.id}`, [
      ['note', 'x'.repeat(5001)],
      ['state', ''],
    ])
    expect([tooLong.status, await tooLong.text()]).toEqual([422, expect.stringContaining('lyhennä tekstiä')])
    const events = await t.deps.store.db
      .selectFrom('ledger')
      .select(['event', 'data'])
      .where('event', 'like', 'enquiry%')
      .execute()
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['enquiry_received', 'enquiry_handled', 'enquiry_closed', 'enquiry_reopened']),
    )
    expect(JSON.stringify(events)).not.toMatch(/maija|Soitettu/i)
  })

  it('say where there is nothing, and what to do', async () => {
    expect(await text('/enquiries?lang=fi')).toContain('Tee sellainen kohdassa Lomakkeet')
    expect((await look(t, '/admin/enquiries/nothing', cookie)).status).toBe(404)
  })
})
