import { Hono, type Context } from 'hono'
import { ban } from '../../actions/ban.ts'
import { changeContact } from '../../actions/changeContact.ts'
import type { ContactPatch } from '../../actions/contactColumns.ts'
import { erase } from '../../actions/erase.ts'
import type { Deps } from '../../deps.ts'
import { readBanRemark } from '../../rules/banRemark.ts'
import { readContactRecord, type FieldFault } from '../../rules/contactRecord.ts'
import { contactById } from '../../store/contacts.ts'
import type { ContactRow } from '../../store/tables.ts'
import {
  ContactEdit,
  ContactErase,
  contactFields,
  ContactObjection,
} from '../../templates/pages/admin/contactForms.tsx'
import type { Problem } from '../../templates/pages/fields.tsx'
import { banWords } from '../../templates/words/admin/bans.ts'
import { contactWords } from '../../templates/words/admin/contacts.ts'
import { words, type Language } from '../../templates/words/index.ts'
import { readBody, textOf } from '../body.ts'
import { fail } from '../errors.tsx'
import { adminLanguage, adminPage, adminProps, currentUser, type Signed } from './page.tsx'
import { choicesOf, scopesIn } from './shownBans.ts'

const texts = [
  'email',
  'name',
  'company',
  'title',
  'phone',
  'language',
  'addressClass',
  'externalId',
  'source',
] as const
type Typed = Record<(typeof texts)[number], string>

/** Acting on one person: correcting, recording a ban, restricting, erasing. */
export function contactEditScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const actor = (c: Context<Signed>) => `user:${currentUser(c)}`
  const shown = (c: Context<Signed>) => contactById(deps.store, c.req.param('id') ?? '')
  const back = (c: Context<Signed>, done: string) =>
    c.redirect(`/admin/contacts/${c.req.param('id')}?done=${done}`, 303)

  app.get('/:id/edit', async (c) => {
    const row = await shown(c)
    return row ? edit(c, row, typedOf(row), String(row.updated_at), []) : fail(c, deps, 404)
  })

  app.post('/:id/edit', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const row = await shown(c)
    if (!row) return fail(c, deps, 404)
    const typed = Object.fromEntries(texts.map((name) => [name, textOf(body.posted, name)])) as Typed
    const seen = textOf(body.posted, 'seen')
    const lang = adminLanguage(c)
    const patch = changesOf(typed, typedOf(row))
    const read = readContactRecord(patch, { allowReserved: deps.config.allowReservedDomains })
    if (!read.ok) return edit(c, row, typed, seen, faultsIn(lang, read.errors))
    const result = await changeContact(deps, row.id, patch, Number(seen), actor(c))
    if (result.ok) return back(c, 'saved')
    if (result.kind === 'missing') return fail(c, deps, 404)
    const { invalid } = contactWords[lang]
    if (result.kind === 'stale')
      return edit(c, row, typed, String(row.updated_at), [{ path: '', message: invalid.stale }])
    const message = ({ path }: FieldFault) =>
      result.kind === 'invalid'
        ? invalid.notHeld(labelOf(lang, path))
        : path === 'email'
          ? invalid.taken
          : invalid.takenId
    const problems = result.errors.map((error) => ({ path: error.path, message: message(error) }))
    return edit(c, row, typed, seen, problems)
  })

  app.get('/:id/object', async (c) => {
    const row = await shown(c)
    return row ? objection(c, row, { scope: 'all', reason: '' }, []) : fail(c, deps, 404)
  })

  app.post('/:id/object', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const row = await shown(c)
    if (!row) return fail(c, deps, 404)
    const values = { scope: textOf(body.posted, 'scope'), reason: textOf(body.posted, 'reason') }
    const w = banWords[adminLanguage(c)]
    const reason = readBanRemark(values.reason)
    if (!reason.ok)
      return objection(c, row, values, [
        {
          path: 'reason',
          message: reason.fault === 'address' ? w.invalid.address(w.reason) : w.invalid.remark(w.reason),
        },
      ])
    const given = reason.remark === '' ? {} : { reason: reason.remark }
    const result = await ban(deps, { kind: 'email', value: row.address, scope: values.scope, ...given }, actor(c))
    return result.ok ? back(c, 'banned') : objection(c, row, values, [{ path: 'scope', message: w.invalid.scope }])
  })

  app.post('/:id/restrict', (c) => restrict(c, true))
  app.post('/:id/unrestrict', (c) => restrict(c, false))

  app.get('/:id/erase', async (c) => {
    const row = await shown(c)
    if (!row) return fail(c, deps, 404)
    return adminPage(c, deps, <ContactErase {...adminProps(c, deps)} id={row.id} name={row.name ?? row.address} />)
  })

  app.post('/:id/erase', async (c) => {
    const erased = await erase(deps, c.req.param('id'), actor(c))
    return erased ? c.redirect('/admin/contacts?done=erased', 303) : fail(c, deps, 404)
  })

  async function restrict(c: Context<Signed>, restricted: boolean) {
    const result = await changeContact(deps, c.req.param('id') ?? '', { restricted }, null, actor(c))
    return result.ok ? back(c, restricted ? 'restricted' : 'unrestricted') : fail(c, deps, 404)
  }

  function edit(c: Context<Signed>, row: ContactRow, values: Typed, seen: string, problems: Problem[]) {
    const props = { ...adminProps(c, deps), id: row.id, name: row.name ?? row.address, values, seen, problems }
    return adminPage(c, deps, <ContactEdit {...props} />, problems.length > 0 ? 422 : 200)
  }

  async function objection(c: Context<Signed>, row: ContactRow, values: Record<string, string>, problems: Problem[]) {
    const own = adminProps(c, deps)
    const scopes = choicesOf(await scopesIn(deps, own.lang))
    const props = { ...own, id: row.id, name: row.name ?? row.address, values, problems, scopes }
    return adminPage(c, deps, <ContactObjection {...props} />, problems.length > 0 ? 422 : 200)
  }

  return app
}

function typedOf(row: ContactRow): Typed {
  return {
    email: row.address,
    name: row.name ?? '',
    company: row.company_name ?? '',
    title: row.title ?? '',
    phone: row.phone ?? '',
    language: row.language,
    addressClass: row.class_by === null ? '' : row.class,
    externalId: row.external_id ?? '',
    source: row.source,
  }
}

/** Only what became another value: what stands there already need not be allowed anew. An emptied field is taken away. */
function changesOf(typed: Typed, before: Typed): ContactPatch {
  const changed = texts.filter((name) => typed[name] !== before[name])
  const patch: Record<string, string | null> = {}
  for (const name of changed)
    patch[name] = typed[name] === '' && name !== 'email' && name !== 'source' ? null : typed[name]
  if (!isLanguage(typed.language)) delete patch['language']
  if (typed.addressClass !== '' && !Object.hasOwn(contactWords.fi.classes, typed.addressClass))
    delete patch['addressClass']
  return patch as ContactPatch
}

function isLanguage(text: string): text is Language {
  return text === 'fi' || text === 'sv' || text === 'en'
}

function faultsIn(lang: Language, errors: readonly FieldFault[]): Problem[] {
  const { invalid } = words[lang]
  return errors.map(({ path }) => {
    const label = labelOf(lang, path)
    if (path === 'email' || path === 'phone') return { path, message: invalid[path](label) }
    return { path, message: contactWords[lang].invalid.text(label) }
  })
}

function labelOf(lang: Language, path: string): string {
  return contactFields(lang).find(({ name }) => name === path)?.label ?? path
}
