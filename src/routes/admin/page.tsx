import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Child } from 'hono/jsx'
import type { Deps } from '../../deps.ts'
import type { AdminProps } from '../../templates/pages/admin.tsx'
import { adminStyleFor } from '../../templates/style.ts'
import type { Language } from '../../templates/words/index.ts'
import { asLanguage, brandOf, pageLanguage, pageProps, safeHeaders } from '../page.tsx'

/** What the session's guard leaves for the screens behind it. */
export type Signed = { Variables: { userId: string } }

/** Who is signed in: the user's id, for `created_by` and the ledger's `user:<id>`. */
export function currentUser(c: Context<Signed>): string {
  return c.get('userId')
}

/** The language of admin pages: chosen here (and kept by a cookie), else the browser's, else Finnish. */
export function adminLanguage(c: Context): Language {
  return pageLanguage(c, getCookie(c, 'lang'))
}

export function adminProps(c: Context, deps: Pick<Deps, 'config'>): AdminProps {
  const { lang, brand, languages } = pageProps(c, deps, adminLanguage(c))
  return { lang, brand, languages }
}

/** Answers with an admin document: as strict as the public pages, and frames of our own are allowed (a mail's HTML part). */
export function adminPage(
  c: Context,
  { config }: Pick<Deps, 'config'>,
  document: Child,
  status: 200 | 403 | 404 | 409 | 413 | 422 = 200,
): Response | Promise<Response> {
  const hash = createHash('sha256')
    .update(adminStyleFor(brandOf(c, config).color))
    .digest('base64')
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'sha256-${hash}'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  )
  const chosen = asLanguage(c.req.query('lang'))
  if (chosen !== null)
    setCookie(c, 'lang', chosen, { path: '/admin', httpOnly: true, sameSite: 'Lax', maxAge: 31_536_000 })
  safeHeaders(c, config.publicUrl)
  // Same-origin posts keep their Origin, which the CSRF guard reads.
  c.header('Referrer-Policy', 'same-origin')
  return c.html(document as string, status)
}

/** Answers an htmx request with a piece of a page; the page around it already has its policy. */
export function fragment(c: Context, { config }: Pick<Deps, 'config'>, piece: Child) {
  safeHeaders(c, config.publicUrl)
  return c.html(piece as string)
}
