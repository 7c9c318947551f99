import { Hono, type Context } from 'hono'
import { addForm, changeForm, type SaveFormResult } from '../../actions/saveForm.ts'
import { defaultWording } from '../../actions/seed.ts'
import type { Deps } from '../../deps.ts'
import { inLanguage, TRAP, type Language } from '../../rules/form.ts'
import { formOf, listForms, wordingsOf, type Form } from '../../store/forms.ts'
import { allTopics } from '../../store/topics.ts'
import { staffAddresses } from '../../store/users.ts'
import { embedCode } from '../../templates/embedCode.ts'
import type { DraftProblem, FormDraft } from '../../templates/pages/admin/formDraft.ts'
import { FormEdit } from '../../templates/pages/admin/formEdit.tsx'
import { FormEmbed, FormList } from '../../templates/pages/admin/forms.tsx'
import { formWords } from '../../templates/words/admin/forms.ts'
import { fail } from '../errors.tsx'
import { fieldsOf } from '../formFields.ts'
import { asLanguage } from '../page.tsx'
import { definitionOf, idFrom, savingProblems } from './formDefinition.ts'
import { draftOf, emptyDraft, postedDraft, rearranged } from './formDraft.ts'
import { adminPage, adminProps, currentUser, type Signed } from './page.tsx'

/** More than any company has; the API pages through them. */
const SHOWN = 200

type EditedForm = Form & { kind: FormDraft['kind'] }

