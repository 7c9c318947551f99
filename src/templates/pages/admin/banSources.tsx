import { banSourceWords } from '../../words/admin/banSources.ts'
import { banFaultWords } from '../../words/banFaults.ts'
import { formatNumber, formatTime } from '../../words/index.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { ButtonForm } from '../page.tsx'

/** How a register stands; times are milliseconds UTC. */
export type ShownSource = {
  name: string
  kind: 'file' | 'http'
  required: boolean
  fresh: boolean
  fetchedAt: number | null
  triedAt: number | null
  validUntil: number | null
  nextAt: number | null
  sequence: number | null
  entries: number | null
  fault: Parameters<typeof banFaultWords>[1] | null
}

/** Every register, what is wrong with it, and fetching it now. */
export const BanSourcesPage = (
  props: AdminProps & { sources: readonly ShownSource[]; timeZone: string; done?: string | undefined },
) => {
  const { lang, sources, timeZone } = props
  const w = banSourceWords[lang]
  const shell = shellWords[lang]
  const time = (at: number | null) => (at === null ? w.never : formatTime(lang, at, timeZone))
  return (
    <AdminPage {...props} title={w.title} current="ban-sources">
      <p>{w.intro}</p>
      {sources.length === 0 ? <p class="note">{w.empty}</p> : null}
      {sources.map((source) => (
        <section aria-labelledby={`source-${source.name}`}>
          <h2 id={`source-${source.name}`}>
            {source.name} <span class="tag">{source.fresh ? w.fresh : w.stale}</span>
          </h2>
          {source.fresh ? null : (
            <p class={source.required ? 'note bad' : 'note'}>{source.required ? w.holds : w.harmless}</p>
          )}
          <dl class="facts">
            <Fact label={w.kind} text={w.kinds[source.kind]} />
            <Fact label={w.required} text={source.required ? shell.yes : shell.no} />
            <Fact label={w.entries} text={source.entries === null ? '–' : formatNumber(lang, source.entries)} />
            {source.sequence === null ? null : <Fact label={w.version} text={String(source.sequence)} />}
            <Fact label={w.fetchedAt} text={time(source.fetchedAt)} />
            {source.validUntil === null ? null : <Fact label={w.validUntil} text={time(source.validUntil)} />}
            <Fact label={w.triedAt} text={time(source.triedAt)} />
            {source.nextAt === null ? null : <Fact label={w.nextAt} text={time(source.nextAt)} />}
            {source.fault ? <Fact label={w.error} text={banFaultWords(lang, source.fault)} /> : null}
          </dl>
          <ButtonForm action={`/admin/ban-sources/${source.name}/sync`} label={w.sync(source.name)} />
        </section>
      ))}
    </AdminPage>
  )
}

const Fact = ({ label, text }: { label: string; text: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{text}</dd>
  </div>
)
