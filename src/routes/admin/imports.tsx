import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { acceptOffer, discardOffer, offerImport, readOffer, type Offer } from '../../actions/offerImport.ts'
import type { Deps } from '../../deps.ts'
import { banColumns, contactColumns } from '../../rules/importColumns.ts'
import { listImports } from '../../store/imports.ts'
import { allTopics } from '../../store/topics.ts'
import { ImportMapping, type MappingValues } from '../../templates/pages/admin/importMapping.tsx'
import { ImportsList, type ImportKind } from '../../templates/pages/admin/imports.tsx'
import { readImportUpload } from '../api/importUpload.ts'
import { fail } from '../errors.tsx'
import { importWatchScreens, summaryOf } from './importsWatch.tsx'
import { adminLanguage, adminPage, adminProps, currentUser, type Signed } from './page.tsx'

const PER_PAGE = 25
/** Of the choices of one file; the file itself was taken in before. */
const CHOICES_MAX = 256 * 1024

/** Imports of contacts and bans: upload, columns, trial, progress, result. */
export function importScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/', (c) => list(c))

  app.post('/upload/:kind', async (c) => {
    const kind = (['contacts', 'bans'] as const).find((one) => one === c.req.param('kind'))
    if (!kind) return fail(c, deps, 404)
    const upload = await readImportUpload(c, deps, 'form only')
    if (!upload.ok) {
      const message = upload.errors[0]?.message ?? 'Send a file.'
      return list(c, { kind, message, status: upload.status === 413 ? 413 : 422 })
    }
    await offerImport(deps, { kind, name: upload.name, file: upload.file }, actorOf(c))
    return c.redirect(`/admin/imports/uploads/${upload.file.importId}`, 303)
  })

  app.get('/uploads/:id', async (c) => {
    const offer = await readOffer(deps, c.req.param('id'))
    return offer ? showMapping(c, offer) : fail(c, deps, 404)
  })

  app.post(
    '/uploads/:id',
    bodyLimit({ maxSize: CHOICES_MAX, onError: (c) => fail(c, deps, 413) }),
    async (c: Context<Signed>) => {
      const offer = await readOffer(deps, c.req.param('id') ?? '')
      if (!offer) return fail(c, deps, 404)
      const body = await c.req.parseBody({ all: true })
      const given = (name: string) => [body[name] ?? []].flat().filter((text) => typeof text === 'string')
      const columns = offer.header.map((_, n) => given(`column.${n}`)[0] || null)
      const names = offer.kind === 'contacts' ? contactOptions : banOptions
      const typed = Object.fromEntries(names.map((name) => [name, given(name)]))
      const queued = await acceptOffer(deps, offer, columns, typed, actorOf(c))
      if (queued.ok) return c.redirect(`/admin/imports/${queued.id}?done=${queued.again ? 'again' : 'queued'}`, 303)
      const one = (name: string) => given(name)[0] ?? ''
      const values = {
        source: one('source'),
        topics: given('topics'),
        rule: one('rule'),
        evidence: one('evidence'),
        language: one('language'),
      }
      return showMapping(c, { ...offer, columns, isRemembered: false }, values, queued.errors)
    },
  )

  app.post('/uploads/:id/discard', async (c) => {
    const offer = await readOffer(deps, c.req.param('id'))
    if (offer) await discardOffer(deps, offer.id)
    return c.redirect('/admin/imports', 303)
  })

  app.route('/', importWatchScreens(deps))

  async function list(c: Context<Signed>, problem?: { kind: ImportKind; message: string; status: 413 | 422 }) {
    const rows = await listImports(deps.store, PER_PAGE + 1, c.req.query('before'))
    const shown = rows.slice(0, PER_PAGE)
    const last = shown.at(-1)
    const moreHref = rows.length > PER_PAGE && last ? `/admin/imports?before=${last.id}` : undefined
    return adminPage(
      c,
      deps,
      <ImportsList
        {...adminProps(c, deps)}
        imports={shown.map(summaryOf)}
        timeZone={deps.config.timeZone}
        moreHref={moreHref}
        problem={problem}
      />,
      problem?.status,
    )
  }

  async function showMapping(
    c: Context<Signed>,
    offer: Offer,
    values: MappingValues = { source: '', topics: [], rule: '', evidence: '', language: adminLanguage(c) },
    problems: readonly { path: string; message: string }[] = [],
  ) {
    return adminPage(
      c,
      deps,
      <ImportMapping
        {...adminProps(c, deps)}
        view={offer}
        known={offer.kind === 'contacts' ? contactColumns : banColumns}
        topics={await allTopics(deps)}
        values={values}
        problems={problems}
      />,
      problems.length > 0 ? 422 : 200,
    )
  }

  return app
}

const contactOptions = ['source', 'topics', 'rule', 'evidence', 'language', 'dryRun'] as const
const banOptions = ['source', 'dryRun'] as const

function actorOf(c: Context<Signed>): string {
  return `user:${currentUser(c)}`
}
