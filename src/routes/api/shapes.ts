import { z } from '@hono/zod-openapi'

/** The path of one thing. */
export const byId = z.object({ id: z.string() })
export const language = z.enum(['fi', 'sv', 'en'])
/** An id that people choose. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use a–z, 0–9 and -, 40 at most: it stands in addresses')
/** Something to be said of a field, with its place in a text where it has one. */
export const remark = z.object({
  path: z.string(),
  message: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
})
