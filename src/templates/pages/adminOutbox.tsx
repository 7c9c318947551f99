import { outboxWords } from '../words/admin/outbox.ts'
import { formatNumber, formatTime } from '../words/index.ts'
import { AdminPage, type AdminProps } from './admin.tsx'

/** What the embedded outbox wrote instead of sending, newest first. @param at milliseconds UTC */
export const OutboxList = (
  props: AdminProps & {
    messages: readonly { href: string; to: string; subject: string; at: number }[]
    timeZone: string
    moreHref?: string | undefined
  },
) => {
  const w = outboxWords[props.lang]
  return (
    <AdminPage {...props} title={w.outbox} current="outbox">
      <p class="links">
        <a href="/admin/outbox">{w.refresh}</a>
      </p>
      {props.messages.length === 0 ? (
        <p>{w.none}</p>
      ) : (
        <table role="table" aria-label={w.outbox}>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col" children={w.subject} />
              <th role="columnheader" scope="col" children={w.to} />
              <th role="columnheader" scope="col" children={w.at} />
            </tr>
          </thead>
          <tbody role="rowgroup">
            {props.messages.map((message) => (
              <tr role="row">
                <th role="rowheader" scope="row">
                  <a href={message.href}>{message.subject || w.noSubject}</a>
                </th>
                <td role="cell" data-label={w.to} children={message.to} />
                <td role="cell" data-label={w.at} children={formatTime(props.lang, message.at, props.timeZone)} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {props.moreHref ? (
        <p class="links">
          <a href={props.moreHref}>{w.more}</a>
        </p>
      ) : null}
    </AdminPage>
  )
}

/**
 * One message as it went out.
 * @param htmlHref where the HTML part is served by itself. A `srcdoc` frame would inherit this page's CSP and lose the
 *   mail's inline styles (CSP3 §7.8), so the part has its own address and its own policy.
 * @param at milliseconds UTC
 * @param attachments `size` in bytes
 */
export const OutboxMessage = (
  props: AdminProps & {
    subject: string
    to: string
    at: number
    timeZone: string
    headers: readonly { name: string; value: string }[]
    text: string | null
    htmlHref: string | null
    attachments: readonly { name: string; type: string; size: number; href: string }[]
    sourceHref: string
  },
) => {
  const w = outboxWords[props.lang]
  return (
    <AdminPage {...props} title={props.subject || w.noSubject} current="outbox">
      <p>
        {w.to}: <strong>{props.to}</strong> · {w.at}: {formatTime(props.lang, props.at, props.timeZone)}
      </p>
      {props.htmlHref ? (
        <>
          <h2>{w.html}</h2>
          <iframe
            title={w.html}
            src={props.htmlHref}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            referrerpolicy="no-referrer"
          />
        </>
      ) : null}
      {props.text === null ? null : (
        <>
          <h2>{w.text}</h2>
          <pre>
            <Linked text={props.text} />
          </pre>
        </>
      )}
      {props.attachments.length > 0 ? (
        <>
          <h2>{w.attachments}</h2>
          <ul>
            {props.attachments.map((file) => (
              <li>
                <a href={file.href} download>
                  {file.name}
                </a>{' '}
                {file.type}, {formatNumber(props.lang, Math.ceil(file.size / 1024))} KiB
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <h2 id="headers">{w.headers}</h2>
      <table role="table" aria-labelledby="headers">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col" children={w.header} />
            <th role="columnheader" scope="col" children={w.value} />
          </tr>
        </thead>
        <tbody role="rowgroup">
          {props.headers.map(({ name, value }) => (
            <tr role="row">
              <th role="rowheader" scope="row" children={name} />
              <td role="cell" children={value} />
            </tr>
          ))}
        </tbody>
      </table>
      <p class="links">
        <a href={props.sourceHref}>{w.source}</a>
      </p>
    </AdminPage>
  )
}

/** Web addresses in a text become links; nothing else does. */
const Linked = ({ text }: { text: string }) => (
  <>
    {text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/).map((part, at) =>
      at % 2 === 1 ? (
        <a href={part} rel="noreferrer">
          {part}
        </a>
      ) : (
        part
      ),
    )}
  </>
)
