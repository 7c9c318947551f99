import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { Deps } from '../../deps.ts'
import type { AdminProps } from '../../templates/pages/admin.tsx'
import { adminStyleFor } from '../../templates/style.ts'
import { pageLanguage, pageProps, safeHeaders } from '../page.tsx'

export function adminProps(c: Context, deps: Pick<Deps, 'config'>): AdminProps {
  const { lang, brand, languages } = pageProps(c, deps, pageLanguage(c))
  return { lang, brand, languages }
}

/** Answers with an admin document: as strict as the public pages, and frames of our own are allowed (a mail's HTML part). */
export function adminPage(c: Context, { config }: Pick<Deps, 'config'>, document: Child, status: 200 | 404 = 200) {
  const hash = createHash('sha256').update(adminStyleFor(config.brand.color)).digest('base64')
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  )
  safeHeaders(c, config.publicUrl)
  // Same-origin posts keep their Origin, which the CSRF guard reads.
  c.header('Referrer-Policy', 'same-origin')
  return c.html(document as string, status)
}
