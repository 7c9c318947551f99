import { Table } from '../table.tsx'
import type { Language } from '../../words/index.ts'
import { mailingWords, type MailingWords } from '../../words/admin/mailings.ts'

export type MergeTag = keyof MailingWords['form']['tagNames']

/** How to write, and which merge tags this purpose allows. */
export const MailingHelp = ({ lang, tags }: { lang: Language; tags: readonly MergeTag[] }) => {
  const w = mailingWords[lang].form
  return (
    <div class="grid">
      <details>
        <summary>{w.help}</summary>
        <dl>
          {w.markdownHelp.map(([code, what]) => (
            <div>
              <dt>{what}</dt>
              <dd>
                <code>{code}</code>
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <details>
        <summary>{w.tags}</summary>
        <p class="hint">{w.tagsHint}</p>
        <Table
          label={w.tags}
          columns={[{ label: w.tag }, { label: w.tagShows }]}
          rows={tags.map((tag) => [
            <code>{`{{ ${tag}${hasAll(tag) ? '' : ` | default: "${w.tagDefault}"`} }}`}</code>,
            w.tagNames[tag],
          ])}
        />
      </details>
    </div>
  )
}

/** Everybody has these, so a default would be of no use. */
function hasAll(tag: MergeTag): boolean {
  return tag === 'contact.email' || tag === 'contact.language' || tag === 'priceTable'
}
