import { Hono, type Context } from 'hono'
import { ban as addBan } from '../../actions/ban.ts'
import { checkBan } from '../../actions/checkBan.ts'
import { liftBan } from '../../actions/liftBan.ts'
import type { Deps } from '../../deps.ts'
import { readBanRemark } from '../../rules/banRemark.ts'
import { parseBanValue } from '../../rules/banValue.ts'
import type { BanKind } from '../../rules/matchKeys.ts'
import { recentBans } from '../../store/banList.ts'
import { banById } from '../../store/bans.ts'
import { BanForm, banKinds, BansPage, BanView, type BanCheck } from '../../templates/pages/admin/bans.tsx'
import type { Problem, Values } from '../../templates/pages/fields.tsx'
import { banWords } from '../../templates/words/admin/bans.ts'
import type { Language } from '../../templates/words/index.ts'
import { readBody, textOf } from '../body.ts'
import { fail } from '../errors.tsx'
import { adminLanguage, adminPage, adminProps, currentUser, type Signed } from './page.tsx'
import { choicesOf, scopesIn, shownBan } from './shownBans.ts'

const PER_PAGE = 50

/** Bans: adding, checking, the newest ones, lifting. What is checked travels in the body, never in an address. */
export function banScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { timeZone } = deps.config

  app.get('/', (c) => list(c, {}))

  app.post('/check', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const values = { kind: textOf(body.posted, 'kind'), value: textOf(body.posted, 'value') }
    const problems = valueProblems(adminLanguage(c), values, false)
    const result = problems.length > 0 ? null : await checkBan(deps, values.kind as BanKind, values.value)
    if (!result?.ok) return list(c, { values, problems })
    const lang = adminLanguage(c)
    const scopes = await scopesIn(deps, lang)
    const hits = result.bans.map((row) => shownBan(row, scopes))
    return list(c, { values, check: { asked: values.value, hits } })
  })

  app.get('/new', async (c) => form(c, { scope: 'all' }, []))

  app.post('/new', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const values = Object.fromEntries(
      ['kind', 'value', 'scope', 'reason', 'source'].map((name) => [name, textOf(body.posted, name)]),
    ) as Record<'kind' | 'value' | 'scope' | 'reason' | 'source', string>
    const lang = adminLanguage(c)
    const w = banWords[lang]
    const reason = readBanRemark(values.reason)
    const source = readBanRemark(values.source)
    const problems = [
      ...valueProblems(lang, values, true),
      ...remarkProblem(lang, 'reason', w.reason, reason),
      ...remarkProblem(lang, 'source', w.source, source),
    ]
    if (problems.length > 0 || !reason.ok || !source.ok) return form(c, values, problems)
    const input = {
      kind: values.kind as BanKind,
      value: values.value,
      scope: values.scope,
      ...(reason.remark === '' ? {} : { reason: reason.remark }),
      ...(source.remark === '' ? {} : { source: source.remark }),
    }
    const result = await addBan(deps, input, `user:${currentUser(c)}`)
    if (result.ok) return c.redirect(`/admin/bans?done=${result.added ? 'added' : 'known'}`, 303)
    const message = result.field === 'scope' ? w.invalid.scope : w.invalid[input.kind]
    return form(c, values, [{ path: result.field, message }])
  })

  app.get('/:id', (c) => one(c, {}, []))

  app.post('/:id/lift', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const values = { requestedBy: textOf(body.posted, 'requestedBy'), reason: textOf(body.posted, 'reason') }
    const lang = adminLanguage(c)
    const requestedBy = readBanRemark(values.requestedBy)
    const reason = readBanRemark(values.reason)
    const problems = [
      ...remarkProblem(lang, 'requestedBy', banWords[lang].requestedBy, requestedBy, true),
      ...remarkProblem(lang, 'reason', banWords[lang].reason, reason, true),
    ]
    if (problems.length > 0 || !requestedBy.ok || !reason.ok) return one(c, values, problems)
    const request = { requestedBy: requestedBy.remark, reason: reason.remark }
    const result = await liftBan(deps, { id: c.req.param('id') }, request, `user:${currentUser(c)}`)
    return result.ok ? c.redirect('/admin/bans?done=lifted', 303) : one(c, values, [])
  })

  async function list(
    c: Context<Signed>,
    {
      values = { kind: 'email' },
      problems = [],
      check = null,
    }: { values?: Values; problems?: Problem[]; check?: BanCheck | null },
  ) {
    const { lang, ...props } = adminProps(c, deps)
    const scopes = await scopesIn(deps, lang)
    const rows = await recentBans(deps.store, PER_PAGE + 1, placeOf(c.req.query('before')))
    const last = rows[PER_PAGE - 1]
    const page = (
      <BansPage
        {...props}
        lang={lang}
        timeZone={timeZone}
        bans={rows.slice(0, PER_PAGE).map((row) => shownBan(row, scopes))}
        moreHref={
          rows.length > PER_PAGE && last ? `/admin/bans?before=${last.at}.${encodeURIComponent(last.id)}` : undefined
        }
        values={values}
        problems={problems}
        check={check}
        done={doneIn(lang, c.req.query('done'))}
      />
    )
    return adminPage(c, deps, page, problems.length > 0 ? 422 : 200)
  }

  async function form(c: Context<Signed>, values: Values, problems: Problem[]) {
    const { lang, ...props } = adminProps(c, deps)
    const scopes = choicesOf(await scopesIn(deps, lang))
    const page = <BanForm {...props} lang={lang} scopes={scopes} values={values} problems={problems} />
    return adminPage(c, deps, page, problems.length > 0 ? 422 : 200)
  }

  async function one(c: Context<Signed>, values: Values, problems: Problem[]) {
    const row = await banById(deps.store, c.req.param('id') ?? '')
    if (!row) return fail(c, deps, 404)
    const { lang, ...props } = adminProps(c, deps)
    const ban = shownBan(row, await scopesIn(deps, lang))
    const page = <BanView {...props} lang={lang} timeZone={timeZone} ban={ban} values={values} problems={problems} />
    return adminPage(c, deps, page, problems.length > 0 ? 422 : 200)
  }

  function valueProblems(
    lang: Language,
    { kind, value }: { kind: string; value: string },
    guarded: boolean,
  ): Problem[] {
    const { invalid } = banWords[lang]
    const known = banKinds.find((one) => one === kind)
    if (!known) return [{ path: 'kind', message: invalid.kind }]
    const read = parseBanValue(known, value, { allowReserved: deps.config.allowReservedDomains })
    if (!read.ok) return [{ path: 'value', message: invalid[known] }]
    return guarded && read.guarded !== null ? [{ path: 'value', message: invalid.guarded }] : []
  }

  return app
}

/** `<at>.<id>` of the last ban of the page before. */
function placeOf(text = ''): { at: number; id: string } | null {
  const [, at, id] = /^(\d{1,15})\.(.+)$/.exec(text) ?? []
  return at !== undefined && id !== undefined ? { at: Number(at), id } : null
}

function remarkProblem(
  lang: Language,
  path: string,
  label: string,
  read: ReturnType<typeof readBanRemark>,
  isNeeded = false,
): Problem[] {
  const { invalid } = banWords[lang]
  if (read.ok && (read.remark !== '' || !isNeeded)) return []
  return [{ path, message: !read.ok && read.fault === 'address' ? invalid.address(label) : invalid.remark(label) }]
}

/** What the last action did; whatever else stands in the address says nothing. */
function doneIn(lang: Language, key: string | undefined): string | undefined {
  const { done } = banWords[lang]
  return key !== undefined && Object.hasOwn(done, key) ? done[key] : undefined
}
