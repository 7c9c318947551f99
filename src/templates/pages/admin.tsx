import type { Child } from 'hono/jsx'
import { adminStyleFor } from '../style.ts'
import { shellWords } from '../words/admin/shell.ts'
import { Brand, ButtonForm, Document, Languages, type PageProps } from './page.tsx'

export type AdminProps = Pick<PageProps, 'lang' | 'brand' | 'nonce' | 'languages'>

/** The parts of the navigation, and what lies below some of them. The address is `/admin/<part>`. */
const below = {
  mailings: [],
  'price-lists': [],
  surveys: [],
  contacts: ['companies', 'segments', 'imports'],
  bans: ['ban-sources'],
  forms: ['enquiries'],
  images: ['brand'],
  outbox: [],
} as const
type Part = keyof typeof below
export type AdminPart = Part | (typeof below)[Part][number]

/**
 * A whole admin document.
 * @param current the part that is open; null before sign-in, when there is no navigation
 * @param problem the page was sent back with errors; its title says so first
 * @param done what the last action did, in words; shown on top and read out
 */
export const AdminPage = (
  props: AdminProps & {
    title: string
    current: AdminPart | null
    problem?: boolean
    done?: string | undefined
    children?: Child
  },
) => {
  const { lang, title, brand, current } = props
  const w = shellWords[lang]
  return (
    <Document {...props} style={adminStyleFor(brand.color)} script={current ? '/admin/htmx.js' : undefined}>
      <a class="skip" href="#main" children={w.skip} />
      <header>
        <Brand {...brand} />
        <Languages {...props} />
        {current ? <ButtonForm action="/admin/sign-out" label={w.signOut} /> : null}
        {current ? <Navigation lang={lang} current={current} /> : null}
      </header>
      <main id="main">
        <h1>{title}</h1>
        {props.done ? <p class="note" role="status" children={props.done} /> : null}
        {props.children}
      </main>
    </Document>
  )
}

const Navigation = ({ lang, current }: { lang: AdminProps['lang']; current: AdminPart }) => {
  const w = shellWords[lang]
  const parts = Object.keys(below) as Part[]
  const open = parts.find((part) => part === current || below[part].some((one) => one === current))
  const under: readonly AdminPart[] = open ? below[open] : []
  return (
    <>
      <nav class="parts" aria-label={w.nav}>
        {parts.map((part) => (
          <Link
            part={part}
            label={w.parts[part]}
            current={part === open ? (part === current ? 'page' : 'true') : undefined}
          />
        ))}
      </nav>
      {open && under.length > 0 ? (
        <nav class="parts under" aria-label={w.parts[open]}>
          <Link part={open} label={w.parts[open]} current={open === current ? 'page' : undefined} />
          {below[open].map((part) => (
            <Link part={part} label={w.below[part]} current={part === current ? 'page' : undefined} />
          ))}
        </nav>
      ) : null}
    </>
  )
}

const Link = (props: { part: AdminPart; label: string; current: 'page' | 'true' | undefined }) => (
  <a href={`/admin/${props.part}`} aria-current={props.current}>
    {props.label}
  </a>
)

/** @param part of the navigation, as far as the address names one */
export const AdminMissing = (props: AdminProps & { part: string }) => {
  const w = shellWords[props.lang]
  const parts: AdminPart[] = Object.entries(below).flatMap(([part, under]) => [part as Part, ...under])
  return (
    <AdminPage
      {...props}
      languages={undefined}
      title={w.missingTitle}
      current={parts.find((part) => part === props.part) ?? 'mailings'}
    >
      <p>{w.missingText}</p>
    </AdminPage>
  )
}

/**
 * Where a one-time link leads: GET shows the button, POST to `action` signs in. Without `action`: how to get a link.
 * @param expired something was posted without a session: says how nothing of it is lost
 */
export const AdminSignIn = (props: AdminProps & { action?: string | undefined; expired?: boolean }) => {
  const w = shellWords[props.lang]
  return (
    <AdminPage {...props} title={w.signInTitle} current={null}>
      {props.action ? (
        <>
          <p>{w.signInText}</p>
          <ButtonForm action={props.action} label={w.signIn} look="main" />
        </>
      ) : (
        <>
          {props.expired ? <p class="note bad" role="alert" children={w.expired} /> : null}
          <p>{w.signedOut}</p>
          <pre>npx postilupa user add {w.yourAddress}</pre>
        </>
      )}
    </AdminPage>
  )
}
