import { surveyAdminWords } from '../../words/admin/surveys.ts'
import type { Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'

type Texts = { fi: string; sv: string; en: string }
export type SurveyDraft = {
  name: string
  /** local time, `2026-12-31T16:00`; '' = no end */
  closesAt: string
  anonymous: boolean
  smallestGroup: string
  questions: readonly {
    id: string
    kind: 'nps' | 'csat' | 'ces' | 'choice' | 'text'
    text: Texts
    /** one choice a line */
    choices: Texts
  }[]
}

export type SurveyFormProps = {
  lang: Language
  action: string
  draft: SurveyDraft
  timeZone: string
  /** Which state of the survey the form was made from; '' = of none. */
  version: string
  /** People were asked already: only name and end may change. */
  frozen: boolean
  /** `id` of the control and what is wrong with it. */
  problems: readonly { id: string; message: string }[]
  backHref: string
}

const languages = ['fi', 'sv', 'en'] as const
const kinds = ['nps', 'csat', 'ces', 'choice', 'text'] as const

export const SurveyEdit = (props: AdminProps & SurveyFormProps & { isNew: boolean }) => {
  const w = surveyAdminWords[props.lang]
  return (
    <AdminPage {...props} title={props.isNew ? w.add : w.edit} current="surveys" problem={props.problems.length > 0}>
      <SurveyForm {...props} />
    </AdminPage>
  )
}

/**
 * The whole form. Its buttons post `do`: `save`, `add`, or `up`, `down` and `remove` with the question's number; without scripts
 * the page comes again, with them only the form.
 */
export const SurveyForm = (props: SurveyFormProps) => {
  const { draft, frozen, problems } = props
  const w = surveyAdminWords[props.lang]
  return (
    <form method="post" action={props.action} id="survey-form" novalidate>
      {problems.length > 0 ? (
        <div class="note bad" role="alert" tabindex={-1} autofocus>
          <h2>{w.mistakes}</h2>
          <ul>
            {problems.map(({ id, message }) => (
              <li>
                <a href={`#${id}`}>{message}</a>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {/* Enter in a field presses the form's first button: that is to be this one. */}
      <button class="v" name="do" value="save" tabindex={-1} aria-hidden="true" children={w.save} />
      <input type="hidden" name="version" value={props.version} />
      {frozen ? <p class="note" children={w.inUse} /> : null}
      <Input {...props} id="name" label={w.name} hint={w.nameHint} value={draft.name} maxlength={200} />
      <Input
        {...props}
        id="closesAt"
        label={w.closesAt}
        hint={w.closesHint(props.timeZone)}
        value={draft.closesAt}
        type="datetime-local"
      />
      {frozen ? null : (
        <>
          <div class="field">
            <label class="tick">
              <input type="checkbox" name="anonymous" checked={draft.anonymous} />
              <span>{w.anonymous}</span>
            </label>
          </div>
          <Input
            {...props}
            id="smallestGroup"
            label={w.smallestGroup}
            hint={w.smallestHint}
            value={draft.smallestGroup}
            type="number"
          />
          <h2 id="questions">{w.questions}</h2>
          <p>
            {w.first} {w.fallback}
          </p>
          {draft.questions.map((question, n) => (
            <OneQuestion {...props} question={question} n={n + 1} />
          ))}
          <section aria-labelledby="add">
            <h3 id="add">{w.addQuestion}</h3>
            <div class="field">
              <label for="newKind">{w.addKind}</label>
              <KindSelect lang={props.lang} id="newKind" name="newKind" value="text" />
            </div>
            <div class="actions">
              <Step {...props} value="add" label={w.addQuestion} />
            </div>
          </section>
        </>
      )}
      <div class="actions">
        <button class="main" name="do" value="save" children={w.save} />
        <a class="button" href={props.backHref} children={w.cancel} />
      </div>
    </form>
  )
}

/** A button that changes the form and keeps nothing. */
const Step = (props: SurveyFormProps & { value: string; label: string; name?: string }) => (
  <button
    name="do"
    value={props.value}
    aria-label={props.name}
    hx-post={props.action}
    hx-target="#survey-form"
    hx-swap="outerHTML"
    children={props.label}
  />
)

const OneQuestion = (props: SurveyFormProps & { question: SurveyDraft['questions'][number]; n: number }) => {
  const { question, n, draft, lang } = props
  const w = surveyAdminWords[lang]
  const at = `q${n}`
  return (
    <section aria-labelledby={`${at}-title`}>
      <h3 id={`${at}-title`}>{w.question(n)}</h3>
      <input type="hidden" name={`${at}.id`} value={question.id} />
      <div class="field">
        <label for={`${at}.kind`}>{w.kind}</label>
        <KindSelect lang={lang} id={`${at}.kind`} name={`${at}.kind`} value={question.kind} />
      </div>
      {languages.map((language) => (
        <Input
          {...props}
          id={`${at}.text.${language}`}
          label={w.text[language]}
          value={question.text[language]}
          maxlength={500}
          inLanguage={language}
        />
      ))}
      {question.kind === 'choice' ? (
        <>
          <p class="hint" id={`${at}-hint`} children={w.choicesHint} />
          <div class="grid">
            {languages.map((language) => (
              <div class="field">
                <label for={`${at}.choices.${language}`}>{w.choices[language]}</label>
                <textarea
                  id={`${at}.choices.${language}`}
                  name={`${at}.choices.${language}`}
                  rows={4}
                  lang={language}
                  aria-describedby={`${at}-hint`}
                  aria-invalid={
                    props.problems.some(({ id }) => id === `${at}.choices.${language}`) ? 'true' : undefined
                  }
                  children={question.choices[language]}
                />
              </div>
            ))}
          </div>
        </>
      ) : null}
      <div class="actions">
        {n > 1 ? <Step {...props} value={`up:${n}`} label="↑" name={w.up(n)} /> : null}
        {n < draft.questions.length ? <Step {...props} value={`down:${n}`} label="↓" name={w.down(n)} /> : null}
        {draft.questions.length > 1 ? <Step {...props} value={`remove:${n}`} label={w.remove(n)} /> : null}
      </div>
    </section>
  )
}

const KindSelect = (props: { lang: Language; id: string; name: string; value: string }) => (
  <select id={props.id} name={props.name}>
    {kinds.map((kind) => (
      <option value={kind} selected={kind === props.value}>
        {surveyAdminWords[props.lang].kinds[kind]}
      </option>
    ))}
  </select>
)

const Input = (
  props: Pick<SurveyFormProps, 'problems'> & {
    id: string
    label: string
    hint?: string
    value: string
    type?: 'datetime-local' | 'number'
    maxlength?: number
    inLanguage?: Language
  },
) => {
  const { id, hint } = props
  const message = props.problems.find((problem) => problem.id === id)?.message
  const describedBy = [hint && `${id}-hint`, message && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {hint ? <p class="hint" id={`${id}-hint`} children={hint} /> : null}
      {message ? <p class="err" id={`${id}-error`} children={message} /> : null}
      <input
        id={id}
        name={id}
        type={props.type ?? 'text'}
        value={props.value}
        maxlength={props.maxlength}
        lang={props.inLanguage}
        aria-invalid={message ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
      />
    </div>
  )
}
