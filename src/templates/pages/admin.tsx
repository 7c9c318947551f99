import type { Child } from 'hono/jsx'
import { adminStyleFor } from '../style.ts'
import { adminWords } from '../words/admin.ts'
import { Brand, ButtonForm, Document, Languages, type PageProps } from './page.tsx'

export type AdminProps = Pick<PageProps, 'lang' | 'brand' | 'nonce' | 'languages'>

/** A whole admin document. @param current the part that is open; null before sign-in, when there is no navigation */
export const AdminPage = (
  props: AdminProps & { title: string; current: 'mailings' | 'outbox' | null; children?: Child },
) => {
  const { lang, title, brand, current } = props
  const w = adminWords[lang]
  return (
    <Document {...props} style={adminStyleFor(brand.color)}>
      <header>
        <Brand {...brand} />
        {current ? (
          <nav aria-label={w.nav}>
            {(['mailings', 'outbox'] as const).map((part) => (
              <a href={`/admin/${part}`} aria-current={part === current ? 'true' : undefined}>
                {w[part]}
              </a>
            ))}
            <ButtonForm action="/admin/sign-out" label={w.signOut} />
          </nav>
        ) : null}
        <Languages {...props} />
      </header>
      <main>
        <h1>{title}</h1>
        {props.children}
      </main>
    </Document>
  )
}

/** Where a one-time link leads: GET shows the button, POST to `action` signs in. Without `action`: how to get a link. */
export const AdminSignIn = (props: AdminProps & { action?: string | undefined }) => {
  const w = adminWords[props.lang]
  return (
    <AdminPage {...props} title={w.signInTitle} current={null}>
      {props.action ? (
        <>
          <p>{w.signInText}</p>
          <ButtonForm action={props.action} label={w.signIn} look="main" />
        </>
      ) : (
        <>
          <p>{w.signedOut}</p>
          <pre>npx postilupa user add</pre>
        </>
      )}
    </AdminPage>
  )
}
