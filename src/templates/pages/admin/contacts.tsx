import type { Child } from 'hono/jsx'
import { contactWords } from '../../words/admin/contacts.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatNumber } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Fields, Problems, type Field, type Problem } from '../fields.tsx'
import { Table } from '../table.tsx'
import { BanTable, type ShownBan } from './bans.tsx'

export type ListedContact = {
  id: string
  address: string
  name: string | null
  company: string | null
  class: 'role_work' | 'named_work' | 'sole_trader' | 'private' | 'unknown'
  isRestricted: boolean
}

/** @param found of a search; null when nothing was searched for */
export const ContactsPage = (
  props: AdminProps & {
    contacts: readonly ListedContact[]
    query: string
    found: 'all' | 'more' | null
    problems: readonly Problem[]
    done?: string | undefined
    moreHref?: string | undefined
  },
) => {
  const { lang, contacts, found, query } = props
  const w = contactWords[lang]
  const count = formatNumber(lang, contacts.length)
  const heading = found === null ? w.newest : found === 'more' ? w.tooMany(count) : w.found(count)
  return (
    <AdminPage {...props} title={w.title} current="contacts" problem={props.problems.length > 0}>
      <p class="actions">
        <a class="button" href="/admin/imports" children={w.importContacts} />
      </p>
      <Search {...props} query={query} />
      <section aria-labelledby="list">
        <h2 id="list">{heading}</h2>
        {contacts.length === 0 ? (
          <p>{found === null ? w.none : w.nothing}</p>
        ) : (
          <Table
            labelledBy="list"
            columns={[{ label: w.name }, { label: w.email }, { label: w.company }, { label: w.addressClass }]}
            rows={contacts.map((one): Child[] => [
              <a href={`/admin/contacts/${one.id}`} children={one.name ?? w.noName} />,
              one.address,
              one.company ?? '–',
              one.isRestricted ? `${w.classes[one.class]}, ${w.states.restricted}` : w.classes[one.class],
            ])}
          />
        )}
        <p class="links">
          {props.moreHref ? <a href={props.moreHref} children={shellWords[lang].more} /> : null}
          {found === null ? null : <a href="/admin/contacts" children={w.list} />}
        </p>
      </section>
    </AdminPage>
  )
}

/** What is searched for travels in the body: a name in an address would stay in histories and logs. */
const Search = ({
  lang,
  query,
  problems,
}: Pick<AdminProps, 'lang'> & { query: string; problems: readonly Problem[] }) => {
  const w = contactWords[lang]
  const fields: Field[] = [
    { name: 'query', label: w.searchLabel, kind: 'text', hint: w.intro, required: true, maxLength: 1024 },
  ]
  return (
    <>
      <Problems lang={lang} fields={fields} problems={problems} />
      <form method="post" action="/admin/contacts/search" role="search">
        <Fields lang={lang} fields={fields} problems={problems} values={{ query }} />
        <button class="main" type="submit" children={shellWords[lang].search} />
      </form>
    </>
  )
}

/** An address that is no contact: what is known of it all the same. @param pending sentences */
export const AddressPage = (
  props: AdminProps & {
    address: string
    pending: readonly string[]
    bans: readonly ShownBan[]
    wasErased: boolean
    timeZone: string
  },
) => {
  const { lang, address, pending, bans, wasErased } = props
  const w = contactWords[lang]
  return (
    <AdminPage {...props} title={w.lookUpTitle} current="contacts">
      <p class="note">
        <strong>{address}</strong>: {w.noContact}
      </p>
      {wasErased ? <p>{w.erased}</p> : null}
      {pending.length > 0 ? (
        <>
          <h2>{w.pending}</h2>
          <ul>
            {pending.map((text) => (
              <li>{text}</li>
            ))}
          </ul>
        </>
      ) : null}
      {bans.length > 0 ? (
        <>
          <h2 id="bans">{w.banned}</h2>
          <BanTable {...props} bans={bans} labelledBy="bans" />
        </>
      ) : null}
      {pending.length === 0 && bans.length === 0 ? <p>{w.unknown}</p> : null}
      <Search lang={lang} query={address} problems={[]} />
      <p class="links">
        <a href="/admin/contacts" children={w.list} />
      </p>
    </AdminPage>
  )
}
