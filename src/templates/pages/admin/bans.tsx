import { banWords } from '../../words/admin/bans.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatTime, type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Fields, Problems, type Field, type Problem, type Values } from '../fields.tsx'
import { Table } from '../table.tsx'

export const banKinds = ['email', 'domain', 'company', 'phone', 'postal'] as const

/** A ban as it can be shown: never whom it bans. @param scope in words @param at milliseconds UTC */
export type ShownBan = {
  id: string
  kind: (typeof banKinds)[number]
  scope: string
  source: string
  isExternal: boolean
  reason: string | null
  at: number
  liftedAt: number | null
  liftedBy: string | null
  liftReason: string | null
}

/** What a check found; `asked` is the value as it was typed. */
export type BanCheck = { asked: string; hits: readonly ShownBan[] }

type ListProps = AdminProps & {
  bans: readonly ShownBan[]
  timeZone: string
  values: Values
  problems: readonly Problem[]
  check: BanCheck | null
  done?: string | undefined
  moreHref?: string | undefined
}

/** Checking a value, and the bans that were added last. */
export const BansPage = (props: ListProps) => {
  const { lang, bans, check, problems } = props
  const w = banWords[lang]
  const fields = valueFields(lang, 'checkKind')
  return (
    <AdminPage {...props} title={w.title} current="bans" problem={problems.length > 0}>
      <p>{w.intro}</p>
      <p class="actions">
        <a class="button main" href="/admin/bans/new" children={w.add} />
        <a class="button" href="/admin/imports" children={w.importBans} />
      </p>
      <section aria-labelledby="check">
        <h2 id="check">{w.checkTitle}</h2>
        {check ? <Found {...props} check={check} /> : <p>{w.checkText}</p>}
        <Problems lang={lang} fields={fields} problems={problems} />
        <form method="post" action="/admin/bans/check">
          <Fields lang={lang} fields={fields} problems={problems} values={props.values} />
          <button class="main" type="submit" children={w.check} />
        </form>
      </section>
      <section aria-labelledby="recent">
        <h2 id="recent">{w.recent}</h2>
        {bans.length === 0 ? <p>{w.none}</p> : <BanTable {...props} bans={bans} labelledBy="recent" />}
        {props.moreHref ? (
          <p class="links">
            <a href={props.moreHref} children={shellWords[lang].more} />
          </p>
        ) : null}
      </section>
    </AdminPage>
  )
}

const Found = (props: Pick<ListProps, 'lang' | 'timeZone'> & { check: BanCheck }) => {
  const { asked, hits } = props.check
  const w = banWords[props.lang]
  return (
    <>
      <p class={hits.length > 0 ? 'note bad' : 'note'} role="status">
        <strong>{asked}</strong>: {hits.length > 0 ? w.hits : w.noHit}
      </p>
      {hits.length > 0 ? <BanTable {...props} bans={hits} label={w.hitBy} /> : null}
    </>
  )
}

export const BanTable = (
  props: Pick<ListProps, 'lang' | 'timeZone'> & { bans: readonly ShownBan[]; label?: string; labelledBy?: string },
) => {
  const { lang, timeZone, label, labelledBy } = props
  const w = banWords[lang]
  return (
    <Table
      {...(label === undefined ? {} : { label })}
      {...(labelledBy === undefined ? {} : { labelledBy })}
      columns={[{ label: w.kind }, { label: w.scope }, { label: w.source }, { label: w.at }, { label: w.state }]}
      rows={props.bans.map((ban) => [
        <a href={`/admin/bans/${encodeURIComponent(ban.id)}`} children={w.kinds[ban.kind]} />,
        ban.scope,
        sourceOf(lang, ban),
        formatTime(lang, ban.at, timeZone),
        ban.liftedAt === null ? w.inForce : w.lifted,
      ])}
    />
  )
}

function sourceOf(lang: Language, { source, isExternal }: ShownBan): string {
  const w = banWords[lang]
  if (isExternal) return `${w.external}: ${source}`
  return source === 'own' ? w.own : source
}

