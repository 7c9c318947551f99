import type { D1Database, Queue } from '@cloudflare/workers-types'
import { parseConfig, type Config } from '../config.ts'
import { parseMailUrl } from '../mail/mailUrl.ts'

/** The bindings of wrangler.toml; all other keys are variables and secrets, the same as in the environment on Node. */
export type Env = { DB: D1Database; WAKE: Queue; VERSION: { id: string }; [key: string]: unknown }

/** An invocation may hold six connections open; D1 and the queue take theirs. */
const CONNECTIONS = 4

/** The environment of Node, with what is different here: D1 is the database, and mail leaves by SMTP. */
export function configure(env: Env): { ok: true; config: Config } | { ok: false; problems: string[] } {
  const given = Object.entries(env).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[key, String(value)] as const] : [],
  )
  const parsed = parseConfig({ DATABASE_URL: 'd1:DB', ...Object.fromEntries(given) })
  const problems = [
    ...['DB', 'WAKE', 'VERSION']
      .filter((key) => env[key] == null)
      .map((key) => `${key}: is missing: bind it in wrangler.toml`),
    ...(env['PUBLIC_URL'] ? [] : ['PUBLIC_URL: is missing: set it to the address of this Worker']),
    ...mailProblems(env['MAIL_URL']),
    ...(parsed.ok ? fileProblems(parsed.config) : parsed.problems),
  ]
  if (!parsed.ok || problems.length > 0) return { ok: false, problems }
  return { ok: true, config: { ...parsed.config, mailUrl: withFewConnections(parsed.config.mailUrl) } }
}

function fileProblems({ banSources }: Config): string[] {
  return banSources
    .filter(({ kind }) => kind === 'file')
    .map(({ name }) => `BAN_SOURCES: ${name} is a file, and there are none here: serve its list over HTTP`)
}

function mailProblems(mailUrl: unknown): string[] {
  if (typeof mailUrl !== 'string' || !/^smtps?:/.test(mailUrl))
    return ['MAIL_URL: is missing or no way out of here: set it to smtp://… or smtps://…']
  try {
    parseMailUrl(mailUrl)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function withFewConnections(mailUrl: string): string {
  const url = new URL(mailUrl)
  const wish = Number(url.searchParams.get('connections') ?? CONNECTIONS)
  url.searchParams.set('connections', String(Math.min(wish, CONNECTIONS)))
  return url.href
}
