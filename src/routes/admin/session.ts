import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Deps } from '../../deps.ts'

type Where = Pick<Deps, 'config'>

/** A `__Host-` cookie needs https; on plain http (loopback) its plain name is used. */
const secure = ({ config }: Where) => config.publicUrl.startsWith('https:')
const nameOf = (deps: Where) => (secure(deps) ? '__Host-sid' : 'sid')

/** The session's secret; two cookies of the name are none (somebody planted one). */
export function sessionOf(c: Context, deps: Where): string | undefined {
  const name = nameOf(deps)
  const given = (c.req.header('Cookie') ?? '').split(';').filter((part) => part.trim().startsWith(`${name}=`))
  return given.length === 1 ? getCookie(c, name) : undefined
}

export function keepSession(c: Context, deps: Where, session: string) {
  setCookie(c, nameOf(deps), session, { path: '/', httpOnly: true, sameSite: 'Lax', secure: secure(deps) })
}

export function dropSession(c: Context, deps: Where) {
  deleteCookie(c, nameOf(deps), { path: '/', secure: secure(deps) })
}
