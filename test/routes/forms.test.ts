import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'

describe('x', () => {
  let t: TestApp
  beforeEach(async () => { t = await startApp() })
  afterEach(() => t.close())
  it('works', async () => {
    const r = await t.request('/f/newsletter', { method: 'POST', body: new URLSearchParams({ email: 'maija@yritys.example', name: 'Maija' }) })
    console.log(r.status, await r.text())
    await t.deliver()
    const [mail] = await t.mails()
    console.log(mail?.raw)
    const link = mail!.links.find((l) => l.includes('/c/'))!.replace('http://127.0.0.1:8080', '')
    const page = await t.request(link)
    console.log(page.status, Object.fromEntries(page.headers), await page.text())
    const done = await t.request(link, { method: 'POST' })
    console.log(done.status, await done.text())
    console.log(await t.deps.store.db.selectFrom('contacts').selectAll().execute())
    console.log(await t.deps.store.db.selectFrom('permissions').selectAll().execute())
    console.log(await t.deps.store.db.selectFrom('signups').selectAll().execute())
    console.log(await t.deps.store.db.selectFrom('ledger').selectAll().execute())
    console.log(await t.deps.store.db.selectFrom('counters').selectAll().execute())
    console.log(await (await t.request('/f/newsletter/embed.js')).text())
  })
})
