import { Hono } from 'hono'
import { exportContact } from '../../actions/exportContact.ts'
import type { Deps } from '../../deps.ts'
import { permissionFact } from '../../mail/facts.ts'
import { stateOf } from '../../rules/permission.ts'
import { bansHit } from '../../store/bans.ts'
import { companyById } from '../../store/companies.ts'
import { contactById } from '../../store/contacts.ts'
import { eventsAbout, messagesTo, permissionsShown } from '../../store/contactSearch.ts'
import { keysOfColumn } from '../../store/keys.ts'
import type { ContactRow } from '../../store/tables.ts'
import { allTopics } from '../../store/topics.ts'
import { ContactView, type ShownContact, type ShownEvent } from '../../templates/pages/admin/contact.tsx'
import { contactWords } from '../../templates/words/admin/contacts.ts'
import type { Language } from '../../templates/words/index.ts'
import { fail } from '../errors.tsx'
import { safeHeaders } from '../page.tsx'
import { adminPage, adminProps, type Signed } from './page.tsx'
import { scopesIn, shownBan } from './shownBans.ts'

/** So many of the newest are shown; the export has all. */
const SHOWN = 100

/** One person: what is kept, why we may mail, what was sent or stopped and why. */
export function contactScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { store } = deps

  app.get('/:id', async (c) => {
    const row = await contactById(store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const { lang, ...props } = adminProps(c, deps)
    const [company, permissions, messages, events, bans, topics, scopes] = await Promise.all([
      row.company_id === null ? null : companyById(store, row.company_id),
      permissionsShown(store, row.id),
      messagesTo(store, row.id, SHOWN),
      eventsAbout(store, row.id, SHOWN),
      bansOn(row),
      allTopics(deps),
      scopesIn(deps, lang),
    ])
    const now = deps.now()
    const page = (
      <ContactView
        {...props}
        lang={lang}
        timeZone={deps.config.timeZone}
        contact={shownContact(row, company?.name ?? row.company_name)}
        permissions={permissions.map((one) => ({
          topic: topics.find(({ id }) => id === one.topic)?.names[lang] ?? one.topic,
          rule: one.rule,
          state: stateOf(permissionFact(one), now),
          source: one.source,
          evidence: evidenceText(one.evidence),
          wording: one.wording,
          requestedAt: one.requested_at,
          confirmedAt: one.confirmed_at,
          withdrawnAt: one.withdrawn_at,
          expiresAt: one.expires_at,
        }))}
        messages={messages.map((one) => ({
          kind: one.kind,
          mailingId: one.mailing_id === '' ? null : one.mailing_id,
          subject: one.subject,
          state: one.state,
          reason: one.reason,
          allowedBy: one.allowed_by,
          at: one.sent_at ?? one.decided_at ?? one.created_at,
          bounced: one.bounced_at !== null,
        }))}
        events={events.map(({ event, actor, at }) => ({ event, actor: actorOf(actor), at }))}
        bans={bans.map((ban) => shownBan(ban, scopes))}
        done={contactDone(lang, c.req.query('done'))}
      />
    )
    return adminPage(c, deps, page)
  })

  app.get('/:id/export', async (c) => {
    const data = await exportContact(deps, c.req.param('id'))
    if (!data) return fail(c, deps, 404)
    safeHeaders(c, deps.config.publicUrl)
    return c.body(JSON.stringify(data, null, 2), 200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="postilupa-${c.req.param('id')}.json"`,
    })
  })

  /** The person's own, and those of the company they belong to. */
  async function bansOn(row: ContactRow) {
    const company = row.company_id === null ? null : await companyById(store, row.company_id)
    const hit = await bansHit(store, [...keysOfColumn(row.keys), ...keysOfColumn(company?.keys ?? '[]')])
    return [...new Map(hit.map((ban) => [ban.id, ban])).values()]
  }

  return app
}

function shownContact(row: ContactRow, company: string | null): ShownContact {
  return {
    id: row.id,
    address: row.address,
    name: row.name,
    title: row.title,
    phone: row.phone,
    company,
    language: row.language,
    class: row.class,
    isClassByHand: row.class_by !== null,
    externalId: row.external_id,
    source: row.source,
    restrictedAt: row.restricted_at,
    createdAt: row.created_at,
  }
}

/** What staff recorded; of the person's own act only the ledger's id stands there, which says nothing to a reader. */
function evidenceText(stored: string | null): string | null {
  if (stored === null || !stored.startsWith('{')) return stored
  const { said } = JSON.parse(stored) as { said?: unknown }
  if (typeof said === 'string') return said
  const { duty, how, when, by } = (said ?? {}) as Record<string, unknown>
  const parts = [duty, how, when, by].filter((one) => typeof one === 'string' && one !== '')
  return parts.length > 0 ? parts.join('; ') : null
}

function actorOf(actor: string): ShownEvent['actor'] {
  const word = actor.split(':')[0]
  return (['person', 'system', 'user', 'api', 'import'] as const).find((known) => known === word) ?? 'other'
}

/** What the last action did; whatever else stands in the address says nothing. */
export function contactDone(lang: Language, key: string | undefined): string | undefined {
  const { done } = contactWords[lang]
  return key !== undefined && Object.hasOwn(done, key) ? done[key] : undefined
}
