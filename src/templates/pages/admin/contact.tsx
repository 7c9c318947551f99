import { contactWords, type ContactWords } from '../../words/admin/contacts.ts'
import { reasonIn } from '../../words/admin/reasons.ts'
import { formatTime, type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { ButtonForm } from '../page.tsx'
import { Table } from '../table.tsx'
import { BanTable, type ShownBan } from './bans.tsx'

/** One contact with everything that is known; times are milliseconds UTC, `topic` is its name. */
export type ShownContact = {
  id: string
  address: string
  name: string | null
  title: string | null
  phone: string | null
  company: string | null
  language: keyof ContactWords['languages']
  class: keyof ContactWords['classes']
  isClassByHand: boolean
  externalId: string | null
  source: string
  restrictedAt: number | null
  createdAt: number
}
export type ShownPermission = {
  topic: string
  rule: keyof ContactWords['rules']
  state: keyof ContactWords['permissionStates']
  source: string
  evidence: string | null
  wording: string | null
  requestedAt: number
  confirmedAt: number | null
  withdrawnAt: number | null
  expiresAt: number | null
}
export type ShownMessage = {
  kind: string
  mailingId: string | null
  subject: string | null
  state: keyof ContactWords['deliveryStates']
  reason: string | null
  allowedBy: string | null
  at: number
  bounced: boolean
}
export type ShownEvent = { event: string; actor: keyof ContactWords['actors']; at: number }

type Props = AdminProps & {
  contact: ShownContact
  permissions: readonly ShownPermission[]
  messages: readonly ShownMessage[]
  bans: readonly ShownBan[]
  events: readonly ShownEvent[]
  timeZone: string
  done?: string | undefined
}

export const ContactView = (props: Props) => {
  const { lang, contact, bans, timeZone } = props
  const w = contactWords[lang]
  const facts: [string, string | null][] = [
    [w.email, contact.address],
    [w.company, contact.company],
    [w.jobTitle, contact.title],
    [w.phone, contact.phone],
    [w.language, w.languages[contact.language]],
    [w.addressClass, w.classes[contact.class] + (contact.isClassByHand ? ` (${w.classByHand})` : '')],
    [w.externalId, contact.externalId],
    [w.source, contact.source],
    [w.addedAt, formatTime(lang, contact.createdAt, timeZone)],
    [w.state, contact.restrictedAt === null ? w.states.normal : w.states.restricted],
  ]
  return (
    <AdminPage {...props} title={contact.name ?? contact.address} current="contacts">
      <Actions lang={lang} contact={contact} />
      <section aria-labelledby="facts">
        <h2 id="facts">{w.facts}</h2>
        <dl class="facts">
          {facts.map(([label, text]) =>
            text === null ? null : (
              <div>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ),
          )}
        </dl>
      </section>
      <Permissions {...props} />
      <section aria-labelledby="bans">
        <h2 id="bans">{w.bans}</h2>
        {bans.length === 0 ? <p>{w.noBans}</p> : <BanTable {...props} bans={bans} labelledBy="bans" />}
      </section>
      <Messages {...props} />
      <section aria-labelledby="history">
        <h2 id="history">{w.history}</h2>
        {props.events.length === 0 ? (
          <p>{w.noHistory}</p>
        ) : (
          <Table
            labelledBy="history"
            columns={[{ label: w.what }, { label: w.by }, { label: w.at }]}
            rows={props.events.map(({ event, actor, at }) => [
              known(w.events, event) ?? w.otherEvent,
              w.actors[actor],
              formatTime(lang, at, timeZone),
            ])}
          />
        )}
      </section>
      <p class="links">
        <a href="/admin/contacts" children={w.list} />
      </p>
    </AdminPage>
  )
}

const Actions = ({ lang, contact }: { lang: Language; contact: ShownContact }) => {
  const w = contactWords[lang]
  const here = `/admin/contacts/${contact.id}`
  return (
    <section aria-label={w.acting}>
      <div class="actions">
        <a class="button" href={`${here}/edit`} children={w.edit} />
        <a class="button" href={`${here}/object`} children={w.object} />
        <a class="button" href={`${here}/export`} children={w.exportJson} />
        {contact.restrictedAt === null ? (
          <ButtonForm action={`${here}/restrict`} label={w.restrict} />
        ) : (
          <ButtonForm action={`${here}/unrestrict`} label={w.unrestrict} />
        )}
        <a class="button danger" href={`${here}/erase`} children={w.erase} />
      </div>
      <p class="soft">
        {w.restrict}: {w.restrictText}
      </p>
    </section>
  )
}

const Permissions = ({ lang, permissions, timeZone }: Props) => {
  const w = contactWords[lang]
  const time = (label: string, at: number | null) => (at === null ? [] : [`${label} ${formatTime(lang, at, timeZone)}`])
  return (
    <section aria-labelledby="permissions">
      <h2 id="permissions">{w.permissions}</h2>
      {permissions.length === 0 ? (
        <p>{w.noPermissions}</p>
      ) : (
        <Table
          labelledBy="permissions"
          columns={[{ label: w.topic }, { label: w.state }, { label: w.rule }, { label: w.at }, { label: w.evidence }]}
          rows={permissions.map((one) => [
            one.topic,
            <span class="nb">{w.permissionStates[one.state]}</span>,
            `${w.rules[one.rule]} (${one.source})`,
            [
              ...time(w.requestedAt, one.requestedAt),
              ...time(w.confirmedAt, one.confirmedAt),
              ...time(w.withdrawnAt, one.withdrawnAt),
              ...time(w.expiresAt, one.expiresAt),
            ].join('; '),
            one.wording === null ? (one.evidence ?? '–') : `${w.wording}: ${one.wording}`,
          ])}
        />
      )}
    </section>
  )
}

const Messages = ({ lang, messages, timeZone }: Props) => {
  const w = contactWords[lang]
  return (
    <section aria-labelledby="messages">
      <h2 id="messages">{w.messages}</h2>
      {messages.length === 0 ? (
        <p>{w.noMessages}</p>
      ) : (
        <Table
          labelledBy="messages"
          columns={[{ label: w.message }, { label: w.what }, { label: w.at }]}
          rows={messages.map((one) => {
            const kind = known(w.messageKinds, one.kind) ?? w.message
            return [
              one.mailingId === null ? (
                kind
              ) : (
                <a href={`/admin/mailings/${one.mailingId}`} children={one.subject ?? kind} />
              ),
              whatHappened(lang, one),
              formatTime(lang, one.at, timeZone),
            ]
          })}
        />
      )}
    </section>
  )
}

/** "lähetetty (peruste: suostumus)", "ei lähetetty: suoramarkkinointikielto" */
function whatHappened(lang: Language, { state, reason, allowedBy, bounced }: ShownMessage): string {
  const w = contactWords[lang]
  const what = w.deliveryStates[state] + (bounced ? `, ${w.bounced}` : '')
  if (reason !== null) return `${what}: ${reasonIn(lang, reason)}`
  if (allowedBy === null) return what
  const rule = known<string>(w.rules, allowedBy)
  return `${what} (${rule === undefined ? (known(w.allowedOther, allowedBy) ?? '–') : w.allowedBy(rule)})`
}

function known<Text>(words: Readonly<Record<string, Text>>, key: string): Text | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined
}
