import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { attachFile, detachFile } from '../../actions/attachFile.ts'
import type { Deps } from '../../deps.ts'
import { attachmentLimits } from '../../rules/attachment.ts'
import { attachmentsOf } from '../../store/attachments.ts'
import type { MailingRow } from '../../store/tables.ts'
import { MailingFiles } from '../../templates/pages/admin/mailingFiles.tsx'
import { mailingStepWords } from '../../templates/words/admin/mailings.ts'
import { remarkIn } from '../../templates/words/admin/remarks.ts'
import { fail } from '../errors.tsx'
import { after, headOf, namedMailing } from './mailingHead.ts'
import { adminLanguage, adminPage, adminProps, type Signed } from './page.tsx'

/** A file of the largest size, and what multipart puts around it. */
const UPLOAD_MAX = attachmentLimits.file + 64 * 1024

/** Attachments of a draft. */
export function mailingFileScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/:id/attachments', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    if (row.scheduled_at !== null) return c.redirect(`/admin/mailings/${row.id}`)
    return show(c, row)
  })

  const limited = bodyLimit({
    maxSize: UPLOAD_MAX,
    onError: async (c: Context<Signed>) => {
      const row = await namedMailing(deps, c)
      const message = remarkIn(adminLanguage(c), `A file may have ${attachmentLimits.file / 1024 / 1024} MiB.`)
      return row ? show(c, row, { status: 413, message }) : fail(c, deps, 404)
    },
  })
  app.post('/:id/attachments', limited, async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const file = (await c.req.parseBody())['file']
    const lang = adminLanguage(c)
    // A browser posts an empty part without a name where no file was chosen
    if (!(file instanceof File) || file.name === '')
      return show(c, row, { status: 422, message: mailingStepWords[lang].files.missing })
    const upload = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
    const attached = await attachFile(deps, row.id, upload)
    if (attached.ok) return after(c, `/${row.id}/attachments`, 'attached')
    if (attached.status === 404) return fail(c, deps, 404)
    return show(c, row, { status: attached.status, message: remarkIn(lang, attached.message) })
  })

  app.post('/:id/attachments/:file/remove', async (c) => {
    const { id, file } = c.req.param()
    const removed = await detachFile(deps, id, file)
    // Gone already is what was wanted
    if (removed.ok || removed.status === 404) return after(c, `/${id}/attachments`, 'detached')
    return after(c, `/${id}`, 'moved')
  })

  async function show(c: Context<Signed>, row: MailingRow, problem?: { status: 409 | 413 | 422; message: string }) {
    const files = await attachmentsOf(deps.store, [row.id])
    return adminPage(
      c,
      deps,
      <MailingFiles
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        files={files}
        problem={problem?.message}
        done={c.req.query('done')}
      />,
      problem?.status,
    )
  }

  return app
}