/** Forms: what they ask, how they ask it, where they stand. */
export function formScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/', async (c) => {
    const props = adminProps(c, deps)
    const ids = await listForms(deps.store, '', SHOWN)
    const forms = (await Promise.all(ids.map((id) => formOf(deps, id)))).filter(isEdited).map((form) => ({
      id: form.id,
      kind: form.kind,
      title: inLanguage(form.definition.title, props.lang),
      topics: form.topics.map(({ names }) => names[props.lang]),
    }))
    return adminPage(c, deps, <FormList {...props} forms={forms} />)
  })

  app.get('/new', async (c) => {
    const kind = readKind(c.req.query('kind'))
    const topics = (await allTopics(deps)).map(({ id }) => id)
    return edit(c, emptyDraft(kind, topics, defaultWording(deps.config.company.name)), null)
  })

  app.post('/new', async (c) => {
    const posted = await postedDraft(c, null, readKind(c.req.query('kind')))
    const { lang } = adminProps(c, deps)
    if (posted.pressed !== 'save') return edit(c, rearranged(posted), null, { done: said(lang, posted.pressed) })
    const draft = { ...posted.draft, id: posted.draft.id || idFrom(posted.draft.title) }
    const read = definitionOf(draft, lang)
    // Made from the title: while that is missing, there is nothing to mend here.
    const isRight = /^[a-z0-9][a-z0-9-]{0,39}$/.test(draft.id) || (draft.id === '' && !read.ok)
    const wrongId = isRight ? [] : [{ at: 'id', message: formWords[lang].faults.id }]
    if (!read.ok || wrongId.length > 0)
      return edit(c, posted.draft, null, { problems: [...wrongId, ...(read.ok ? [] : read.problems)] })
    const { id, kind, wordings } = draft
    const saved = await addForm(deps, { id, kind, definition: read.definition, wordings }, `user:${currentUser(c)}`)
    return saved.ok
      ? c.redirect(`/admin/forms/${id}?done=added`, 303)
      : edit(c, posted.draft, null, { problems: problemsOf(saved, lang) })
  })

  app.get('/:id', async (c) => {
    const form = await formOf(deps, c.req.param('id'))
    if (!isEdited(form)) return fail(c, deps, 404)
    const { done } = formWords[adminProps(c, deps).lang]
    const key = c.req.query('done') ?? ''
    const told = Object.hasOwn(done, key) ? done[key as keyof typeof done] : undefined
    return edit(c, draftOf(form), form.updatedAt, told === undefined ? {} : { done: told })
  })

  app.post('/:id', async (c) => {
    const form = await formOf(deps, c.req.param('id'))
    if (!isEdited(form)) return fail(c, deps, 404)
    const posted = await postedDraft(c, form.id, form.kind)
    const seen = posted.seen ?? form.updatedAt
    const { lang } = adminProps(c, deps)
    if (posted.pressed !== 'save') return edit(c, rearranged(posted), seen, { done: said(lang, posted.pressed) })
    const read = definitionOf(posted.draft, lang)
    if (!read.ok) return edit(c, posted.draft, seen, { problems: read.problems })
    const { wordings } = posted.draft
    const saved = await changeForm(deps, form.id, read.definition, `user:${currentUser(c)}`, { wordings, seen })
    return saved.ok
      ? c.redirect(`/admin/forms/${form.id}?done=saved`, 303)
      : edit(c, posted.draft, seen, { problems: problemsOf(saved, lang) })
  })

  app.get('/:id/embed', async (c) => {
    const form = await formOf(deps, c.req.param('id'))
    if (!isEdited(form)) return fail(c, deps, 404)
    const props = adminProps(c, deps)
    const languages = form.definition.languages
    const wish = asLanguage(c.req.query('in')) ?? props.lang
    const codeIn = languages.includes(wish) ? wish : (languages[0] ?? wish)
    const code = (script: boolean) => embedCode(codeOf(form, codeIn, `${deps.config.publicUrl}/f/${form.id}`, script))
    return adminPage(
      c,
      deps,
      <FormEmbed
        {...props}
        id={form.id}
        title={inLanguage(form.definition.title, props.lang)}
        url={`${deps.config.publicUrl}/f/${form.id}`}
        codeLanguages={languages}
        codeIn={codeIn}
        withScript={code(true)}
        plain={code(false)}
        hasOrigins={form.definition.allowedOrigins.length > 0}
      />,
    )
  })

  async function edit(
    c: Context<Signed>,
    draft: FormDraft,
    seen: number | null,
    { problems = [], done }: { problems?: readonly DraftProblem[]; done?: string } = {},
  ) {
    const { config, store } = deps
    const props = adminProps(c, deps)
    const [topics, users, wordings] = await Promise.all([
      allTopics(deps),
      staffAddresses(store),
      seen === null ? [] : wordingsOf(store, draft.id),
    ])
    const configured = [config.enquiryTo, ...config.alertTo, config.mailFrom.address].filter((one) => one !== null)
    return adminPage(
      c,
      deps,
      <FormEdit
        {...props}
        draft={draft}
        seen={seen}
        topics={topics.map(({ id, names }) => ({ id, name: names[props.lang] }))}
        mailboxes={[...new Set([...users, ...configured])]}
        defaultMailbox={config.enquiryTo ?? config.mailFrom.address}
        history={wordings.map(({ created_at: at, language, text }) => ({ at, language, text }))}
        timeZone={config.timeZone}
        problems={problems}
        done={done}
      />,
      problems.length > 0 ? 422 : 200,
    )
  }

  return app
}

function codeOf(form: EditedForm, lang: Language, action: string, script: boolean) {
  const { current, kind, topics } = form
  const wording = current[lang] ?? current.fi ?? current.sv ?? current.en
  return {
    action,
    lang,
    fields: fieldsOf(form, lang),
    topics: topics.map(({ id, names }) => ({ id, name: names[lang] })),
    kind: kind === 'signup' ? ('sign_up' as const) : ('enquiry' as const),
    wording: topics.length === 0 ? null : (wording ?? null),
    trap: TRAP,
    script,
  }
}

/** Forms of events are made with their events. */
function isEdited(form: Form | null): form is EditedForm {
  return form !== null && form.kind !== 'registration'
}

function readKind(text: string | undefined): FormDraft['kind'] {
  return text === 'contact' || text === 'feedback' ? text : 'signup'
}

function said(lang: Language, pressed: string): string {
  return pressed === 'add' ? formWords[lang].added : formWords[lang].unsaved
}

function problemsOf(saved: Extract<SaveFormResult, { ok: false }>, lang: Language): DraftProblem[] {
  if ('errors' in saved) return savingProblems(saved.errors, lang)
  return [{ at: 'main', message: formWords[lang].faults.stale }]
}
