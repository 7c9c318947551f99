import { Hono, type Context } from 'hono'
import { lookUpPerson } from '../../actions/lookUpPerson.ts'
import type { Deps } from '../../deps.ts'
import { nameBeginnings } from '../../rules/nameBeginnings.ts'
import { newestContacts, searchContacts, type FoundContact } from '../../store/contactSearch.ts'
import { allTopics } from '../../store/topics.ts'
import { AddressPage, ContactsPage, type ListedContact } from '../../templates/pages/admin/contacts.tsx'
import type { Problem } from '../../templates/pages/fields.tsx'
import { contactWords } from '../../templates/words/admin/contacts.ts'
import { formatTime } from '../../templates/words/index.ts'
import { readBody, textOf } from '../body.ts'
import { fail } from '../errors.tsx'
import { contactEditScreens } from './contactEdit.tsx'
import { contactDone, contactScreens as oneContact } from './contact.tsx'
import { adminPage, adminProps, type Signed } from './page.tsx'
import { scopesIn, shownBan } from './shownBans.ts'

const PER_PAGE = 50
const FOUND = 100

/** Contacts: finding one by name, company, domain or address; each person's page stands in contact.tsx. */
export function contactScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { timeZone } = deps.config

  app.get('/', async (c) => {
    const rows = await newestContacts(deps.store, PER_PAGE + 1, c.req.query('before'))
    const last = rows[PER_PAGE - 1]
    const moreHref = rows.length > PER_PAGE && last ? `/admin/contacts?before=${last.id}` : undefined
    return list(c, rows.slice(0, PER_PAGE), { moreHref })
  })

  app.post('/search', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const query = textOf(body.posted, 'query').slice(0, 1024)
    if (query.includes('@')) {
      const known = await lookUpPerson(deps, query)
      if (known?.contact) return c.redirect(`/admin/contacts/${known.contact.id}`, 303)
      if (known) return address(c, known)
    }
    const beginnings = nameBeginnings(query)
    if (beginnings.length === 0) {
      const { lang } = adminProps(c, deps)
      return list(c, [], { query, problems: [{ path: 'query', message: contactWords[lang].invalid.search }] })
    }
    const rows = await searchContacts(deps.store, beginnings, query.toLowerCase().replace(/^@/, ''), FOUND + 1)
    return list(c, rows.slice(0, FOUND), { query, found: rows.length > FOUND ? 'more' : 'all' })
  })

  app.route('/', oneContact(deps))
  app.route('/', contactEditScreens(deps))

  function list(
    c: Context<Signed>,
    rows: readonly FoundContact[],
    more: { query?: string; found?: 'all' | 'more'; problems?: Problem[]; moreHref?: string | undefined },
  ) {
    const { lang, ...props } = adminProps(c, deps)
    const { query = '', found = null, problems = [], moreHref } = more
    const page = (
      <ContactsPage
        {...props}
        lang={lang}
        contacts={rows.map(listed)}
        query={query}
        found={found}
        problems={problems}
        moreHref={moreHref}
        done={contactDone(lang, c.req.query('done'))}
      />
    )
    return adminPage(c, deps, page, problems.length > 0 ? 422 : 200)
  }

  async function address(c: Context<Signed>, known: NonNullable<Awaited<ReturnType<typeof lookUpPerson>>>) {
    const { lang, ...props } = adminProps(c, deps)
    const [topics, scopes] = await Promise.all([allTopics(deps), scopesIn(deps, lang)])
    const time = (at: number) => formatTime(lang, at, timeZone)
    const pending = known.pending.map(({ topic, requested_at, expires_at }) =>
      contactWords[lang].pendingText(
        topics.find(({ id }) => id === topic)?.names[lang] ?? topic,
        time(requested_at),
        time(expires_at),
      ),
    )
    const page = (
      <AddressPage
        {...props}
        lang={lang}
        timeZone={timeZone}
        address={known.address}
        pending={pending}
        bans={known.bans.map((row) => shownBan(row, scopes))}
        wasErased={known.wasErased}
      />
    )
    return adminPage(c, deps, page)
  }

  return app
}

function listed({ restricted_at, ...row }: FoundContact): ListedContact {
  return { ...row, isRestricted: restricted_at !== null }
}
