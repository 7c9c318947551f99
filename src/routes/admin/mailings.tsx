import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import type { MailingState } from '../../rules/mailing.ts'
import { countsOf } from '../../store/mailingCounts.ts'
import { mailingsIn } from '../../store/mailingList.ts'
import { MailingsList } from '../../templates/pages/admin/mailings.tsx'
import { mailingWords } from '../../templates/words/admin/mailings.ts'
import { mailingCheckScreens } from './mailingsCheck.tsx'
import { mailingEditScreens } from './mailingsEdit.tsx'
import { mailingFileScreens } from './mailingsFiles.tsx'
import { mailingPreviewScreens } from './mailingsPreview.tsx'
import { mailingScheduleScreens } from './mailingsSchedule.tsx'
import { mailingWatchScreens } from './mailingsWatch.tsx'
import { headOf } from './mailingHead.ts'
import { adminPage, adminProps, type Signed } from './page.tsx'

const PER_PAGE = 25
const states: readonly MailingState[] = ['draft', 'scheduled', 'sending', 'paused', 'held', 'finished', 'cancelled']

/** Mailings from the first word to the report; the list stands here, each step of one mailing in a file of its own. */
export function mailingScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/', async (c) => {
    const state = states.find((one) => one === c.req.query('state')) ?? null
    const before = c.req.query('before')
    const rows = await mailingsIn(deps.store, state, before, PER_PAGE + 1)
    const shown = rows.slice(0, PER_PAGE)
    const ids = shown.map((row) => row.id)
    const counts = await countsOf(deps.store, ids)
    const href = (query: Record<string, string>) => {
      const text = new URLSearchParams({ ...(state === null ? {} : { state }), ...query }).toString()
      return text === '' ? '/admin/mailings' : `/admin/mailings?${text}`
    }
    const { lang, ...props } = adminProps(c, deps)
    const done = mailingWords[lang].done[c.req.query('done') ?? '']
    return adminPage(
      c,
      deps,
      <MailingsList
        {...props}
        lang={lang}
        state={state}
        done={done}
        mailings={shown.map((row) => ({
          ...headOf(deps, row),
          sent: counts.get(row.id)?.counts.sent ?? 0,
          proposed: counts.get(row.id)?.counts.proposed ?? 0,
        }))}
        moreHref={rows.length > PER_PAGE ? href({ before: ids.at(-1) ?? '' }) : undefined}
        firstHref={before === undefined ? undefined : href({})}
      />,
    )
  })

  app.route('/', mailingEditScreens(deps))
  app.route('/', mailingFileScreens(deps))
  app.route('/', mailingCheckScreens(deps))
  app.route('/', mailingPreviewScreens(deps))
  app.route('/', mailingScheduleScreens(deps))
  app.route('/', mailingWatchScreens(deps))
  return app
}
