import { Hono, type Context } from 'hono'
import { previewMailing } from '../../actions/previewMailing.ts'
import type { Deps } from '../../deps.ts'
import { parseEmail } from '../../rules/address.ts'
import { contactById, contactByStrict } from '../../store/contacts.ts'
import type { MailingRow } from '../../store/tables.ts'
import { MailingPreview } from '../../templates/pages/admin/mailingPreview.tsx'
import { fail } from '../errors.tsx'
import { asLanguage } from '../page.tsx'
import { mailFrame } from './mailFrame.ts'
import { headOf, namedMailing } from './mailingHead.ts'
import { adminLanguage, adminPage, adminProps, type Signed } from './page.tsx'

/** A mailing as its readers see it. Whose eyes it is seen with stands in the address by id, never by e-mail address. */
export function mailingPreviewScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/:id/preview', async (c) => {
    const row = await namedMailing(deps, c)
    return row ? show(c, row) : fail(c, deps, 404)
  })

  app.post('/:id/preview', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const body = await c.req.parseBody()
    const typed = typeof body['address'] === 'string' ? body['address'].trim() : ''
    const chosen = asLanguage(body['language'])
    const query = new URLSearchParams(chosen === null ? {} : { in: chosen })
    if (typed !== '') {
      const read = parseEmail(typed, { allowReserved: true })
      const contact = read.ok ? await contactByStrict(deps.store, read.email.strict) : null
      if (!contact) return show(c, row, typed)
      query.set('as', contact.id)
    }
    return c.redirect(`/admin/mailings/${row.id}/preview?${query.toString()}`, 303)
  })

  app.get('/:id/preview/html', async (c) => {
    const preview = await previewMailing(deps, c.req.param('id'), eyes(c))
    return preview.ok ? mailFrame(c, deps, preview.html, 'html') : fail(c, deps, 404)
  })

  async function show(c: Context<Signed>, row: MailingRow, unknown?: string) {
    const as = c.req.query('as')
    const contact = as === undefined ? null : await contactById(deps.store, as)
    const given = eyes(c)
    const language = given.language ?? contact?.language ?? adminLanguage(c)
    const preview = await previewMailing(deps, row.id, { ...given, language })
    if (!preview.ok) return fail(c, deps, 404)
    const query = new URLSearchParams({ in: language, ...(as === undefined ? {} : { as }) })
    return adminPage(
      c,
      deps,
      <MailingPreview
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        subject={preview.subject}
        text={preview.text}
        htmlHref={`/admin/mailings/${row.id}/preview/html?${query.toString()}`}
        shownTo={contact ? (contact.name ?? contact.address) : null}
        shownIn={language}
        unknown={unknown}
      />,
      unknown === undefined ? 200 : 422,
    )
  }

  function eyes(c: Context) {
    return { contactId: c.req.query('as'), language: asLanguage(c.req.query('in')) ?? undefined }
  }

  return app
}
