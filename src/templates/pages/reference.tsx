import { Page, type PageProps } from './page.tsx'

export type ReferenceOperation = {
  method: string
  path: string
  summary: string
  description?: string | undefined
  scope: string
  parameters: readonly { name: string; where: string; required: boolean; about: string }[]
  /** JSON Schema, as text */
  body?: string | undefined
  answers: readonly { status: string; about: string; schema?: string | undefined }[]
}

/** The reference of the JSON API, made from its OpenAPI document. English: it is written for programmers. */
export const ReferencePage = (
  props: PageProps & {
    groups: readonly { name: string; operations: readonly ReferenceOperation[] }[]
    schemas: readonly { name: string; text: string }[]
  },
) => (
  <Page {...props} title="API">
    <p>
      Send <code>Authorization: Bearer &lt;key&gt;</code>. Bodies and answers are JSON, times RFC 3339 in UTC, refusals{' '}
      <code>application/problem+json</code>. Any POST may carry an <code>Idempotency-Key</code>. The same as a document
      for programs: <a href="/openapi.json">openapi.json</a>
    </p>
    <nav aria-label="Resources">
      <ul>
        {props.groups.map(({ name }) => (
          <li>
            <a href={`#${name}`}>{name}</a>
          </li>
        ))}
        <li>
          <a href="#schemas">schemas</a>
        </li>
      </ul>
    </nav>
    {props.groups.map(({ name, operations }) => (
      <section aria-labelledby={name}>
        <h2 id={name}>{name}</h2>
        {operations.map((operation) => (
          <Operation {...operation} />
        ))}
      </section>
    ))}
    <h2 id="schemas">schemas</h2>
    {props.schemas.map(({ name, text }) => (
      <details id={`schema-${name}`}>
        <summary>{name}</summary>
        <pre tabindex={0}>{text}</pre>
      </details>
    ))}
  </Page>
)

const Operation = (operation: ReferenceOperation) => (
  <details>
    <summary>
      <code>
        {operation.method} {operation.path}
      </code>{' '}
      {operation.summary}
    </summary>
    {operation.description ? <p>{operation.description}</p> : null}
    <p>
      Scope: <code>{operation.scope}</code>
    </p>
    {operation.parameters.length > 0 ? (
      <ul>
        {operation.parameters.map(({ name, where, required, about }) => (
          <li>
            <code>{name}</code> ({where}
            {required ? ', required' : ''}) {about}
          </li>
        ))}
      </ul>
    ) : null}
    {operation.body === undefined ? null : <pre tabindex={0}>{operation.body}</pre>}
    <dl>
      {operation.answers.map(({ status, about, schema }) => (
        <>
          <dt>{status}</dt>
          <dd>
            {about}
            {schema === undefined ? null : <pre tabindex={0}>{schema}</pre>}
          </dd>
        </>
      ))}
    </dl>
  </details>
)
