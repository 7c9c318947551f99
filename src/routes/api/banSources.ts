import { z } from '@hono/zod-openapi'
import { sourceStates, type SourceState } from '../../actions/sourceStates.ts'
import { syncBanSource } from '../../actions/syncBanSource.ts'
import type { Deps } from '../../deps.ts'
import { banFaultWords } from '../../templates/words/banFaults.ts'
import { answer, missing, newApi, operations } from './operation.ts'
import { page, time } from './paging.ts'

const tags = ['bans']
const source = z
  .object({
    name: z.string(),
    kind: z.enum(['file', 'http']),
    required: z.boolean().openapi({ description: 'Marketing and research wait while it is not fresh.' }),
    fetchedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'The last good version; of a file, when it was written.' }),
    triedAt: z.iso.datetime().nullable(),
    maxAge: z.int().openapi({ description: 'seconds' }),
    fresh: z.boolean(),
    sequence: z.int().nullable(),
    entries: z.int().nullable(),
    error: z.string().nullable().openapi({ description: 'Why the last attempt failed, with the mend.' }),
  })
  .openapi('BanSource')

/** Outside ban registers: how they stand, and fetching them now. */
export function banSourceRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('bans:read', {
      method: 'get',
      path: '/ban-sources',
      tags,
      summary: 'Where bans come from, and whether each source is fresh',
      responses: { 200: answer('All of them.', page(source)) },
    }),
    async (c) => c.json({ items: (await sourceStates(deps)).map(shown), nextCursor: null }),
  )

  api.openapi(
    operation('bans:write', {
      method: 'post',
      path: '/ban-sources/{name}/sync',
      tags,
      summary: 'Fetch a source now',
      description: 'Answers after the attempt: `error` is null when it went well. Twice does no harm.',
      once: false,
      request: { params: z.object({ name: z.string() }) },
      responses: { 200: answer('How the source stands now.', source) },
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      const result = await syncBanSource(deps, name)
      const state = (await sourceStates(deps)).find((one) => one.name === name)
      return result && state ? c.json(shown(state)) : missing(c, 'ban source')
    },
  )

  return api
}

function shown({ name, kind, required, maxAge, fresh, sequence, entries, ...state }: SourceState) {
  return {
    name,
    kind,
    required,
    fetchedAt: time(state.fetchedAt),
    triedAt: time(state.triedAt),
    maxAge: maxAge / 1000,
    fresh,
    sequence,
    entries,
    error: state.fault && banFaultWords('en', state.fault),
  }
}
