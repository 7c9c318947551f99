import { Hono, type Context } from 'hono'
import { changeMailing, copyMailing, createMailing, deleteMailing } from '../../actions/mailingContent.ts'
import { readInput } from '../../actions/mailingInput.ts'
import { previewContent } from '../../actions/previewMailing.ts'
import type { Deps } from '../../deps.ts'
import { priceGroups } from '../../store/mailingChoices.ts'
import { mayMerge, MERGE_PATHS } from '../../rules/mergeFields.ts'
import type { StoredContent } from '../../store/mailingContent.ts'
import { mailingById } from '../../store/mailings.ts'
import { listSegments } from '../../store/segments.ts'
import { listPriceLists } from '../../store/priceLists.ts'
import { openSurveys } from '../../store/surveys.ts'
import type { MailingRow } from '../../store/tables.ts'
import { allTopics } from '../../store/topics.ts'
import { MailingDelete, MailingKinds } from '../../templates/pages/admin/mailings.tsx'
import { MailingEdit, MailingNew } from '../../templates/pages/admin/mailingEdit.tsx'
import type { EditProps, MailingChoices, MailingForm } from '../../templates/pages/admin/mailingForm.tsx'
import { MailingLive } from '../../templates/pages/admin/mailingLive.tsx'
import { fail } from '../errors.tsx'
import { emptyForm, formOf, inputFrom, postedForm, problemsOf, readKind } from './mailingForm.ts'
import { actorOf, after, headOf, namedMailing } from './mailingHead.ts'
import { mailFrame } from './mailFrame.ts'
import { adminLanguage, adminPage, adminProps, fragment, type Signed } from './page.tsx'

