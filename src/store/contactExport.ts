import type { Store } from './store.ts'
import type { ContactRow } from './tables.ts'
import { bansHit } from './bans.ts'
import { companyById } from './companies.ts'
import { enquiriesOf } from './enquiries.ts'
import { keysOfColumn } from './keys.ts'

/** Everything that is kept about a person (GDPR Art. 15). */
export async function recordsOf(store: Store, contact: ContactRow) {
  const { db } = store
  const [permissions, deliveries, events, answers, bans, company, enquiries] = await Promise.all([
    db
      .selectFrom('permissions as p')
      .leftJoin('wordings as w', 'w.id', 'p.wording_id')
      .selectAll('p')
      .select(['w.text as wording', 'w.language as wording_language'])
      .where('p.contact_id', '=', contact.id)
      .orderBy('p.requested_at')
      .orderBy('p.topic')
      .execute(),
    db
      .selectFrom('deliveries as d')
      .leftJoin('mailings as m', 'm.id', 'd.mailing_id')
      .select([
        'd.id',
        'd.kind',
        'd.topic',
        'd.state',
        'd.reason',
        'd.message_id',
        'd.created_at',
        'd.sent_at',
        'd.bounced_at',
        'm.subject',
      ])
      .where('d.contact_id', '=', contact.id)
      .orderBy('d.created_at')
      .execute(),
    db
      .selectFrom('ledger')
      .select(['at', 'event', 'actor', 'data'])
      .where('subject', '=', contact.id)
      .orderBy('at')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('survey_answers as a')
      .innerJoin('survey_responses as r', 'r.id', 'a.response_id')
      .innerJoin('surveys as s', 's.id', 'r.survey_id')
      .select(['s.name as survey', 'a.question_id as question', 'a.value', 'r.answered_at'])
      .where('r.contact_id', '=', contact.id)
      .orderBy('r.answered_at')
      .orderBy('a.question_id')
      .execute(),
    bansHit(store, keysOfColumn(contact.keys)),
    contact.company_id === null ? null : companyById(store, contact.company_id),
    enquiriesOf(store, contact.strict),
  ])
  return { permissions, deliveries, events, answers, bans, company, enquiries }
}
