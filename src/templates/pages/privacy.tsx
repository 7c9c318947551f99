import { words } from '../words/index.ts'
import { BusinessId, Page, type PageProps } from './page.tsx'

/**
 * The notice, made from the register (GDPR Art. 13 and 14).
 * @param purposes in the visitor's language, every list in the register's order
 * @param contact where privacy requests go, an e-mail address; the postal address is always shown
 * @param recipients who else handles the data (mail relay, hosting)
 * @param version of the register
 */
export const PrivacyPage = (
  props: PageProps & {
    purposes: readonly {
      name: string
      text: string
      fields: readonly string[]
      bases: readonly string[]
      retention: string
    }[]
    contact?: string | undefined
    recipients?: readonly string[] | undefined
    version: string
  },
) => {
  const { lang, company, recipients = [] } = props
  const w = words[lang].privacy
  const page = words[lang].page
  return (
    <Page {...props} title={w.title}>
      <p>{w.intro}</p>
      <h2>{page.controller}</h2>
      <p>
        {company.name}, <BusinessId {...props} />
        <br />
        {company.address}
      </p>
      {props.contact ? (
        <p>
          {w.contact}: <a href={`mailto:${props.contact}`}>{props.contact}</a>
        </p>
      ) : null}
      <h2>{w.objection}</h2>
      <p class="note">
        {w.objectionText} <a href={`/ban?lang=${lang}`}>{page.ban}</a>
      </p>
      <h2 id="purposes">{w.purposes}</h2>
      <Purposes {...props} />
      <h2>{w.sources}</h2>
      <p>{w.sourcesText}</p>
      {recipients.length > 0 ? (
        <>
          <h2>{w.recipients}</h2>
          <ul>
            {recipients.map((name) => (
              <li>{name}</li>
            ))}
          </ul>
        </>
      ) : null}
      <h2>{w.rights}</h2>
      <ul>
        {w.rightsList.map((right) => (
          <li>{right}</li>
        ))}
      </ul>
      <p>
        {w.rightsText} <a href={`/manage?lang=${lang}`}>{page.manage}</a>
      </p>
      <h2>{w.complaint}</h2>
      <p>
        {w.complaintText} {w.authority}, <a href="https://tietosuoja.fi/">tietosuoja.fi</a>
      </p>
      <p class="soft">{w.version(props.version)}</p>
    </Page>
  )
}

/** The roles are written out because a phone shows the rows as blocks, and blocks are no table to a screen reader. */
const Purposes = ({ lang, purposes }: Parameters<typeof PrivacyPage>[0]) => {
  const w = words[lang].privacy
  return (
    <table role="table" aria-labelledby="purposes">
      <thead role="rowgroup">
        <tr role="row">
          {[w.purpose, w.data, w.basis, w.retention].map((heading) => (
            <th role="columnheader" scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {purposes.map((purpose) => (
          <tr role="row">
            <th role="rowheader" scope="row">
              {purpose.name}
              <p class="hint">{purpose.text}</p>
            </th>
            <td role="cell" data-label={w.data}>
              {purpose.fields.join(', ')}
            </td>
            <td role="cell" data-label={w.basis}>
              {purpose.bases.join(', ')}
            </td>
            <td role="cell" data-label={w.retention}>
              {purpose.retention}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
