import { OpenAPIHono, createRoute, z, type RouteConfig } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Deps } from '../../deps.ts'
import type { ApiScope } from '../../rules/apiScopes.ts'
import { onlyThese, problem, type FieldError } from '../errors.tsx'
import { answerOnce } from './answerOnce.ts'
import { acceptable, allowed, multipart, readable, type ApiEnv } from './guards.ts'
import { pathText } from './strictJson.ts'

export type ApiContext = Context<ApiEnv>

type Config = Omit<RouteConfig, 'security' | 'middleware'> & {
  /** `false` for a POST that only reads, and may be sent twice without a key. */
  once?: boolean
  /** Bytes that a multipart body may have; such an operation reads it itself (upload.ts). */
  upload?: number
  /** The operation reads its body as it comes: it knows its media types and limits, and answers once by itself. */
  streams?: boolean
}
/** What handlers are typed by: their input exactly, their answers as plain responses (the test of the document checks those). */
type Operation<R extends Config> = Omit<R, 'responses' | 'once' | 'upload' | 'streams'> & {
  responses: { 200: { description: string } }
}

/** A router whose refusals of wrong input are problem details, one line for each field. */
export function newApi(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    strict: true,
    defaultHook: (result, c) => (result.success ? undefined : invalid(c, result.error.issues.flatMap(errorsOf))),
  })
}

/** The way to make an operation: documented, guarded by its scope, strict in what it reads, safe to send twice. */
export function operations(deps: Deps) {
  return <const R extends Config>(scope: ApiScope, given: R) => {
    const { once = true, upload, streams = false, ...config }: Config = given
    const { method, request } = config
    const readers =
      upload === undefined
        ? [readable(request?.body ? 'json' : 'nothing')]
        : [multipart, bodyLimit({ maxSize: upload })]
    const middleware: MiddlewareHandler<ApiEnv>[] = [
      allowed(scope),
      acceptable(offered(config.responses)),
      ...(streams ? [] : readers),
      ...(method === 'post' && once && !streams ? [answerOnce(deps)] : []),
    ]
    const route = createRoute({
      ...config,
      request: { query: nothing, ...(method === 'post' && once ? { headers: onceHeader } : {}), ...request },
      responses: { ...config.responses, ...refusals(config) },
      security: [{ key: [] }],
      'x-scope': scope,
      middleware,
    })
    return route as unknown as Operation<R>
  }
}

const nothing = z.strictObject({})
const onceHeader = z.object({
  'idempotency-key': z.string().optional().openapi({
    description: '1 to 255 visible ASCII characters: the same key and body have one effect and one answer for a day.',
  }),
})

function offered(responses: Config['responses']): string[] {
  const types = Object.values(responses).flatMap((response) =>
    'content' in response && response.content ? Object.keys(response.content) : [],
  )
  return types.length > 0 ? [...new Set(types)] : ['application/json']
}

/** A JSON body that the operation needs. */
export function body<T extends z.ZodType>(schema: T) {
  return { content: { 'application/json': { schema } }, required: true } as const
}

/** A JSON answer. */
export function answer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } }
}

const problemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string(),
  })
  .openapi('Problem')

function refusals({ method, path }: Config) {
  const refusal = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problemDetails } },
  })
  return {
    401: refusal('No key, or none that is in force.'),
    403: refusal('The key lacks the scope.'),
    ...(path.includes('{') || method === 'delete' ? { 404: refusal('There is no such thing.') } : {}),
    406: refusal('The Accept header excludes what this answers with.'),
    ...(method !== 'get'
      ? {
          400: refusal('The body cannot be read.'),
          409: refusal('The state stands in the way, or the first request with this Idempotency-Key still runs.'),
          ...(method === 'patch' ? { 412: refusal('It has changed since the version that If-Match names.') } : {}),
          413: refusal('The body is too large.'),
          415: refusal('The body has another media type.'),
        }
      : {}),
    422: refusal('The content is not valid; each error names its field and the mend.'),
    503: refusal('The database cannot work just now; come again after Retry-After.'),
  }
}

/** 422 with a line for each field. */
export function invalid(c: Context, errors: readonly FieldError[]) {
  return problem(c, 422, 'The content is not valid', { errors })
}

/** 404 for an id that names nothing (any more). */
export function missing(c: Context, what: string) {
  return problem(c, 404, 'Not found', { detail: `There is no such ${what}.` })
}

function errorsOf(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: 'There is no such field here: take it out.',
    }))
  }
  return [{ path: pathText(issue.path), message: issue.message }]
}

/** For every path with operations: its other methods are 405, and OPTIONS says which there are. */
export function refuseOtherMethods(api: OpenAPIHono<ApiEnv>, deps: Deps) {
  const methods = new Map<string, string[]>()
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { path, method } = definition.route
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase(), ...(method === 'get' ? ['HEAD'] : [])])
  }
  for (const [path, allow] of methods)
    api.all(path.replaceAll(/\{(.+?)\}/g, ':$1'), onlyThese(deps, [...allow, 'OPTIONS'].join(', ')))
}

/** For the ledger. */
export function actorOf(c: ApiContext): string {
  return `api:${c.get('caller').keyId}`
}

/** The same deps, whose new ids are those of the request's Idempotency-Key where it has one. */
export function depsOf(c: ApiContext, deps: Deps): Deps {
  const turn = c.get('turn')
  return turn ? { ...deps, id: turn.id } : deps
}
