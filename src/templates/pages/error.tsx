import { words } from '../words/index.ts'
import { Page, type PageProps } from './page.tsx'

/**
 * A calm page for an answer that is no success; no stack, no address.
 * @param status the HTTP status; one without words of its own gets those of 422 (4xx) or 500 (5xx)
 * @param requestId shown with a fault, so that it can be found in the log
 */
export const ErrorPage = (props: PageProps & { status: number; requestId?: string | undefined }) => {
  const { lang } = props
  const known = kindOf(props.status)
  const w = words[lang].errors[known]
  return (
    <Page {...props} title={w.title}>
      <p>{w.text}</p>
      {known === 500 && props.requestId ? (
        <p>
          <code>{props.requestId}</code>
        </p>
      ) : null}
      {known === 404 || known === 410 ? (
        <ul>
          <li>
            <a href={`/manage?lang=${lang}`}>{words[lang].page.manage}</a>
          </li>
          <li>
            <a href={`/ban?lang=${lang}`}>{words[lang].page.ban}</a>
          </li>
        </ul>
      ) : null}
    </Page>
  )
}

function kindOf(status: number): 404 | 410 | 413 | 422 | 429 | 500 | 503 {
  if (status === 404 || status === 410 || status === 413 || status === 429 || status === 503) return status
  return status >= 500 ? 500 : 422
}
