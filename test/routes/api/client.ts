import { z } from 'zod'
import { addApiKey } from '../../../src/actions/apiKeys.ts'
import type { ApiScope } from '../../../src/rules/apiScopes.ts'
import type { TestApp } from '../../app.ts'

/** Whatever it may be: the schema of the answer was looked at. */
type Json = ReturnType<typeof JSON.parse>
export type Answer = { status: number; json: Json; text: string; headers: Headers }
export type Document = {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, object> }
}
type Described = {
  'x-scope': ApiScope
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}

/**
 * Calls the JSON API with every right. Each answer is held against what the OpenAPI document says of that operation, so that
 * the document cannot say otherwise than the code.
 */
export async function clientOf(app: TestApp) {
  const document = (await (await app.request('/openapi.json')).json()) as Document
  const check = checker(document)
  return {
    document,
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const given = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
      const type = body === undefined ? {} : { 'Content-Type': 'application/json' }
      const response = await app.request(`/api/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${app.apiKey}`, ...type, ...headers },
        ...given,
      })
      return check(method, path, await read(response))
    },
    async upload(
      path: string,
      name: string,
      bytes: Uint8Array | string,
      headers: Record<string, string> = {},
    ): Promise<Answer> {
      const form = new FormData()
      form.append('file', new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name))
      const response = await app.request(`/api/v1${path}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${app.apiKey}`, ...headers },
        body: form,
      })
      return check('POST', path, await read(response))
    },
  }
}

export type Client = Awaited<ReturnType<typeof clientOf>>

export async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
  return {
    status: response.status,
    json: isJson && text !== '' ? JSON.parse(text) : null,
    text,
    headers: response.headers,
  }
}

/** A key with these rights and no other. */
export async function keyWith(app: TestApp, ...scopes: ApiScope[]): Promise<string> {
  return (await addApiKey(app.deps, 'test', scopes)).key
}

function checker({ paths, components }: Document) {
  const $defs = JSON.parse(
    JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as Record<string, Json>
  const schemas = new Map<object, z.ZodType>()
  const schemaOf = (schema: object) => {
    const made =
      schemas.get(schema) ??
      z.fromJSONSchema({
        ...(JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')) as object),
        $defs,
      })
    schemas.set(schema, made)
    return made
  }
  return (method: string, path: string, answer: Answer): Answer => {
    const plain = `/api/v1${path.split('?')[0] ?? ''}`
    const template = Object.keys(paths)
      .toSorted((a, b) => a.split('{').length - b.split('{').length)
      .find((candidate) => new RegExp(`^${candidate.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain))
    const operation = template === undefined ? undefined : paths[template]?.[method.toLowerCase()]
    if (!operation) return answer
    const described = operation.responses[answer.status]
    if (!described)
      throw new Error(`${method} ${path} answers ${answer.status}, which its document does not say: ${answer.text}`)
    const schema = Object.values(described.content ?? {})[0]?.schema
    if (schema && answer.json !== null) {
      const read = schemaOf(schema).safeParse(answer.json)
      if (!read.success)
        throw new Error(`${method} ${path} ${answer.status} is not as documented: ${read.error.message}`)
    }
    return answer
  }
}
