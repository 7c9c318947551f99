import { inLanguage } from '../rules/form.ts'
import { CONFIRM_LINK_MS } from '../rules/permission.ts'
import type { Deps } from '../deps.ts'
import { formOf } from '../store/forms.ts'
import type { Claimed } from '../store/gateFacts.ts'
import type { Language } from '../store/tables.ts'
import { allTopics } from '../store/topics.ts'
import type { ServiceNotice } from '../templates/mail/notices.ts'
import { branded } from './brand.ts'
import { enquiryNotice } from './enquiryNotice.ts'
import { senderOf } from './sender.ts'
import { composeService } from './serviceMail.ts'
import { links } from './tokens.ts'
import type { Written } from './writer.ts'

const HOUR_MS = 3_600_000

/**
 * Writes one service or staff message. What it needs beyond the row is read or signed here, so that no link and no text of
 * somebody's making ever lies in the database.
 * @param neutral the person's own ban is in force: the confirmation says so, and that confirming lifts it (D-14)
 */
export async function writeService(deps: Deps, claimed: Claimed, neutral: boolean, at: number): Promise<Written> {
  const language = (claimed.language ?? claimed.contact_language ?? 'fi') as Language
  const written = claimed.kind === 'enquiry' ? await enquiryNotice(deps, claimed, language) : null
  const notice = written?.notice ?? (await noticeOf(deps, claimed, neutral, language))
  if (!notice) return { ok: false, field: 'kind' }
  const messageId = `${claimed.id}@${deps.config.listDomain}`
  const config = { ...deps.config, brand: await branded(deps) }
  const sender = { ...senderOf(config), ...(written ? { replyTo: { name: '', address: written.replyTo } } : {}) }
  const composed = composeService({
    notice,
    language,
    sender,
    deliveryId: claimed.id,
    messageId,
    envelopeFrom: sender.from.address,
    to: claimed.address ?? '',
    date: at,
  })
  return composed.ok ? { ok: true, message: composed.message, messageId } : composed
}

async function noticeOf(
  deps: Deps,
  claimed: Claimed,
  neutral: boolean,
  language: Language,
): Promise<ServiceNotice | null> {
  const { make, url } = links(deps)
  const data = JSON.parse(claimed.data ?? '{}') as Record<string, unknown>
  switch (claimed.kind) {
    case 'confirmation': {
      const signup = String(data['signup'])
      const confirmUrl = url('c', make('c', signup))
      return {
        kind: neutral ? 'confirmation_despite_ban' : 'confirmation',
        topics: await topicNames(deps, await topicsAsked(deps, signup), language),
        confirmUrl,
        cancelUrl: `${confirmUrl}/not-me`,
        validHours: CONFIRM_LINK_MS / HOUR_MS,
      }
    }
    case 'welcome': {
      const topics = Array.isArray(data['topics']) ? data['topics'].map(String) : []
      const text = (await formOf(deps, String(data['form'])))?.definition.welcomeText
      return {
        kind: 'welcome',
        topics: await topicNames(deps, topics, language),
        text: text ? paragraphs(inLanguage(text, language)) : [],
        preferencesUrl: `${deps.config.publicUrl}/manage`,
      }
    }
    case 'receipt':
      return data['enquiry'] === undefined ? null : { kind: 'enquiry_receipt' }
    case 'manage_link':
      return { kind: 'manage_link', url: url('p', make('p', claimed.contact_id ?? '')), validHours: 24 }
    case 'ban_notice':
      return { kind: 'ban_notice', undoUrl: url('ban/undo', make('b', String(data['ban']))) }
    case 'alert':
      return {
        kind: 'alert',
        title: String(data['title']),
        lines: Array.isArray(data['lines']) ? data['lines'].map(String) : [],
        url: `${deps.config.publicUrl}/admin/mailings`,
      }
    default:
      return null
  }
}

/** Of an author's text: what stands between empty lines. */
function paragraphs(text: string): string[] {
  return text.split(/\n\s*\n/).filter((part) => part.trim() !== '')
}

async function topicsAsked({ store }: Deps, signup: string): Promise<string[]> {
  const rows = await store.db.selectFrom('permissions').select('topic').where('signup_id', '=', signup).execute()
  return rows.map((row) => row.topic)
}

async function topicNames(deps: Deps, ids: readonly string[], language: Language): Promise<string[]> {
  return (await allTopics(deps)).filter((topic) => ids.includes(topic.id)).map((topic) => topic.names[language])
}
