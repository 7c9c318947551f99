import { Hono, type Context } from 'hono'
import { countDefinition, removeSegment, saveSegment } from '../../actions/segments.ts'
import type { Deps } from '../../deps.ts'
import { segmentDefinition } from '../../rules/segment.ts'
import { priceGroups } from '../../store/mailingChoices.ts'
import { draftsNaming, listSegments, segmentById } from '../../store/segments.ts'
import { allTopics } from '../../store/topics.ts'
import type { ControlProblem } from '../../templates/pages/admin/mailingControls.tsx'
import { SegmentCount, SegmentEdit, SegmentsList, type SegmentForm } from '../../templates/pages/admin/segments.tsx'
import { segmentWords } from '../../templates/words/admin/segments.ts'
import { fail } from '../errors.tsx'
import { adminLanguage, adminPage, adminProps, fragment, type Signed } from './page.tsx'
import { emptySide, postedSegment, readSegment, segmentFormOf } from './segmentForm.ts'

/** Audiences with a name, for mailings. */
export function segmentScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { store, config } = deps

  app.get('/', async (c) => {
    const segments = (await listSegments(store)).map(({ id, name, updated_at }) => ({
      href: `/admin/segments/${id}`,
      name,
      changedAt: updated_at,
    }))
    const props = { ...adminProps(c, deps), timeZone: config.timeZone, doneKey: c.req.query('done') }
    return adminPage(c, deps, <SegmentsList {...props} segments={segments} />)
  })

  app.get('/new', (c) =>
    edit(c, null, { name: '', combine: 'all', include: emptySide, exclude: emptySide }, { problems: [], count: null }),
  )

  // With htmx a piece of the page, without it the page as it was posted with the count on top.
  app.post('/count', async (c) => {
    const form = await posted(c)
    const read = await readSegment(store, form, segmentWords[adminLanguage(c)].invalid)
    const count = 'definition' in read ? await countDefinition(deps, read.definition) : null
    if (c.req.header('HX-Request') === undefined)
      return edit(c, null, form, { problems: 'problems' in read ? read.problems : [], count })
    const said = 'problems' in read ? read.problems.map(({ message }) => message).join(' ') : ''
    const lang = adminLanguage(c)
    return fragment(c, deps, count === null ? <p class="err">{said}</p> : <SegmentCount lang={lang} count={count} />)
  })

  app.post('/new', async (c) => save(c, null))

  app.get('/:id', async (c) => {
    const row = await segmentById(store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const definition = segmentDefinition.parse(JSON.parse(row.definition))
    const form = await segmentFormOf(store, row.name, definition)
    return edit(c, row.id, form, { problems: [], count: await countDefinition(deps, definition) }, row.name)
  })

  app.post('/:id', async (c) => save(c, c.req.param('id')))

  app.post('/:id/remove', async (c) => {
    const id = c.req.param('id')
    const result = await removeSegment(deps, id)
    if (result.ok) return c.redirect('/admin/segments?done=removed', 303)
    return result.status === 404 ? fail(c, deps, 404) : c.redirect(`/admin/segments/${id}`, 303)
  })

  async function save(c: Context<Signed>, id: string | null) {
    const form = await posted(c)
    const w = segmentWords[adminLanguage(c)].invalid
    const read = await readSegment(store, form, w)
    if ('problems' in read) return edit(c, id, form, { problems: read.problems, count: null })
    const result = await saveSegment(deps, id, { name: form.name, definition: read.definition })
    if (result.ok) return c.redirect(`/admin/segments/${result.segment.id}?done=saved`, 303)
    if (result.status === 404) return fail(c, deps, 404)
    const message = result.status === 409 ? w.taken : w.name
    return edit(c, id, form, { problems: [{ path: 'name', message }], count: null })
  }

  async function edit(
    c: Context<Signed>,
    id: string | null,
    form: SegmentForm | null,
    { problems, count }: { problems: readonly ControlProblem[]; count: number | null },
    name = form?.name ?? '',
  ) {
    const lang = adminLanguage(c)
    const [topics, groups, drafts] = await Promise.all([
      allTopics(deps),
      priceGroups(store),
      id === null ? [] : draftsNaming(store, id),
    ])
    const chosen = form ? [...form.include.priceGroups, ...form.exclude.priceGroups] : []
    return adminPage(
      c,
      deps,
      <SegmentEdit
        {...adminProps(c, deps)}
        id={id}
        name={name}
        form={form}
        choices={{
          topics: topics.map((topic) => ({ value: topic.id, label: topic.names[lang] })),
          priceGroups: [...new Set([...groups, ...chosen])],
        }}
        problems={problems}
        count={count}
        usedBy={drafts.map((draft) => ({ href: `/admin/mailings/${draft.id}`, subject: draft.subject || draft.id }))}
        doneKey={c.req.query('done')}
      />,
      problems.length > 0 ? 422 : 200,
    )
  }

  return app
}

const posted = async (c: Context): Promise<SegmentForm> => postedSegment(new URLSearchParams(await c.req.text()))
