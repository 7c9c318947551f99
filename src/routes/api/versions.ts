import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { problem } from '../errors.tsx'

/** Whoever changes a thing may say which version of it they saw (RFC 9110 §13.1.1); in milliseconds, null = any. */
export const ifMatch = z.object({
  'if-match': z
    .string()
    .regex(/^(?:\*|"\d{1,16}")$/, 'send the ETag as it came')
    .optional()
    .transform((tag) => (tag === undefined || tag === '*' ? null : Number(tag.slice(1, -1))))
    .openapi({ type: 'string', description: 'The ETag that was seen; 412 when the thing has changed since.' }),
})

export function setETag(c: Context, updatedAt: number) {
  c.header('ETag', `"${updatedAt}"`)
}

export function staleAnswer(c: Context) {
  return problem(c, 412, 'It has changed since', {
    detail: 'Read it again: somebody changed it after the version that If-Match names.',
  })
}
