import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { styleFor } from '../style.ts'
import { words, type Language } from '../words/index.ts'

/** What every public page needs to know. */
export type PageProps = {
  lang: Language
  /** `color`: `#rrggbb`. `logo`: a path on this service or a `data:` URL; the pages' CSP lets nothing else load. */
  brand: { name: string; color: string; logo?: string | null | undefined }
  /** The controller, named on every page. */
  company: { name: string; businessId: string; address: string }
  /** Only where the CSP names a nonce instead of the style's hash. */
  nonce?: string | undefined
  /** The same page in each language; left out where there is nothing to switch. */
  languages?: readonly { lang: Language; href: string }[] | undefined
}

/**
 * A whole public document: language, brand, content, controller.
 * @param title the page's heading, and with the brand its `<title>`
 * @param problem the page was sent back with errors; its title says so first
 * @param sheet style that only this page needs; name it to the route's `page()` too
 */
export const Page = (props: PageProps & { title: string; problem?: boolean; sheet?: string; children?: Child }) => {
  const { lang, title, brand, company } = props
  const w = words[lang].page
  return (
    <Document {...props} style={styleFor(brand.color) + (props.sheet ?? '')}>
      <header>
        <Brand {...brand} />
        <Languages {...props} />
      </header>
      <main>
        <h1>{title}</h1>
        {props.children}
      </main>
      <footer>
        <p>
          {w.controller}: {company.name}, <BusinessId {...props} />, {company.address}
        </p>
        <nav aria-label={company.name}>
          <a href={`/privacy?lang=${lang}`}>{w.privacy}</a>
          <a href={`/ban?lang=${lang}`}>{w.ban}</a>
        </nav>
      </footer>
    </Document>
  )
}

/** The shell that public and admin pages share: one style, nothing from elsewhere, and on admin pages one `script` of ours. */
export const Document = (props: {
  lang: Language
  title: string
  problem?: boolean
  brand: PageProps['brand']
  nonce?: string | undefined
  style: string
  script?: string | undefined
  children?: Child
}) => (
  <>
    {raw('<!doctype html>')}
    <html lang={props.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>
          {props.problem ? `${words[props.lang].form.problem}: ` : ''}
          {props.title} – {props.brand.name}
        </title>
        {/* an empty icon: browsers ask for /favicon.ico otherwise */}
        <link rel="icon" href="data:," />
        <style nonce={props.nonce} dangerouslySetInnerHTML={{ __html: props.style }} />
        {props.script ? (
          <>
            {/* no style of its own beside the page's, no history kept in the browser's storage */}
            <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}' />
            <script src={props.script} defer />
          </>
        ) : null}
      </head>
      <body>{props.children}</body>
    </html>
  </>
)

/** On one line: an id broken at its hyphen is hard to read. */
export const BusinessId = ({ lang, company }: Pick<PageProps, 'lang' | 'company'>) => (
  <span class="nb">
    {words[lang].page.businessId} {company.businessId}
  </span>
)

export const Brand = ({ name, logo }: PageProps['brand']) => (
  <p class="brand">{logo ? <img src={logo} alt={name} /> : name}</p>
)

/** Links to the page's other languages, each in its own language. */
export const Languages = ({ lang, languages }: Pick<PageProps, 'lang' | 'languages'>) =>
  languages && languages.length > 1 ? (
    <nav aria-label={words[lang].page.languages}>
      {languages.map((other) => (
        <a
          href={other.href}
          lang={other.lang}
          hreflang={other.lang}
          aria-current={other.lang === lang ? 'true' : undefined}
        >
          {words[other.lang].languageName}
        </a>
      ))}
    </nav>
  ) : null

/** A form that is one button. `name` and `value` tell the route which button it was. */
export const ButtonForm = (props: {
  action: string
  label: string
  look?: 'main' | 'danger'
  name?: string
  value?: string
}) => (
  <form method="post" action={props.action}>
    <button class={props.look} name={props.name} value={props.value}>
      {props.label}
    </button>
  </form>
)
