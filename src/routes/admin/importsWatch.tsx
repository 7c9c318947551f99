import { Hono } from 'hono'
import { cancelImport } from '../../actions/cancelImport.ts'
import { importInEarnest } from '../../actions/importInEarnest.ts'
import type { Deps } from '../../deps.ts'
import { progressOf } from '../../rules/importProgress.ts'
import { importFile, readPiece } from '../../store/files.ts'
import { importById, refusalsOf } from '../../store/imports.ts'
import type { ImportRow } from '../../store/tables.ts'
import { ImportResult, Progress } from '../../templates/pages/admin/importResult.tsx'
import type { ImportSummary } from '../../templates/pages/admin/imports.tsx'
import { importRemarkIn } from '../../templates/words/admin/importRemarks.ts'
import { importWords } from '../../templates/words/admin/imports.ts'
import { fail } from '../errors.tsx'
import { refusedCsv } from '../refusedCsv.ts'
import { adminLanguage, adminPage, adminProps, currentUser, fragment, type Signed } from './page.tsx'

const REFUSED_SHOWN = 100

/** One import: live progress, result, refused rows, and the step from a trial to the import. */
export function importWatchScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/:id', async (c) => {
    const row = await importById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const refused = row.refused > 0 ? await refusalsOf(deps.store, row.id, 0, REFUSED_SHOWN) : []
    const summary = summaryOf(row)
    const canImport =
      summary.dryRun &&
      summary.state === 'finished' &&
      (await readPiece(deps.store, importFile(row.file_id ?? row.id), 0)) !== null
    return adminPage(
      c,
      deps,
      <ImportResult
        {...adminProps(c, deps)}
        summary={summary}
        timeZone={deps.config.timeZone}
        refused={refused.map(({ row_number, field, message }) => ({ row: row_number, field, message }))}
        canImport={canImport}
        done={c.req.query('done')}
      />,
    )
  })

  // Fetched again by the page while it is open; another state than it shows makes it load itself anew, buttons and all.
  app.get('/:id/progress', async (c) => {
    const row = await importById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const summary = summaryOf(row)
    if (summary.state !== c.req.query('seen')) c.header('HX-Refresh', 'true')
    return fragment(c, deps, <Progress lang={adminLanguage(c)} summary={summary} />)
  })

  app.get('/:id/refused.csv', async (c) => {
    const row = await importById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const lang = adminLanguage(c)
    const w = importWords[lang]
    return refusedCsv(deps, row.id, {
      head: [w.row, w.field, w.mend],
      field: (name) => w.fields[name] ?? name,
      mend: (message) => importRemarkIn(lang, message),
    })
  })

  app.post('/:id/cancel', async (c) => {
    const row = await importById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    await cancelImport(deps, row.id)
    return c.redirect(`/admin/imports/${row.id}?done=cancelled`, 303)
  })

  app.post('/:id/import', async (c) => {
    const row = await importById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const summary = summaryOf(row)
    if (!summary.dryRun || summary.state !== 'finished') return c.redirect(`/admin/imports/${row.id}`, 303)
    const queued = await importInEarnest(deps, row, `user:${currentUser(c)}`)
    // Without its file the page has no button any more and leads to a new upload
    if (!queued.ok) return c.redirect(`/admin/imports/${row.id}`, 303)
    return c.redirect(`/admin/imports/${queued.id}?done=${queued.again ? 'again' : 'queued'}`, 303)
  })

  return app
}

export function summaryOf(row: ImportRow): ImportSummary {
  const { id, kind, added, updated, unchanged, refused, error } = row
  const { dryRun, source } = JSON.parse(row.options) as { dryRun: boolean; source: string }
  const { state, rows } = progressOf(row)
  const counts = { rows, done: row.rows_done, added, updated, unchanged, refused }
  return { id, kind, source, dryRun, state, createdAt: row.created_at, ...counts, error }
}
