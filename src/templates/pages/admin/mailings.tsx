import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { formatNumber } from '../../words/index.ts'
import { mailingWords } from '../../words/admin/mailings.ts'
import { shellWords } from '../../words/admin/shell.ts'
import {
  mailingHref,
  StateTag,
  timeOf,
  type MailingHead,
  type MailingKind,
  type MailingStateName,
} from './mailingPage.tsx'

export type ListedMailing = MailingHead & { sent: number; proposed: number }

/** All mailings, newest first. @param state the only state that is shown; null = all */
export const MailingsList = (
  props: AdminProps & {
    mailings: readonly ListedMailing[]
    state: MailingStateName | null
    moreHref?: string | undefined
    firstHref?: string | undefined
    done?: string | undefined
  },
) => {
  const { lang, state, mailings } = props
  const w = mailingWords[lang]
  const shell = shellWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="mailings" done={props.done}>
      <p>{w.intro}</p>
      <p class="actions">
        <a class="button main" href="/admin/mailings/new">
          {w.create}
        </a>
      </p>
      <nav class="parts steps" aria-label={w.filter}>
        <a href="/admin/mailings" aria-current={state === null ? 'page' : undefined}>
          {w.all}
        </a>
        {(Object.keys(w.states) as MailingStateName[]).map((one) => (
          <a href={`/admin/mailings?state=${one}`} aria-current={one === state ? 'page' : undefined}>
            {w.states[one]}
          </a>
        ))}
      </nav>
      {mailings.length === 0 ? <p>{state === null ? w.empty : w.emptyState}</p> : null}
      {mailings.length === 0 ? null : (
        <Table
          label={w.title}
          columns={[
            { label: w.subject },
            { label: w.kind },
            { label: w.state },
            { label: w.time },
            { label: w.sentOf, number: true },
          ]}
          rows={mailings.map((mailing) => [
            <a href={mailingHref(mailing.id)}>{mailing.subject || w.noSubject}</a>,
            w.kinds[mailing.kind],
            <StateTag lang={lang} mailing={mailing} />,
            timeOf(lang, mailing),
            mailing.proposed === 0
              ? '–'
              : `${formatNumber(lang, mailing.sent)} / ${formatNumber(lang, mailing.proposed)}`,
          ])}
        />
      )}
      {props.moreHref || props.firstHref ? (
        <p class="links">
          {props.firstHref ? <a href={props.firstHref}>{shell.first}</a> : null}
          {props.moreHref ? <a href={props.moreHref}>{shell.more}</a> : null}
        </p>
      ) : null}
    </AdminPage>
  )
}

/** The first question of a new mailing: what it is. */
export const MailingKinds = (props: AdminProps) => {
  const w = mailingWords[props.lang]
  return (
    <AdminPage {...props} title={w.create} current="mailings">
      <h2>{w.chooseKind}</h2>
      <ul class="choices">
        {(Object.keys(w.kinds) as MailingKind[]).map((kind) => (
          <li>
            <a class="button" href={`/admin/mailings/new?kind=${kind}`}>
              {w.newTitle[kind]}
            </a>
            <span class="hint"> {w.kindHints[kind]}</span>
          </li>
        ))}
      </ul>
    </AdminPage>
  )
}

/** Before a draft is gone. */
export const MailingDelete = (props: AdminProps & { mailing: Pick<MailingHead, 'id' | 'subject'> }) => {
  const { lang, mailing } = props
  const w = mailingWords[lang]
  return (
    <AdminPage {...props} title={w.delete.title} current="mailings">
      <p>
        <strong>{mailing.subject || w.noSubject}</strong>
      </p>
      <p>{w.delete.text}</p>
      <form class="actions" method="post" action={`/admin/mailings/${mailing.id}/delete`}>
        <button class="danger">{w.delete.confirm}</button>
        <a class="button" href={mailingHref(mailing.id, 'edit')}>
          {shellWords[lang].cancel}
        </a>
      </form>
    </AdminPage>
  )
}
