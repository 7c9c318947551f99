import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Deps } from '../deps.ts'
import { branded } from '../mail/brand.ts'
import type { PageProps } from '../templates/pages/page.tsx'
import { styleFor } from '../templates/style.ts'
import { pickLanguage, words, type Language } from '../templates/words/index.ts'

declare module 'hono' {
  interface ContextVariableMap {
    brand: Deps['config']['brand'] | undefined
  }
}

/**
 * Which language a page speaks: `?lang=`, else the person's or token's own, else what the browser prefers, else Finnish.
 * @param own of the person or token; whatever is no language of ours counts as none
 */
export function pageLanguage(c: Context, own?: string | null): Language {
  return asLanguage(c.req.query('lang')) ?? asLanguage(own) ?? pickLanguage(c.req.header('Accept-Language'), 'fi')
}

export function asLanguage(text: unknown): Language | null {
  return text === 'fi' || text === 'sv' || text === 'en' ? text : null
}

/** The brand of this request's pages: what an administrator chose, else the environment's. */
export function brandOf(c: Context, { brand }: Deps['config']): Deps['config']['brand'] {
  return c.get('brand') ?? brand
}

/** Reads the brand for the pages of a request; without a database they show the environment's. */
export function withBrand(deps: Pick<Deps, 'store' | 'config' | 'now'>): MiddlewareHandler {
  return async (c, next) => {
    const brand = await branded(deps).catch(() => null)
    if (brand) c.set('brand', brand)
    return next()
  }
}

/** What every page shows around its content; the language links lead to the same page, where it can be shown again. */
export function pageProps(c: Context, { config }: Pick<Deps, 'config'>, lang: Language): PageProps {
  const { company } = config
  const brand = brandOf(c, config)
  const shownAgain = c.req.method === 'GET' || c.req.method === 'HEAD'
  const languages = (Object.keys(words) as Language[]).map((other) => ({
    lang: other,
    href: `${c.req.path}?lang=${other}`,
  }))
  return { lang, brand, company, ...(shownAgain ? { languages } : {}) }
}

/** Where a page's forms post to and its links lead back to: an address of ours, in the language that the visitor chose here. */
export function inChosenLanguage(c: Context, path: string = c.req.path): string {
  const chosen = asLanguage(c.req.query('lang'))
  return chosen === null ? path : `${path}?lang=${chosen}`
}

export type PageOptions = {
  status?: ContentfulStatusCode
  /** Origins beside our own that a form of this page may end at (browsers hold redirects of a form against `form-action`). */
  formAction?: readonly string[]
  /** Origins that may show this page in a frame; nobody unless named. */
  frameAncestors?: readonly string[]
  /** Style of the document beside that of every page. */
  sheet?: string
}

/**
 * Answers with a whole document of templates/pages.
 *
 * Nobody stores it, no other site learns its address, nothing is loaded from elsewhere (standards A9-5, ASVS 5.0 V3.4).
 */
export function page(
  c: Context,
  { config }: Pick<Deps, 'config'>,
  document: Child,
  { status = 200, formAction = [], frameAncestors = [], sheet = '' }: PageOptions = {},
): Response | Promise<Response> {
  c.header(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      `style-src '${styleHash(brandOf(c, config).color, sheet)}'`,
      "img-src 'self' data:",
      `form-action ${["'self'", ...formAction].join(' ')}`,
      "base-uri 'none'",
      `frame-ancestors ${frameAncestors.length > 0 ? frameAncestors.join(' ') : "'none'"}`,
    ].join('; '),
  )
  safeHeaders(c, config.publicUrl)
  return c.html(document as string, status)
}

/** What pages and other answers to the public have in common. */
export function safeHeaders(c: Context, publicUrl: string) {
  c.header('Cache-Control', 'no-store')
  c.header('Referrer-Policy', 'no-referrer')
  c.header('X-Robots-Tag', 'noindex, nofollow')
  c.header('X-Content-Type-Options', 'nosniff')
  if (publicUrl.startsWith('https:')) c.header('Strict-Transport-Security', 'max-age=31536000')
}

const hashes = new Map<string, string>()

function styleHash(color: string, sheet: string): string {
  const style = styleFor(color) + sheet
  const kept = hashes.get(style)
  if (kept !== undefined) return kept
  const made = `sha256-${createHash('sha256').update(style).digest('base64')}`
  hashes.set(style, made)
  return made
}
