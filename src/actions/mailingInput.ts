import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { checkContent, type Content } from '../mail/content.ts'
import { parseEmail } from '../rules/address.ts'
import type { PurposeKey } from '../rules/register.ts'
import type { Audience } from '../store/mailings.ts'
import { segmentById } from '../store/segments.ts'
import type { MailingRow } from '../store/tables.ts'
import { priceColumns, priceFault, priceFields, pricesOf } from './mailingPrices.ts'
import { surveyColumns, surveyFault, surveyFields, surveyOf } from './mailingSurvey.ts'

export const mailingInput = z.strictObject({
  kind: z.enum(['newsletter', 'price_list', 'survey', 'event']),
  topic: z.string().min(1).max(64),
  subject: z.string(),
  content: z.strictObject({ format: z.enum(['markdown', 'mjml']), body: z.string() }),
  audience: z
    .strictObject({
      languages: z
        .array(z.enum(['fi', 'sv', 'en']))
        .min(1)
        .optional(),
      priceGroups: z.array(z.string().min(1).max(64)).min(1).max(500).optional(),
      companies: z.array(z.string().min(1).max(64)).min(1).max(5000).optional(),
      segment: z.string().min(1).max(64).optional(),
    })
    .optional(),
  from: z.strictObject({ name: z.string().min(1).max(200), address: z.string() }).optional(),
  replyTo: z.string().optional(),
  ...surveyFields,
  ...priceFields,
})

export type MailingInput = z.infer<typeof mailingInput>
export type InputError = { path: string; message: string; line?: number; column?: number }
export const noSegment = {
  path: 'audience.segment',
  message: 'There is no such segment; GET /api/v1/segments lists them.',
}

/** Judges a whole mailing without keeping it: its columns, or what is wrong with it. */
export async function readInput(deps: Deps, input: MailingInput) {
  const refuse = (path: string, message: string) => ({
    ok: false as const,
    status: 422 as const,
    errors: [{ path, message }],
  })
  const topic = await deps.store.db
    .selectFrom('topics')
    .select(['purpose', 'kind'])
    .where('id', '=', input.topic)
    .executeTakeFirst()
  if (!topic) return refuse('topic', 'There is no such topic; GET /api/v1/topics lists them.')
  if (topic.kind !== input.kind)
    return refuse(
      'kind',
      `The topic ${input.topic} is for mailings of kind ${topic.kind}; choose that kind or another topic.`,
    )
  for (const [path, address] of [
    ['from.address', input.from?.address],
    ['replyTo', input.replyTo],
  ] as const) {
    if (address === undefined) continue
    const email = parseEmail(address, { allowReserved: true })
    if (!email.ok) return refuse(path, email.error)
  }
  if (input.audience?.segment !== undefined && !(await segmentById(deps.store, input.audience.segment)))
    return refuse(noSegment.path, noSegment.message)
  const fault = (await surveyFault(deps, input)) ?? (await priceFault(deps, input))
  if (fault) return refuse(fault.path, fault.message)
  const allowed = deps.register.purposes[topic.purpose as PurposeKey].fields
  const survey = input.kind === 'survey'
  const checked = await checkContent({ ...input.content, subject: input.subject }, allowed, {
    survey,
    prices: input.kind === 'price_list',
  })
  if (!checked.ok) return { ok: false as const, status: 422 as const, errors: checked.errors }
  const columns = {
    kind: input.kind,
    class: survey ? ('research' as const) : ('marketing' as const),
    purpose: topic.purpose,
    topic: input.topic,
    subject: input.subject,
    format: input.content.format,
    body: input.content.body,
    content: JSON.stringify(checked.content satisfies Content),
    audience: JSON.stringify(input.audience ?? {}),
    sender: JSON.stringify({ from: input.from, replyTo: input.replyTo }),
    ...surveyColumns(input),
    ...priceColumns(input),
  }
  return { ok: true as const, columns, content: checked.content }
}

/** A stored mailing as the input it was made from. */
export function inputOf(row: MailingRow): MailingInput {
  const sender = JSON.parse(row.sender) as Pick<MailingInput, 'from' | 'replyTo'>
  return {
    kind: row.kind,
    topic: row.topic,
    subject: row.subject,
    content: { format: row.format as MailingInput['content']['format'], body: row.body },
    audience: unfrozen(row.audience) as NonNullable<MailingInput['audience']>,
    ...sender,
    ...surveyOf(row),
    ...pricesOf(row),
  }
}

/** The audience as it was chosen, without what its segment said when the mailing was scheduled. */
export function unfrozen(audience: string): Audience {
  const { segmentDefinition: _, ...chosen } = JSON.parse(audience) as Audience
  return chosen
}
