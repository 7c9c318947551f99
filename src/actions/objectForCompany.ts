import type { Deps } from '../deps.ts'
import { companyForms } from '../rules/companyObjection.ts'
import { cleanText } from '../rules/text.ts'
import { bansHit, type FoundBan } from '../store/bans.ts'
import { companyById, domainsOf } from '../store/companies.ts'
import { addObjection, objectionsOf, peopleElsewhere } from '../store/companyObjections.ts'
import { recordEventIf } from '../store/ledger.ts'
import type { CompanyObjectionRow } from '../store/rows/audience.ts'
import type { BanKind } from '../rules/matchKeys.ts'
import { banWrites, readBanValue, refuseScope } from './ban.ts'
import { sql } from 'kysely'

export type ObjectionInput = { requestedBy: string; how: string; scope?: string | undefined }
export type ObjectionResult =
  | { ok: true; objection: CompanyObjectionRow; bans: { id: string; kind: BanKind }[] }
  | { ok: false; kind: 'missing' }
  | { ok: false; kind: 'invalid'; errors: { path: 'requestedBy' | 'how' | 'scope' | 'id'; message: string }[] }

/**
 * A company forbids marketing to all its people (SVPL 917/2014 § 202: a legal person may object): bans of its business id and of
 * its domains. Domains where strangers have their mail are never banned; its people there are hit by the business id, and where the
 * company has none, by their addresses. Who asked, and how, is kept beside the bans.
 */
export async function objectForCompany(
  deps: Deps,
  companyId: string,
  input: ObjectionInput,
  actor: string,
): Promise<ObjectionResult> {
  const { store } = deps
  const scope = input.scope ?? 'all'
  const [requestedBy, how] = [readRemark('requestedBy', input), readRemark('how', input)]
  const errors = [...requestedBy.errors, ...how.errors, ...(await scopeFault(deps, scope))]
  if (errors.length > 0) return { ok: false, kind: 'invalid', errors }
  const company = await companyById(store, companyId)
  if (!company) return { ok: false, kind: 'missing' }
  const domains = (await domainsOf(store, [companyId])).get(companyId) ?? []
  const people = company.business_id === null ? await peopleElsewhere(store, companyId, domains) : []
  const values = companyForms({ businessId: company.business_id, domains, addresses: people })
  if (values.length === 0) {
    const message = 'The company has neither a business id nor a domain nor people yet: add one of them first.'
    return { ok: false, kind: 'invalid', errors: [{ path: 'id', message }] }
  }
  const now = deps.now()
  const bans = values.flatMap(({ kind, value }) => {
    const read = readBanValue(deps, kind, value)
    const ban = { kind, value, scope, reason: 'company_objection' }
    return read.ok ? [{ kind, ...banWrites(deps, ban, read.hashes, actor, now) }] : []
  })
  const objection: CompanyObjectionRow = {
    id: deps.id(),
    company_id: companyId,
    scope,
    requested_by: requestedBy.text,
    how: how.text,
    at: now,
    recorded_by: actor,
  }
  const event = { id: deps.id(), at: now, event: 'objection', subject: companyId, actor }
  const written = sql`exists (select 1 from company_objections where id = ${objection.id})`
  await store.batch([
    addObjection(store, objection),
    ...bans.flatMap(({ writes }) => writes),
    recordEventIf(store, { ...event, data: { company: companyId, scope, bans: bans.map(({ id }) => id) } }, written),
  ])
  for (const { stop } of bans) stop()
  return { ok: true, objection, bans: bans.map(({ id, kind }) => ({ id, kind })) }
}

/** What stops mail to a company's people: its objections, and every ban in force of its business id or its domains. */
export async function companyBans(
  deps: Deps,
  companyId: string,
): Promise<{ objections: CompanyObjectionRow[]; bans: FoundBan[] } | null> {
  const company = await companyById(deps.store, companyId)
  if (!company) return null
  const domains = (await domainsOf(deps.store, [companyId])).get(companyId) ?? []
  const hashes = companyForms({ businessId: company.business_id, domains, addresses: [] }).flatMap(
    ({ kind, value }) => {
      const read = readBanValue(deps, kind, value)
      return read.ok ? read.hashes.map(({ hash }) => hash) : []
    },
  )
  const found = new Map((await bansHit(deps.store, hashes.slice(0, 80))).map((ban) => [ban.id, ban]))
  return { objections: await objectionsOf(deps.store, companyId), bans: [...found.values()] }
}

function readRemark(path: 'requestedBy' | 'how', input: ObjectionInput) {
  const read = cleanText(input[path], { field: path, max: 200 })
  if (!read.ok) return { text: '', errors: [{ path, message: read.error }] }
  const message = 'is kept as long as the objection: write it without an address'
  return { text: read.value, errors: read.value.includes('@') ? [{ path, message }] : [] }
}

async function scopeFault(deps: Deps, scope: string) {
  const message = await refuseScope(deps, scope)
  return message === null ? [] : [{ path: 'scope' as const, message }]
}
