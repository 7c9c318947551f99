import { Hono, type Context } from 'hono'
import { checkMailing } from '../../actions/checkMailing.ts'
import type { InputError } from '../../actions/mailingInput.ts'
import { testMailing } from '../../actions/testMailing.ts'
import type { Deps } from '../../deps.ts'
import { deliveryOf } from '../../store/deliveryList.ts'
import { staffAddresses } from '../../store/mailingChoices.ts'
import type { MailingRow } from '../../store/tables.ts'
import { MailingCheckPage, MailingTestOutcome } from '../../templates/pages/admin/mailingCheck.tsx'
import { mailingStepWords, mailingWords } from '../../templates/words/admin/mailings.ts'
import { remarkIn } from '../../templates/words/admin/remarks.ts'
import type { Language } from '../../templates/words/index.ts'
import { fail } from '../errors.tsx'
import { after, headOf, namedMailing } from './mailingHead.ts'
import { adminLanguage, adminPage, adminProps, fragment, type Signed } from './page.tsx'

/** The pre-send check, and test messages to colleagues. */
export function mailingCheckScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/:id/check', async (c) => {
    const row = await namedMailing(deps, c)
    return row ? show(c, row) : fail(c, deps, 404)
  })

  app.post('/:id/test', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const to = (await c.req.parseBody())['to']
    const queued = await testMailing(deps, row.id, { to: typeof to === 'string' ? to : '' })
    if (queued.ok) return after(c, `/${row.id}/check?test=${queued.id}`, 'tested')
    return show(c, row, mailingStepWords[adminLanguage(c)].check.testRefused)
  })

  app.get('/:id/test/:delivery', async (c) => {
    const test = await testOf(c.req.param('id'), c.req.param('delivery'))
    if (!test) return fail(c, deps, 404)
    const props = { lang: adminLanguage(c), mailingId: c.req.param('id'), test }
    return fragment(c, deps, <MailingTestOutcome {...props} />)
  })

  async function show(c: Context<Signed>, row: MailingRow, testProblem?: string) {
    const lang = adminLanguage(c)
    const [check, staff, test] = await Promise.all([
      checkMailing(deps, row.id),
      staffAddresses(deps.store),
      testOf(row.id, c.req.query('test')),
    ])
    if (!check) return fail(c, deps, 404)
    return adminPage(
      c,
      deps,
      <MailingCheckPage
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        errors={saidOf(lang, check.errors)}
        warnings={saidOf(lang, check.warnings)}
        allowed={check.counts.allowed}
        stopped={check.counts.stopped}
        staff={[...new Set([...staff, ...deps.config.alertTo])]}
        testProblem={testProblem}
        test={test}
        done={c.req.query('done')}
      />,
      testProblem === undefined ? 200 : 422,
    )
  }

  /** The test message of this mailing with that id. */
  async function testOf(mailingId: string, id: string | undefined) {
    const row = id?.startsWith('test.') ? await deliveryOf(deps.store, id) : null
    const about = row && (JSON.parse(row.data ?? '{}') as { mailing?: string })
    return row && about?.mailing === mailingId ? { id: row.id, state: row.state, reason: row.reason } : undefined
  }

  return app
}

/** What the check found, in the reader's words. */
export function saidOf(lang: Language, found: readonly InputError[]): string[] {
  const w = mailingStepWords[lang].check.known
  const said = found.map(({ path, message, line, column }) => {
    if (line !== undefined && column !== undefined) {
      const place = path === 'subject' ? mailingWords[lang].form.subject : mailingWords[lang].form.place(line, column)
      return `${place}: ${remarkIn(lang, message)}`
    }
    if (path === 'audience') return message.startsWith('Nobody') ? w.nobody : w.stopped
    if (path === 'audience.segment') return w.segment
    if (path === 'content.body') return w.field
    if (path === 'banSources') return w.source
    if (path === 'hold') return w.hold
    return path === 'priceList' || path === 'survey' ? remarkIn(lang, message) : w.other
  })
  return [...new Set(said)]
}
