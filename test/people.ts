import { createMailing } from '../src/actions/mailingContent.ts'
import { type MailingInput } from '../src/actions/mailingInput.ts'
import { scheduleMailing } from '../src/actions/mailingVerbs.ts'
import { matchHashes } from '../src/mail/matchHashes.ts'
import { parseEmail } from '../src/rules/address.ts'
import { classifyAddress } from '../src/rules/addressClass.ts'
import { contactForms } from '../src/rules/matchKeys.ts'
import { countsOf } from '../src/store/mailingCounts.ts'
import { mailingById } from '../src/store/mailings.ts'
import type { PermissionRow } from '../src/store/tables.ts'
import type { TestApp } from './app.ts'

export type Person = {
  email: string
  name?: string
  topics?: string[]
  rule?: PermissionRow['rule']
  companyId?: string
  language?: 'fi' | 'sv' | 'en'
}

/** Contacts who confirmed the topics themselves a minute ago (unless `rule` says otherwise). Returns their ids in order. */
export async function addPeople({ deps }: Pick<TestApp, 'deps'>, people: readonly Person[]): Promise<string[]> {
  const at = deps.now() - 60_000
  const { db } = deps.store
  // Ids of one millisecond are in no order of their own; people are claimed in the order in which they were named.
  const ids = people.map(() => deps.id()).sort()
  const queries = people.flatMap(({ email, name, topics = ['price-list'], rule = 'consent', companyId, language = 'fi' }, n) => {
    const read = parseEmail(email, { allowReserved: true })
    if (!read.ok) throw new Error(`${email}: ${read.error}`)
    const id = ids[n]!
    return [
      db.insertInto('contacts').values({
        id,
        strict: read.email.strict,
        address: read.email.address,
        domain: read.email.domain,
        name: name ?? null,
        title: null,
        phone: null,
        language,
        company_id: companyId ?? null,
        company_name: null,
        external_id: null,
        class: classifyAddress(read.email),
        class_by: null,
        source: 'form:newsletter',
        fields: '{}',
        keys: matchHashes(deps.keyring, contactForms({ email: read.email })),
        restricted_at: null,
        created_at: at,
        updated_at: at,
      }),
      ...topics.map((topic) =>
        db.insertInto('permissions').values({
          id: deps.id(),
          contact_id: id,
          signup_id: null,
          topic,
          channel: 'email',
          rule,
          basis: rule === 'consent' ? 'consent' : 'legitimate_interest',
          source: 'form:newsletter',
          evidence: 'recorded for this test',
          wording_id: null,
          requested_at: at,
          requested_from: null,
          confirmed_at: at,
          confirmed_from: rule === 'consent' ? 'link' : 'api',
          withdrawn_at: null,
          withdrawn_from: null,
          expires_at: null,
        }),
      ),
    ]
  })
  for (let n = 0; n < queries.length; n += 200) await deps.store.batch(queries.slice(n, n + 200))
  return ids
}

const priceList: MailingInput = {
  kind: 'price_list',
  topic: 'price-list',
  subject: 'Hinnasto',
  content: { format: 'markdown', body: 'Hei {{ contact.name | default: "asiakas" }}, tässä hinnasto.' },
}

/** A mailing that is scheduled now; `tick()` starts it. */
export async function scheduled({ deps }: Pick<TestApp, 'deps'>, change: Partial<MailingInput> = {}, at: unknown = 'now'): Promise<string> {
  const made = await createMailing(deps, { ...priceList, ...change }, 'system')
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  const result = await scheduleMailing(deps, made.mailing.id, { at, timeZone: 'Europe/Helsinki' }, 'system')
  if (!result.ok) throw new Error(JSON.stringify(result.errors))
  return made.mailing.id
}

export async function reportOf({ deps }: Pick<TestApp, 'deps'>, mailingId: string) {
  const counted = (await countsOf(deps.store, [mailingId])).get(mailingId)
  if (!counted) throw new Error('no counts')
  const row = await mailingById(deps.store, mailingId)
  if (!row) throw new Error('no such mailing')
  return { ...counted, row }
}
