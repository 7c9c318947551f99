import { mkdirSync } from 'node:fs'
import { it } from 'vitest'
import { startApp } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { issueSignInLink } from '../../src/actions/signIn.ts'
import { leavingPath, mailed } from '../leaving.ts'
import { links } from '../../src/mail/tokens.ts'
const dir = '/tmp/shots'
mkdirSync(dir, { recursive: true })
it('shots', async () => {
  const t = await startApp()
  const origin = await t.listen()
  const browser = (await openBrowser())!
  const { ids, mails } = await mailed(t, [{ email: 'matti.meikalainen@yritys.example', name: 'Matti', topics: ['newsletter', 'price-list'] }], { subject: 'Uusi hinnasto 1.6.2026 alkaen' })
  const files = (await t.mails()).map((m) => new TextEncoder().encode(m.raw))
  t.deps.outbox = { list: async () => files.map((f, n) => ({ name: `${n}.eml`, size: f.length })), read: async (n) => files[parseInt(n)] ?? null }
  for (const width of [1280, 390]) {
    const context = await browser.newContext({ locale: 'fi-FI', viewport: { width, height: 800 } })
    const page = await context.newPage()
    const shot = async (name: string) => void (await page.screenshot({ path: `${dir}/${name}-${width}.png`, fullPage: true }))
    const see = async (name: string, path: string) => { await page.goto(origin + path); await shot(name) }
    await see('form', '/f/newsletter')
    await page.getByRole('button', { name: 'Tilaa' }).click(); await shot('form-error')
    await page.getByLabel('Sähköpostiosoite').fill(`uusi${width}@yritys.example`); await page.getByLabel('Hinnasto').check(); await page.getByRole('button', { name: 'Tilaa' }).click(); await shot('accepted')
    await t.deliver()
    const c = (await t.mailsTo(`uusi${width}@yritys.example`)).at(-1)!
    await see('confirm', new URL(c.links.find((l) => l.includes('/c/'))!).pathname)
    await page.getByRole('button').click(); await shot('confirmed')
    await page.setContent(c.html!); await shot('mail-confirm')
    await page.setContent(mails[0]!.html!); await shot('mail-mailing')
    await see('unsubscribe', leavingPath(mails[0]))
    await page.getByRole('button', { name: 'Peruuta tilaus', exact: true }).click(); await shot('unsubscribed')
    await see('manage', '/manage')
    await page.getByRole('button').click(); await shot('manage-error')
    await page.getByLabel('Sähköpostiosoite').fill('matti.meikalainen@yritys.example'); await page.getByRole('button').click(); await shot('manage-sent')
    const p = `/p/${links(t.deps).make('p', ids[0]!)}`
    await see('preferences', p)
    await page.getByRole('button', { name: 'Kiellä kaikki suoramarkkinointi' }).click(); await shot('preferences-banned')
    await page.getByRole('button', { name: 'Kumoa kielto' }).click()
    await page.getByLabel('Uutiskirje').check()
    await page.getByRole('button', { name: 'Tallenna' }).click(); await shot('saved')
    await see('erase', p + '/erase')
    await see('ban', '/ban')
    await page.getByRole('button').click(); await shot('ban-error')
    await page.getByLabel('Sähköpostiosoite').fill('x' + width + '@yritys.example'); await page.getByRole('button').click(); await shot('ban-done')
    await t.deliver()
    const b = (await t.mailsTo('x' + width + '@yritys.example')).at(-1)!
    await page.setContent(b.html!); await shot('mail-ban')
    await see('undo', new URL(b.links.find((l) => l.includes('/ban/undo'))!).pathname)
    await see('gone', '/p/x')
    await see('privacy', '/privacy')
    await see('admin-signin', new URL(await issueSignInLink(t.deps, origin)).pathname)
    await page.getByRole('button').click(); await shot('admin-mailings')
    await see('admin-outbox', '/admin/outbox')
    await see('admin-message', '/admin/outbox/0.eml')
    await context.close()
  }
  await browser.close()
  await t.close()
}, 120_000)
