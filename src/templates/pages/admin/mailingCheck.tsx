import type { AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { formatNumber, type Language } from '../../words/index.ts'
import { mailingStepWords, mailingWords, type MailingStepWords } from '../../words/admin/mailings.ts'
import { mendIn, reasonIn } from '../../words/admin/reasons.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { SelectControl } from './mailingControls.tsx'
import { mailingHref, MailingPage, type MailingHead } from './mailingPage.tsx'

export type TestOutcome = {
  id: string
  state: keyof MailingStepWords['check']['outcomes']
  reason: string | null
}

/** What would go wrong, what deserves a look, who gets it and who does not; and a test to a colleague. */
export const MailingCheckPage = (
  props: AdminProps & {
    mailing: MailingHead
    errors: readonly string[]
    warnings: readonly string[]
    allowed: number
    stopped: Readonly<Record<string, number>>
    /** addresses that a test can go to */
    staff: readonly string[]
    testProblem?: string | undefined
    test?: TestOutcome | undefined
    done?: string | undefined
  },
) => {
  const { lang, mailing, errors, warnings, staff } = props
  const w = mailingStepWords[lang].check
  return (
    <MailingPage {...props} tab="check">
      <h2>{w.title}</h2>
      {errors.length === 0 ? <p class="note">{w.ready}</p> : <List bad title={w.errors} items={errors} />}
      {warnings.length === 0 ? null : <List title={w.warnings} items={warnings} />}
      {mailing.state === 'draft' && errors.length + warnings.length > 0 ? (
        <p class="links">
          <a href={mailingHref(mailing.id, 'edit')}>{w.toContent}</a>
        </p>
      ) : null}
      <Numbers {...props} />
      <section>
        <h2>{w.test}</h2>
        <p class="hint">{w.testHint}</p>
        {props.test ? <MailingTestOutcome lang={lang} mailingId={mailing.id} test={props.test} /> : null}
        {staff.length === 0 ? (
          <>
            <p>{w.testNobody}</p>
            <pre>npx postilupa user add {shellWords[lang].yourAddress}</pre>
          </>
        ) : (
          <form method="post" action={`/admin/mailings/${mailing.id}/test`}>
            <SelectControl
              lang={lang}
              name="to"
              label={w.testTo}
              value=""
              choices={staff.map((value) => ({ value, label: value }))}
              problems={props.testProblem === undefined ? [] : [{ path: 'to', message: props.testProblem }]}
            />
            <button>{w.testSend}</button>
          </form>
        )}
      </section>
      <section>
        <h2>{mailingWords[lang].next}</h2>
        <p class="actions">
          <a class="button" href={mailingHref(mailing.id, 'preview')}>
            {w.toPreview}
          </a>
          <a class={errors.length === 0 ? 'button main' : 'button'} href={mailingHref(mailing.id, 'schedule')}>
            {w.toSchedule}
          </a>
        </p>
      </section>
    </MailingPage>
  )
}

const Numbers = ({
  lang,
  allowed,
  stopped,
}: AdminProps & { allowed: number; stopped: Readonly<Record<string, number>> }) => {
  const w = mailingStepWords[lang].check
  const reasons = Object.entries(stopped).sort(([, a], [, b]) => b - a)
  const inAll = reasons.reduce((sum, [, n]) => sum + n, 0)
  return (
    <>
      <dl class="counts">
        <div>
          <dt>{w.allowed}</dt>
          <dd>{formatNumber(lang, allowed)}</dd>
        </div>
        <div>
          <dt>{w.stopped}</dt>
          <dd>{formatNumber(lang, inAll)}</dd>
        </div>
      </dl>
      {inAll === 0 && allowed > 0 ? <p>{w.none}</p> : null}
      {inAll === 0 ? null : (
        <>
          <h3 id="stopped">{w.stoppedTitle}</h3>
          <Table
            labelledBy="stopped"
            columns={[{ label: w.reason }, { label: w.number, number: true }, { label: w.mend }]}
            rows={reasons.map(([reason, n]) => [reasonIn(lang, reason), formatNumber(lang, n), mendIn(lang, reason)])}
          />
        </>
      )}
      <p class="hint">{w.stoppedHint}</p>
    </>
  )
}

const List = ({ title, items, bad }: { title: string; items: readonly string[]; bad?: boolean }) => (
  <div class={bad ? 'note bad' : 'note'}>
    <h3>{title}</h3>
    <ul>
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  </div>
)

/** What became of a test message; asks again by itself until that is settled. */
export const MailingTestOutcome = (props: { lang: Language; mailingId: string; test: TestOutcome }) => {
  const { lang, test } = props
  const w = mailingStepWords[lang].check
  const settled = test.state !== 'queued' && test.state !== 'sending'
  const live = settled
    ? {}
    : {
        'hx-get': `/admin/mailings/${props.mailingId}/test/${test.id}`,
        'hx-trigger': 'load delay:1s',
        'hx-target': 'this',
        'hx-swap': 'outerHTML',
      }
  return (
    <p class="note" role="status" {...live}>
      {w.outcome}: <strong>{w.outcomes[test.state]}</strong>
      {test.reason === null ? null : ` (${reasonIn(lang, test.reason)}). ${mendIn(lang, test.reason)}`}
    </p>
  )
}
