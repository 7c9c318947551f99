import { z } from '@hono/zod-openapi'
import { addTopic } from '../../actions/addTopic.ts'
import type { Deps } from '../../deps.ts'
import { purposeKeys } from '../../rules/register.ts'
import { allTopics } from '../../store/topics.ts'
import { problem } from '../errors.tsx'
import { actorOf, answer, body, newApi, operations } from './operation.ts'
import { page } from './paging.ts'
import { slug } from './shapes.ts'

const tags = ['forms']
const texts = z.strictObject({
  fi: z.string().trim().min(1).max(200),
  sv: z.string().trim().min(1).max(200),
  en: z.string().trim().min(1).max(200),
})
const newTopic = z
  .strictObject({
    id: slug,
    purpose: z.enum(purposeKeys),
    kind: z.enum(['newsletter', 'price_list', 'survey', 'event']),
    names: texts,
  })
  .openapi('NewTopic')
const topic = newTopic.extend({ listId: z.string() }).openapi('Topic')

/** What a person can subscribe to or leave. */
export function topicRoutes(deps: Deps) {
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
      const errors = [
        {
          path: 'id',
          message: `There is such a topic, of purpose ${result.taken.purpose} and kind ${result.taken.kind}.`,
        },
      ]
      return problem(c, 409, 'The id is taken', { errors })
    },
  )

  return api
}
