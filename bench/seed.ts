import { sql } from 'kysely'
import { openPostilupa } from '../src/node.ts'
import { createMailing } from '../src/actions/mailingContent.ts'
import type { Deps } from '../src/deps.ts'
import { matchHashes } from '../src/mail/matchHashes.ts'
import { parseEmail } from '../src/rules/address.ts'
import { contactForms, matchForms } from '../src/rules/matchKeys.ts'
import { environment } from './processes.ts'

/** Opens the database file, works on it as the service would, and leaves it whole for the service to open. */
export async function onDatabase<T>(env: Record<string, string>, work: (deps: Deps) => Promise<T>): Promise<T> {
  const postilupa = await openPostilupa({ ...environment, ...env, MAIL_URL: 'smtp://127.0.0.1:9' }, { quiet: true })
  try {
    return await work(postilupa.deps)
  } finally {
    await postilupa.close()
  }
}

export type SeededContact = { id: string; address: string; keys: string }

const AT_ONCE = 5000
const DAY = 86_400_000

/**
 * Contacts that confirmed the newsletter: personal addresses at work, ten to a company, each with its keyed hashes.
 * @param mark sets the addresses of one call apart from another's
 */
export async function addContacts(deps: Deps, count: number, mark = 'k'): Promise<SeededContact[]> {
  const { store, keyring, now } = deps
  const wording = await store.db
    .selectFrom('wordings')
    .select('id')
    .where('form_id', '=', 'newsletter')
    .where('language', '=', 'fi')
    .executeTakeFirstOrThrow()
  const at = now() - 30 * DAY
  const all: SeededContact[] = []
  for (let from = 0; from < count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) =>
      contactRow(deps, `etunimi.sukunimi${from + n}`, mark, Math.floor((from + n) / 10)),
    )
    const companies = [...new Map(rows.map((row) => [row.company, row])).values()].map(({ company, businessId }) => ({
      id: company,
      name: `Yritys ${company} Oy`,
      businessId,
      keys: matchHashes(
        keyring,
        matchForms('company', businessId).map(({ text }) => text),
      ),
    }))
    await store.batch([
      sql`insert into companies (id, name, business_id, form, keys, created_at, updated_at)
        select value ->> 'id', value ->> 'name', value ->> 'businessId', 'legal_person', value ->> 'keys', ${at}, ${at}
        from json_each(${JSON.stringify(companies)}) where true on conflict do nothing`.compile(store.db),
      sql`insert into contacts (id, strict, address, domain, name, language, company_id, class, source, fields, keys, created_at, updated_at)
        select value ->> 'id', value ->> 'address', value ->> 'address', value ->> 'domain', value ->> 'name', 'fi', value ->> 'company',
          'named_work', 'form:newsletter', '{}', value ->> 'keys', ${at}, ${at}
        from json_each(${JSON.stringify(rows)})`.compile(store.db),
      sql`insert into permissions (id, contact_id, topic, channel, rule, basis, source, evidence, wording_id, requested_at, requested_from,
          confirmed_at, confirmed_from, expires_at)
        select 'p' || (value ->> 'id'), value ->> 'id', 'newsletter', 'email', 'consent', 'consent', 'form:newsletter', 'seeded',
          ${wording.id}, ${at}, 'newsletter 192.0.2.0/24', ${at}, 'link', ${at + 700 * DAY}
        from json_each(${JSON.stringify(rows)})`.compile(store.db),
    ])
    all.push(...rows)
  }
  return all
}

function contactRow({ keyring, id }: Deps, local: string, mark: string, company: number) {
  const domain = `${mark}${company}.example`
  const address = `${local}@${domain}`
  const email = parseEmail(address, { allowReserved: true })
  if (!email.ok) throw new Error(email.error)
  return {
    id: id(),
    address,
    domain,
    name: `Etunimi Sukunimi ${local.replace(/\D/g, '')}`,
    company: `${mark}${company}`,
    businessId: `${mark}-${company}`,
    keys: matchHashes(keyring, contactForms({ email: email.email })),
  }
}

/** Bans of single addresses by their keyed hashes. @param addressOf the n-th banned address */
export async function addBans(deps: Deps, count: number, addressOf: (n: number) => string) {
  const { store, keyring, now } = deps
  const keyId = keyring.ids[0] ?? ''
  for (let from = 0; from < count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => {
      const email = parseEmail(addressOf(from + n), { allowReserved: true })
      if (!email.ok) throw new Error(email.error)
      return { id: deps.id(), hash: keyring.hash(matchForms('email', email.email)[0]?.text ?? '') }
    })
    await store.batch([
      sql`insert into bans (id, kind, scope, source, external, at)
        select value ->> 'id', 'email', 'all', 'own', 0, ${now() - DAY} from json_each(${JSON.stringify(rows)})`.compile(
        store.db,
      ),
      sql`insert into ban_keys (hash, ban_id, key_id, form)
        select value ->> 'hash', value ->> 'id', ${keyId}, 'strict' from json_each(${JSON.stringify(rows)})`.compile(
        store.db,
      ),
    ])
  }
}

/** A newsletter draft in Markdown whose body repeats until the message has the wanted size. */
export async function addDraft(deps: Deps, subject: string, body: string): Promise<string> {
  const made = await createMailing(
    deps,
    { kind: 'newsletter', topic: 'newsletter', subject, content: { format: 'markdown', body } },
    'system',
  )
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  return made.mailing.id
}
