import { z } from '@hono/zod-openapi'
import { addForm, changeForm, type SaveFormResult } from '../../actions/saveForm.ts'
import type { Deps } from '../../deps.ts'
import { formDefinition } from '../../rules/form.ts'
import { formOf, listForms, type Form } from '../../store/forms.ts'
import { problem } from '../errors.tsx'
import { actorOf, answer, body, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage } from './paging.ts'
import { byId, language, slug } from './shapes.ts'

const tags = ['forms']
const kind = z.enum(['signup', 'contact', 'feedback', 'registration'])

const newForm = z.strictObject({ id: slug, kind: kind.default('signup'), ...formDefinition.shape }).openapi('NewForm')
const form = z
  .looseObject({
    id: z.string(),
    kind,
    topics: z.array(z.string()),
    languages: z.array(language),
    wordings: z.record(z.string(), z.string()),
  })
  .openapi('Form')

/** The forms by which people sign up. */
export function formRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/forms',
      tags,
      summary: 'List forms',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page, by id.', page(form)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), 'forms', ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const ids = await listForms(deps.store, String(read.after?.[0] ?? ''), read.limit + 1)
      const forms = (await Promise.all(ids.map((id) => formOf(deps, id)))).filter((one) => one !== null)
      return c.json(pageOf(forms, read.limit, 'forms', ({ id }) => [id], showForm))
    },
  )

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/forms/{id}',
      tags,
      summary: 'A form with the wordings it shows now',
      request: { params: byId },
      responses: { 200: answer('The form.', form) },
    }),
    async (c) => {
      const found = await formOf(deps, c.req.valid('param').id)
      return found ? c.json(showForm(found)) : missing(c, 'form')
    },
  )

  api.openapi(
    operation('settings:write', {
      method: 'post',
      path: '/forms',
      tags,
      summary: 'Add a form; it is at /f/{id}',
      request: { body: body(newForm) },
      responses: { 200: answer('It was there.', form), 201: answer('Added.', form) },
    }),
    async (c) => {
      const { id, kind: of, ...definition } = c.req.valid('json')
      return saved(c, await addForm(deps, { id, kind: of, definition }, actorOf(c)))
    },
  )

  api.openapi(
    operation('settings:write', {
      method: 'patch',
      path: '/forms/{id}',
      tags,
      summary: 'Change what is given of a form',
      request: { params: byId, body: body(formDefinition.partial().openapi('FormPatch')) },
      responses: { 200: answer('The changed form.', form) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const known = await formOf(deps, id)
      if (!known) return missing(c, 'form')
      // Of a field that was left out the schema makes its default; here it means that the field stays as it is.
      const given = Object.keys(await c.req.json<object>())
      const changes = Object.entries(c.req.valid('json')).filter(([name]) => given.includes(name))
      const definition = formDefinition.parse({ ...known.definition, ...Object.fromEntries(changes) })
      return saved(c, await changeForm(deps, id, definition, actorOf(c)))
    },
  )

  function saved(c: ApiContext, result: SaveFormResult) {
    if (result.ok) return c.json(showForm(result.form), result.added ? 201 : 200)
    if (!('errors' in result)) return missing(c, 'form')
    const errors = result.errors.map(({ path, message }) => ({ path, message }))
    return result.kind === 'invalid' ? invalid(c, errors) : problem(c, 409, 'The id is taken', { errors })
  }

  return api
}

function showForm({ id, kind: of, definition, current }: Form) {
  const wordings = Object.fromEntries(Object.entries(current).map(([lang, { text }]) => [lang, text]))
  return { id, kind: of, ...definition, wordings }
}
