import { z } from 'zod'
import { parseBusinessId } from './rules/businessId.ts'
import { isWebUrl } from './rules/webUrl.ts'

/** The environment, parsed once. Every missing or wrong key is listed together. */
export type Config = {
  host: string
  port: number
  /** Base of every link, without a slash at the end. */
  publicUrl: string
  databaseUrl: string
  mailUrl: string
  mailFrom: { name: string; address: string }
  secrets: string[]
  adminApiKey: string | null
  trustedProxies: string[]
  company: { name: string; businessId: string; address: string }
  brand: { name: string; color: string; logo: string | null }
  allowReservedDomains: boolean
  alertTo: string[]
  /** Who gets the enquiries of forms that name no mailbox of their own. */
  enquiryTo: string | null
  /** Namespace of List-Id values: a domain that the sender controls (RFC 2919 §2). */
  listDomain: string
  namedWorkPolicy: 'consent_only' | 'duty_evidence' | 'opt_out'
  banSources: BanSourceConfig[]
  /** Absolute URLs that a form may send a visitor to. */
  redirects: string[]
  timeZone: string
  /** Bytes: files of price lists above this size go as links. */
  attachUpTo: number
  /** Days after which the pre-send check calls the prices old. */
  pricesOldAfter: number
  /** A contact is invited to at most one survey in so many days; 0 = no cap. */
  surveyEveryDays: number
  limits: { confirmationsPerNetwork: number; confirmationsPerForm: number; confirmationsInAll: number }
}

export type BanSourceConfig = {
  name: string
  kind: 'file' | 'http'
  path?: string | undefined
  url?: string | undefined
  token?: string | undefined
  required: boolean
  /** milliseconds */
  maxAge: number
  shrinkLimit: number
}

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'give a whole http or https URL such as https://lista.yritys.example' })
  .transform((url) => url.replace(/\/+$/, ''))

const mailbox = z.string().transform((text, context) => {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>\s@]+@[^<>\s@]+)>\s*$/.exec(text)
  const bare = /^\s*([^<>\s@]+@[^<>\s@]+)\s*$/.exec(text)
  if (named?.[2]) return { name: named[1] ?? '', address: named[2] }
  if (bare?.[1]) return { name: '', address: bare[1] }
  context.addIssue({ code: 'custom', message: 'write it as Company <mail@yritys.example>' })
  return z.NEVER
})

/** @param missing what to write where the key is not there at all */
const listOf = (missing?: string) =>
  z.string(missing).transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
const list = listOf()

