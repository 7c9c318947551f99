import type { OpenAPIHono } from '@hono/zod-openapi'
import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { ReferencePage, type ReferenceOperation } from '../../templates/pages/reference.tsx'
import { page, pageProps } from '../page.tsx'
import type { ApiEnv } from './guards.ts'

/** Where the API is mounted. */
const ROOT = '/api/v1'

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>
type Paths = NonNullable<Document['paths']>

/** What the API is, for programs and for people; made from the very routes that answer, and public. */
export function referenceRoutes(deps: Deps, api: OpenAPIHono<ApiEnv>): Hono {
  const app = new Hono()
  let made: Document | undefined
  /** Made when it is first asked for: starting takes no time for it. */
  const document = () => (made ??= describe(api))

  app.get('/openapi.json', (c) => {
    c.header('Access-Control-Allow-Origin', '*')
    c.header('X-Content-Type-Options', 'nosniff')
    return c.json(document())
  })

  app.get('/api', (c) => c.redirect('/api/reference'))

  app.get('/api/reference', (c) => {
    const schemas = Object.entries(document().components?.schemas ?? {}).map(([name, schema]) => ({
      name,
      text: text(schema),
    }))
    const { languages: _, ...props } = pageProps(c, deps, 'en')
    return page(c, deps, <ReferencePage {...props} groups={groups(document().paths ?? {})} schemas={schemas} />)
  })

  return app
}

/** The OpenAPI document of the routes. */
export function describe(api: OpenAPIHono<ApiEnv>): Document {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Postilupa',
      version: '1',
      description: 'Marketing consent and newsletters: every message asks the ban list last.',
    },
  })
  const paths = Object.fromEntries(Object.entries(document.paths ?? {}).map(([path, item]) => [`${ROOT}${path}`, item]))
  const securitySchemes = { key: { type: 'http' as const, scheme: 'bearer' } }
  return { ...document, paths, components: { ...document.components, securitySchemes } }
}

function groups(paths: Paths) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Described>).map(([method, operation]) => ({
      group: operation.tags?.[0] ?? 'other',
      operation: read(method, path, operation),
    })),
  )
  const byGroup = Map.groupBy(operations, ({ group }) => group)
  return [...byGroup].map(([name, members]) => ({ name, operations: members.map(({ operation }) => operation) }))
}

/** As much of an operation as the page shows. */
type Described = {
  tags?: string[]
  summary?: string
  description?: string
  'x-scope'?: string
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: object }[]
  requestBody?: { content: Record<string, { schema?: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>
}

function read(method: string, path: string, operation: Described): ReferenceOperation {
  const schemaOf = (content?: Record<string, { schema?: object }>) => Object.values(content ?? {})[0]?.schema
  const body = schemaOf(operation.requestBody?.content)
  return {
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    description: operation.description,
    scope: operation['x-scope'] ?? '',
    parameters: (operation.parameters ?? []).map((parameter) => ({
      name: parameter.name,
      where: parameter.in,
      required: parameter.required ?? false,
      about: parameter.description ?? '',
    })),
    body: body && text(body),
    answers: Object.entries(operation.responses).map(([status, { description, content }]) => {
      const schema = status.startsWith('2') ? schemaOf(content) : undefined
      return { status, about: description, schema: schema && text(schema) }
    }),
  }
}

function text(schema: object): string {
  return JSON.stringify(schema, null, 2)
}
