import { z } from '@hono/zod-openapi'
import { addForm, addWording, changeForm, type SaveFormResult } from '../../actions/saveForm.ts'
import { addTopic } from '../../actions/addTopic.ts'
import type { Deps } from '../../deps.ts'
import { formDefinition } from '../../rules/form.ts'
import { purposeKeys } from '../../rules/register.ts'
import { formOf, listForms, listWordings, type Form } from '../../store/forms.ts'
import { allTopics } from '../../store/topics.ts'
import { problem } from '../errors.tsx'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'

const tags = ['forms']
const params = z.object({ id: z.string() })
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use a–z, 0–9 and -, 40 at most: it stands in addresses')
const texts = z.strictObject({ fi: z.string().trim().min(1).max(200), sv: z.string().trim().min(1).max(200), en: z.string().trim().min(1).max(200) })
const language = z.enum(['fi', 'sv', 'en'])
const kind = z.enum(['signup', 'contact', 'feedback', 'registration'])

const newTopic = z
  .strictObject({ id: slug, purpose: z.enum(purposeKeys), kind: z.enum(['newsletter', 'price_list', 'survey', 'event']), names: texts })
  .openapi('NewTopic')
const topic = newTopic.extend({ listId: z.string() }).openapi('Topic')

const newForm = z.strictObject({ id: slug, kind: kind.default('signup'), ...formDefinition.shape }).openapi('NewForm')
const form = z.looseObject({ id: z.string(), kind, topics: z.array(z.string()), languages: z.array(language), wordings: z.record(z.string(), z.string()) }).openapi('Form')

const newWording = z.strictObject({ formId: z.string().max(64), language, text: z.string() }).openapi('NewWording')
const wording = z
  .object({ id: z.string(), formId: z.string(), language, text: z.string(), sha256: z.string(), createdAt: z.iso.datetime() })
  .openapi('Wording')

/** Topics, the forms that offer them, and the words with which forms ask. */
export function formRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/topics',
      tags,
      summary: 'What a person can subscribe to or leave',
      responses: { 200: answer('All of them.', page(topic)) },
    }),
    async (c) => c.json({ items: await allTopics(deps), nextCursor: null }),
  )

  api.openapi(
    operation('settings:write', {
      method: 'post',
      path: '/topics',
      tags,
      summary: 'Add a topic; its purpose, kind and List-Id never change',
      request: { body: body(newTopic) },
      responses: { 200: answer('It was there.', topic), 201: answer('Added.', topic) },
    }),
    async (c) => {
      const result = await addTopic(deps, c.req.valid('json'), actorOf(c))
      if (result.ok) return c.json(result.topic, result.added ? 201 : 200)
      const errors = [{ path: 'id', message: `There is such a topic, of purpose ${result.taken.purpose} and kind ${result.taken.kind}.` }]
      return problem(c, 409, 'The id is taken', { errors })
    },
  )

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
      request: { params },
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
      request: { params, body: body(z.strictObject(givenShape)) },
      responses: { 200: answer('The changed form.', form) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const known = await formOf(deps, id)
      if (!known) return missing(c, 'form')
      const definition = formDefinition.parse({ ...known.definition, ...c.req.valid('json') })
      return saved(c, await changeForm(deps, id, definition, actorOf(c)))
    },
  )

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/wordings',
      tags,
      summary: 'List every wording that forms ever showed',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page, by id.', page(wording)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), 'wordings', ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const rows = await listWordings(deps.store, String(read.after?.[0] ?? ''), read.limit + 1)
      const show = (row: (typeof rows)[number]) => ({ id: row.id, formId: row.form_id, language: row.language, text: row.text, sha256: row.sha256, createdAt: time(row.created_at) })
      return c.json(pageOf(rows, read.limit, 'wordings', ({ id }) => [id], show))
    },
  )

  api.openapi(
    operation('settings:write', {
      method: 'post',
      path: '/wordings',
      tags,
      summary: 'Add a wording, which its form shows from now on',
      request: { body: body(newWording) },
      responses: { 201: answer('Added.', z.object({ id: z.string(), text: z.string() }).openapi('AddedWording')) },
    }),
    async (c) => {
      const result = await addWording(depsOf(c, deps), c.req.valid('json'), actorOf(c))
      return result.ok ? c.json({ id: result.id, text: result.text }, 201) : invalid(c, result.errors)
    },
  )

  function saved(c: ApiContext, result: SaveFormResult) {
    if (result.ok) return c.json(showForm(result.form), result.added ? 201 : 200)
    if (result.kind === 'missing') return missing(c, 'form')
    return result.kind === 'invalid' ? invalid(c, result.errors) : problem(c, 409, 'The id is taken', { errors: result.errors })
  }

  return api
}

/** The fields of a definition, none of them needed and none filled in. */
const givenShape = Object.fromEntries(
  Object.entries(formDefinition.shape).map(([name, schema]) => [name, (schema instanceof z.ZodDefault ? schema.unwrap() : schema).optional()]),
) as { [K in keyof typeof formDefinition.shape]: z.ZodOptional<z.ZodType> }

function showForm({ id, kind: of, definition, current }: Form) {
  const wordings = Object.fromEntries(Object.entries(current).map(([lang, { text }]) => [lang, text]))
  return { id, kind: of, ...definition, wordings }
}