/** `3s`, `15m`, `24h`, `7d` → milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d*(s|m|h|d)$/, 'write a duration such as 3s, 15m or 24h')
  .transform(
    (text) => Number(text.slice(0, -1)) * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[text.at(-1) as 's'],
  )

const banSources = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'this is no JSON; give an array of sources' })
      return z.NEVER
    }
  })
  .pipe(
    z.array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9-]{1,40}$/),
        kind: z.enum(['file', 'http']),
        path: z.string().optional(),
        // As it is: a slash at its end may mean another list.
        url: z.string().refine(isWebUrl, { error: 'give a whole http or https URL' }).optional(),
        token: z.string().optional(),
        required: z.boolean().default(true),
        maxAge: duration.default(86_400_000),
        shrinkLimit: z.number().min(0).max(1).default(0.05),
      }),
    ),
  )
  .refine((sources) => sources.every(({ kind, path, url }) => (kind === 'file' ? path : url) !== undefined), {
    error: 'a source of the kind file needs its path, one of the kind http its url',
  })
  .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, {
    error: 'two sources have the same name',
  })

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const flag = z.enum(['0', '1'], 'write 1 or 0').transform((text) => text === '1')
const count = z.coerce.number().int().min(1)

const SECRETS_MEND = 'set it to a random text of at least 32 characters (comma list, newest first)'

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('give a port number').int().min(0).max(65_535).default(8080),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(
      /^(file:.+|postgres(ql)?:\/\/.+|d1:.+)$/,
      'use file:./data/postilupa.db or postgres://user:password@host/database',
    )
    .default('file:./data/postilupa.db'),
  MAIL_URL: z
    .string()
    .regex(/^(outbox:.*|smtps?:\/\/.+)$/, 'use outbox:./data/outbox, smtp://… or smtps://…')
    .default('outbox:./data/outbox'),
  MAIL_FROM: mailbox.default({ name: 'Postilupa', address: 'postilupa@localhost' }),
  SECRETS: listOf(SECRETS_MEND).pipe(
    z.array(z.string().min(32, 'each secret needs at least 32 characters')).min(1, SECRETS_MEND),
  ),
  ADMIN_API_KEY: z.string().min(32, 'it needs at least 32 characters').optional(),
  TRUSTED_PROXIES: list.default([]),
  COMPANY_NAME: z.string("set it to the sender's registered name").min(1, "set it to the sender's registered name"),
  COMPANY_BUSINESS_ID: z.string("set it to the sender's business id (Y-tunnus)").transform((text, context) => {
    const read = parseBusinessId(text)
    if (read.ok) return read.businessId
    context.addIssue({ code: 'custom', message: read.error })
    return z.NEVER
  }),
  COMPANY_ADDRESS: z.string("set it to the sender's postal address").min(1, "set it to the sender's postal address"),
  BRAND_NAME: z.string().optional(),
  BRAND_COLOR: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'write it as #1a4f8b')
    .default('#1a4f8b'),
  BRAND_LOGO: z.string().optional(),
  ALLOW_RESERVED_DOMAINS: flag.optional(),
  ALERT_TO: list.default([]),
  ENQUIRY_TO: mailbox.optional(),
  LIST_DOMAIN: z.string().optional(),
  NAMED_WORK_POLICY: z.enum(['consent_only', 'duty_evidence', 'opt_out']).default('duty_evidence'),
  BAN_SOURCES: banSources.default([]),
  REDIRECTS: list.default([]),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'write an IANA time zone such as Europe/Helsinki')
    .default('Europe/Helsinki'),
  ATTACH_UP_TO_KB: z.coerce.number('give a number of kilobytes').int().min(0).max(10_240).default(1024),
  PRICES_OLD_AFTER_DAYS: z.coerce.number('give a number of days').int().min(1).max(3650).default(180),
  SURVEY_EVERY_DAYS: z.coerce.number('give a number of days, 0 for no cap').int().min(0).max(3650).default(90),
  LIMIT_PER_NETWORK: count.default(300),
  LIMIT_PER_FORM: count.default(3000),
  LIMIT_IN_ALL: count.default(10_000),
})

/**
 * Reads the environment.
 * @returns the configuration, or one line for each key that is missing or wrong: `KEY: what to write`
 */
export function parseConfig(
  env: Record<string, string | undefined>,
): { ok: true; config: Config } | { ok: false; problems: string[] } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const key = String(issue.path[0])
      return `${issue.path.join('.')}: ${given[key] === undefined ? 'is missing: ' : ''}${issue.message}`
    })
    return { ok: false, problems }
  }
  const e = parsed.data
  return {
    ok: true,
    config: {
      host: e.HOST,
      port: e.PORT,
      publicUrl: e.PUBLIC_URL ?? `http://127.0.0.1:${e.PORT}`,
      databaseUrl: e.DATABASE_URL,
      mailUrl: e.MAIL_URL,
      mailFrom: e.MAIL_FROM,
      secrets: e.SECRETS,
      adminApiKey: e.ADMIN_API_KEY ?? null,
      trustedProxies: e.TRUSTED_PROXIES,
      company: { name: e.COMPANY_NAME, businessId: e.COMPANY_BUSINESS_ID, address: e.COMPANY_ADDRESS },
      brand: { name: e.BRAND_NAME ?? e.COMPANY_NAME, color: e.BRAND_COLOR, logo: e.BRAND_LOGO ?? null },
      allowReservedDomains: e.ALLOW_RESERVED_DOMAINS ?? e.MAIL_URL.startsWith('outbox:'),
      alertTo: e.ALERT_TO,
      enquiryTo: e.ENQUIRY_TO?.address ?? null,
      listDomain: e.LIST_DOMAIN ?? e.MAIL_FROM.address.slice(e.MAIL_FROM.address.indexOf('@') + 1),
      namedWorkPolicy: e.NAMED_WORK_POLICY,
      banSources: e.BAN_SOURCES,
      redirects: e.REDIRECTS,
      timeZone: e.TIME_ZONE,
      attachUpTo: e.ATTACH_UP_TO_KB * 1024,
      pricesOldAfter: e.PRICES_OLD_AFTER_DAYS,
      surveyEveryDays: e.SURVEY_EVERY_DAYS,
      limits: {
        confirmationsPerNetwork: e.LIMIT_PER_NETWORK,
        confirmationsPerForm: e.LIMIT_PER_FORM,
        confirmationsInAll: e.LIMIT_IN_ALL,
      },
    },
  }
}
