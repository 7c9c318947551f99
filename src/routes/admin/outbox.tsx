import { Hono, type Context } from 'hono'
import PostalMime, { type Address, type Email } from 'postal-mime'
import type { Deps } from '../../deps.ts'
import { OutboxList, OutboxMessage } from '../../templates/pages/adminOutbox.tsx'
import { fail } from '../errors.tsx'
import { safeHeaders } from '../page.tsx'
import { adminPage, adminProps } from './page.tsx'

const SHOWN = 100

/** The embedded outbox: what was written instead of being sent, readable message by message. */
export function outboxScreens(deps: Deps): Hono {
  const app = new Hono()

  app.get('/', async (c) => {
    const files = (await deps.outbox?.list(SHOWN)) ?? []
    const read = await Promise.all(files.map(async ({ name }) => ({ name, mail: await mailOf(name) })))
    const messages = read.flatMap(({ name, mail }) =>
      mail
        ? [
            {
              href: `/admin/outbox/${name}`,
              to: addresses(mail.to),
              subject: mail.subject ?? '',
              at: timeOf(mail),
            },
          ]
        : [],
    )
    return adminPage(
      c,
      deps,
      <OutboxList {...adminProps(c, deps)} messages={messages} timeZone={deps.config.timeZone} />,
    )
  })

  app.get('/:name', async (c) => {
    const mail = await mailOf(c.req.param('name'))
    if (!mail) return fail(c, deps, 404)
    const attachments = mail.attachments.map((file, n) => ({
      name: file.filename ?? 'file',
      type: file.mimeType,
      size: bytesOf(file.content).length,
      href: `${c.req.path}/attachments/${n}`,
    }))
    return adminPage(
      c,
      deps,
      <OutboxMessage
        {...adminProps(c, deps)}
        subject={mail.subject ?? ''}
        to={addresses(mail.to)}
        at={timeOf(mail)}
        timeZone={deps.config.timeZone}
        headers={mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value }))}
        text={mail.text ?? null}
        htmlHref={mail.html === undefined ? null : `${c.req.path}/html`}
        attachments={attachments}
        sourceHref={`${c.req.path}/source`}
      />,
    )
  })

  // The HTML part stands alone under a policy of its own: inline styles, no script, no request (its frame is sandboxed too).
  app.get('/:name/html', async (c) => {
    const mail = await mailOf(c.req.param('name'))
    if (mail?.html === undefined) return fail(c, deps, 404)
    safeHeaders(c, deps.config.publicUrl)
    c.header(
      'Content-Security-Policy',
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; frame-ancestors 'self'",
    )
    return c.html(mail.html)
  })

  app.get('/:name/source', async (c) => {
    const bytes = await deps.outbox?.read(c.req.param('name'))
    return bytes ? download(c, bytes, 'text/plain; charset=utf-8', null) : fail(c, deps, 404)
  })

  app.get('/:name/attachments/:n', async (c) => {
    const mail = await mailOf(c.req.param('name'))
    const file = mail?.attachments[Number(c.req.param('n'))]
    if (!file) return fail(c, deps, 404)
    return download(c, bytesOf(file.content), 'application/octet-stream', file.filename ?? 'file')
  })

  function download(c: Context, bytes: Uint8Array, type: string, name: string | null) {
    safeHeaders(c, deps.config.publicUrl)
    c.header('Content-Security-Policy', "sandbox; default-src 'none'")
    if (name !== null) c.header('Content-Disposition', `attachment; filename*=UTF-8''${extended(name)}`)
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': type })
  }

  async function mailOf(name: string): Promise<Email | null> {
    const bytes = await deps.outbox?.read(name)
    return bytes ? PostalMime.parse(new Uint8Array(bytes)) : null
  }

  return app
}

/** As a header's parameter takes it (RFC 8187 §3.2.1); what no UTF-8 has becomes the replacement character. */
function extended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
}

/** When the message says that it was written; 0 where it does not. */
function timeOf(mail: Email): number {
  return Date.parse(mail.date ?? '') || 0
}

function addresses(list: Address[] | undefined): string {
  return (list ?? []).map((one) => one.address ?? one.name).join(', ')
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof Uint8Array ? content : new Uint8Array(content)
}