/** Writing: a new mailing, a draft's content, the looks at it while it is written, its copy and its end. */
export function mailingEditScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/new', async (c) => {
    const kind = readKind(c.req.query('kind'))
    if (kind === null) return adminPage(c, deps, <MailingKinds {...adminProps(c, deps)} />)
    const topics = (await allTopics(deps)).filter((topic) => topic.kind === kind)
    const chosen = { priceList: c.req.query('priceList') ?? '', survey: c.req.query('survey') ?? '' }
    return showNew(c, { form: { ...emptyForm(kind, topics[0]?.id ?? ''), ...chosen }, problems: [] })
  })

  app.post('/new', async (c) => {
    const { form } = await postedForm(c)
    const lang = adminLanguage(c)
    const read = await inputFrom(deps, lang, form)
    if (!read.ok) return showNew(c, { form, problems: read.problems })
    const made = await createMailing(deps, read.input, actorOf(c))
    if (!made.ok) return showNew(c, { form, problems: problemsOf(lang, made.errors) })
    return after(c, `/${made.mailing.id}/edit`, 'created')
  })

  app.get('/:id/edit', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    if (row.scheduled_at !== null) return c.redirect(`/admin/mailings/${row.id}`)
    return showDraft(c, row, { form: await formOf(deps, row), problems: [], version: row.updated_at })
  })

  app.post('/:id/edit', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const { form: posted, version } = await postedForm(c)
    const form = { ...posted, kind: row.kind }
    const lang = adminLanguage(c)
    const again = (problems: EditProps['problems']) => showDraft(c, row, { form, problems, version })
    const read = await inputFrom(deps, lang, form)
    if (!read.ok) return again(read.problems)
    const saved = await changeMailing(deps, row.id, { ...cleared, ...read.input }, version ?? 0)
    if (saved.ok) return after(c, `/${row.id}/edit`, 'saved')
    if (saved.status !== 409) return again(problemsOf(lang, saved.errors))
    const now = (await mailingById(deps.store, row.id)) ?? row
    return showDraft(c, now, { form, problems: [], version, stale: now.updated_at }, 409)
  })

  // Fetched while somebody writes; nothing is kept of it.
  app.post('/live', async (c) => {
    const lang = adminLanguage(c)
    const { form } = await postedForm(c)
    const look = await looksLike(c, form)
    const { problems, warnings, subject, text } = look
    const remarks = problems.length > 0 ? problems : warnings
    return fragment(
      c,
      deps,
      <MailingLive lang={lang} remarks={remarks} wrong={problems.length > 0} subject={subject} text={text} />,
    )
  })

  // Posted into the frame below the text, so that an unsaved content is seen as it would look.
  app.post('/layout', async (c) => {
    const { form } = await postedForm(c)
    const { problems, html } = await looksLike(c, form)
    const said = problems.map(({ place, message }) => (place ? `${place}: ${message}` : message))
    return mailFrame(c, deps, html ?? said.join('\n'), html === null ? 'text' : 'html')
  })

  app.post('/:id/copy', async (c) => {
    const copied = await copyMailing(deps, c.req.param('id'), actorOf(c))
    return copied.ok ? after(c, `/${copied.mailing.id}/edit`, 'copied') : fail(c, deps, 404)
  })

  app.get('/:id/delete', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    if (row.scheduled_at !== null) return c.redirect(`/admin/mailings/${row.id}`)
    return adminPage(c, deps, <MailingDelete {...adminProps(c, deps)} mailing={row} />)
  })

  app.post('/:id/delete', async (c) => {
    const id = c.req.param('id')
    const gone = await deleteMailing(deps, id)
    if (gone.ok || gone.status === 404) return after(c, '', 'deleted')
    return after(c, `/${id}`, 'moved')
  })

  /** A content that is not stored yet, checked and rendered for a made-up reader. */
  async function looksLike(c: Context, form: MailingForm) {
    const lang = adminLanguage(c)
    const nothing = { warnings: [], subject: '', text: null, html: null }
    const read = await inputFrom(deps, lang, { ...form, companies: '' })
    if (!read.ok) return { ...nothing, problems: read.problems }
    const checked = await readInput(deps, read.input)
    if (!checked.ok) return { ...nothing, problems: problemsOf(lang, checked.errors) }
    const preview = await previewContent(deps, checked.columns, { language: lang })
    if (!preview.ok) throw new Error('a preview for nobody needs no contact')
    const { subject, text, html } = preview
    return { problems: [], warnings: problemsOf(lang, checked.content.warnings), subject, text, html }
  }

  async function showNew(c: Context<Signed>, shown: Pick<EditProps, 'form' | 'problems'>) {
    const choices = await choicesFor(c, shown.form)
    const status = shown.problems.length > 0 ? 422 : 200
    return adminPage(
      c,
      deps,
      <MailingNew {...adminProps(c, deps)} {...shown} choices={choices} warnings={[]} version={null} />,
      status,
    )
  }

  async function showDraft(
    c: Context<Signed>,
    row: MailingRow,
    shown: Pick<EditProps, 'form' | 'problems' | 'version' | 'stale'>,
    status: 200 | 409 | 422 = shown.problems.length > 0 ? 422 : 200,
  ) {
    const { warnings } = JSON.parse(row.content) as StoredContent
    const lang = adminLanguage(c)
    const choices = await choicesFor(c, shown.form)
    return adminPage(
      c,
      deps,
      <MailingEdit
        {...adminProps(c, deps)}
        {...shown}
        mailing={headOf(deps, row)}
        choices={choices}
        warnings={status === 200 ? problemsOf(lang, warnings) : []}
        done={c.req.query('done')}
      />,
      status,
    )
  }

  async function choicesFor(c: Context, form: MailingForm): Promise<MailingChoices> {
    const lang = adminLanguage(c)
    const [topics, groups, segments, priceLists, surveys] = await Promise.all([
      allTopics(deps),
      priceGroups(deps.store),
      listSegments(deps.store),
      form.kind === 'price_list' ? listPriceLists(deps.store) : [],
      form.kind === 'survey' ? openSurveys(deps.store, deps.now()) : [],
    ])
    const ofKind = topics.filter(({ kind }) => kind === form.kind)
    const topic = ofKind.find(({ id }) => id === form.topic) ?? ofKind[0]
    const allowed = topic ? deps.register.purposes[topic.purpose].fields : []
    const { name, address } = deps.config.mailFrom
    return {
      topics: ofKind.map(({ id, names }) => ({ value: id, label: names[lang] })),
      priceLists: priceLists.map((list) => ({ value: list.id, label: list.name })),
      surveys: surveys.map((survey) => ({ value: survey.id, label: survey.name })),
      segments: segments.map((segment) => ({ value: segment.id, label: segment.name })),
      priceGroups: [...new Set([...groups, ...form.priceGroups])],
      tags: [
        ...MERGE_PATHS.filter((path) => mayMerge(path, allowed)),
        ...(form.kind === 'price_list' ? (['priceTable'] as const) : []),
      ],
      usualSender: name === '' ? address : `${name} <${address}>`,
    }
  }

  return app
}

/** What a form that says nothing of them takes away. */
const cleared = {
  audience: undefined,
  from: undefined,
  replyTo: undefined,
  priceList: undefined,
  pricesOn: undefined,
  survey: undefined,
  remindAfterDays: undefined,
}