/** @param kind what the choice of kinds asks: what is checked, or what is banned */
function valueFields(lang: Language, kind: 'checkKind' | 'kind'): Field[] {
  const w = banWords[lang]
  const choices = banKinds.map((kind) => ({ value: kind, label: w.kinds[kind] }))
  return [
    { name: 'kind', label: w[kind], kind: 'select', choices, required: true },
    { name: 'value', label: w.value, kind: 'text', hint: w.valueHint, required: true, maxLength: 1024 },
  ]
}

/** @param scopes what a ban can be about, in words */
export const BanForm = (
  props: AdminProps & {
    scopes: readonly { value: string; label: string }[]
    values: Values
    problems: readonly Problem[]
  },
) => {
  const { lang, problems } = props
  const w = banWords[lang]
  const fields: Field[] = [
    ...valueFields(lang, 'kind'),
    { name: 'scope', label: w.scope, kind: 'select', choices: props.scopes, required: true },
    { name: 'reason', label: w.reason, kind: 'text', hint: w.keptHint, maxLength: 500 },
    { name: 'source', label: w.source, kind: 'text', hint: w.sourceHint, maxLength: 500 },
  ]
  return (
    <AdminPage {...props} title={w.add} current="bans" problem={problems.length > 0}>
      <Problems lang={lang} fields={fields} problems={problems} />
      <p class="note">{w.guard}</p>
      <form method="post" action="/admin/bans/new">
        <Fields lang={lang} fields={fields} problems={problems} values={props.values} />
        <p class="actions">
          <button class="main" type="submit" children={w.add} />
          <a class="button" href="/admin/bans" children={shellWords[lang].cancel} />
        </p>
      </form>
    </AdminPage>
  )
}

/** One ban, and lifting it because the person asked (standards D-29). */
export const BanView = (
  props: AdminProps & { ban: ShownBan; timeZone: string; values: Values; problems: readonly Problem[] },
) => {
  const { lang, ban, timeZone, problems } = props
  const w = banWords[lang]
  const fields: Field[] = [
    {
      name: 'requestedBy',
      label: w.requestedBy,
      kind: 'text',
      hint: w.requestedByHint,
      required: true,
      maxLength: 500,
    },
    { name: 'reason', label: w.reason, kind: 'text', hint: w.keptHint, required: true, maxLength: 500 },
  ]
  const facts: [string, string | null][] = [
    [w.scope, ban.scope],
    [w.source, sourceOf(lang, ban)],
    [w.reason, ban.reason],
    [w.at, formatTime(lang, ban.at, timeZone)],
    [w.state, ban.liftedAt === null ? w.inForce : w.lifted],
    [w.liftedAt, ban.liftedAt === null ? null : formatTime(lang, ban.liftedAt, timeZone)],
    [w.liftedBy, ban.liftedBy],
    [w.reason, ban.liftReason],
  ]
  return (
    <AdminPage {...props} title={w.banTitle(w.kinds[ban.kind])} current="bans" problem={problems.length > 0}>
      <dl class="facts">
        {facts.map(([label, text]) =>
          text === null ? null : (
            <div>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ),
        )}
      </dl>
      {ban.isExternal ? <p class="note">{w.externalText}</p> : null}
      {ban.isExternal || ban.liftedAt !== null ? null : (
        <section aria-labelledby="lift">
          <h2 id="lift">{w.liftTitle}</h2>
          <p>{w.liftText}</p>
          <Problems lang={lang} fields={fields} problems={problems} />
          <form method="post" action={`/admin/bans/${encodeURIComponent(ban.id)}/lift`}>
            <Fields lang={lang} fields={fields} problems={problems} values={props.values} />
            <button class="danger" type="submit" children={w.lift} />
          </form>
        </section>
      )}
      <p class="links">
        <a href="/admin/bans" children={w.back} />
      </p>
    </AdminPage>
  )
}
