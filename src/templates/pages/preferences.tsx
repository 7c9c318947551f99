import { formatDay, words, type Language } from '../words/index.ts'
import { ButtonForm, Page, type PageProps } from './page.tsx'

const languages: readonly Language[] = ['fi', 'sv', 'en']

/**
 * A person's own settings, opened from a mailed link. Everything posts to `action`, with `do` = `save` (with `language`,
 * `consent` and `topics`, repeated; no `topics` means none), `ban` or `lift`.
 * @param chosen the language that messages are written in
 * @param wording what ticking a new topic agrees to
 * @param ban an own ban on all direct marketing; `at` in milliseconds UTC
 * @param dataHref answers with the person's data as JSON
 * @param eraseHref opens ErasePage
 * @param done what was just done here, if anything
 */
export const PreferencesPage = (
  props: PageProps & {
    email: string
    action: string
    topics: readonly { id: string; name: string; on: boolean }[]
    chosen: Language
    wording: { id: string; text: string }
    ban: { at: number } | null
    timeZone: string
    dataHref: string
    eraseHref: string
    done?: string | undefined
  },
) => {
  const w = words[props.lang].preferences
  return (
    <Page {...props} title={w.title}>
      {props.done ? (
        <p class="note" role="status">
          {props.done}
        </p>
      ) : null}
      <p>
        {words[props.lang].page.address}: <strong>{props.email}</strong>
      </p>
      <form method="post" action={props.action}>
        <input type="hidden" name="do" value="save" />
        <input type="hidden" name="consent" value={props.wording.id} />
        <fieldset>
          <legend>{w.topics}</legend>
          <p class="hint">{w.topicsHint}</p>
          {props.topics.map((topic) => (
            <label class="tick">
              <input type="checkbox" name="topics" value={topic.id} checked={topic.on} />
              <span>{topic.name}</span>
            </label>
          ))}
        </fieldset>
        <p class="note">{props.wording.text}</p>
        <div class="field">
          <label for="language">{w.language}</label>
          <select id="language" name="language">
            {languages.map((language) => (
              <option value={language} lang={language} selected={language === props.chosen}>
                {words[language].languageName}
              </option>
            ))}
          </select>
        </div>
        <button class="main">{w.save}</button>
      </form>
      <section>
        <h2>{w.banTitle}</h2>
        {props.ban ? (
          <>
            <p>{w.banned(formatDay(props.lang, props.ban.at, props.timeZone))}</p>
            <ButtonForm action={props.action} label={w.lift} name="do" value="lift" />
          </>
        ) : (
          <>
            <p>{w.banText}</p>
            <ButtonForm action={props.action} label={words[props.lang].page.ban} name="do" value="ban" />
          </>
        )}
      </section>
      <section>
        <h2>{w.dataTitle}</h2>
        <p class="links">
          <a href={props.dataHref} download>
            {w.data}
          </a>
          <a href={props.eraseHref}>{w.erase}</a>
        </p>
      </section>
    </Page>
  )
}

/** @param topics names of what the person gets now */
export const PreferencesSaved = (props: PageProps & { topics: readonly string[]; backHref: string }) => {
  const w = words[props.lang].preferences
  return (
    <Page {...props} title={w.savedTitle}>
      <p>{w.saved}</p>
      <p>{props.topics.length > 0 ? w.on : w.none}</p>
      <ul>
        {props.topics.map((name) => (
          <li>{name}</li>
        ))}
      </ul>
      <p class="links">
        <a href={props.backHref}>{w.back}</a>
      </p>
    </Page>
  )
}

/** Asks once more before anything is erased. Posts `do=erase`. */
export const ErasePage = (props: PageProps & { action: string; backHref: string }) => {
  const w = words[props.lang]
  return (
    <Page {...props} title={w.erase.title}>
      <p>{w.erase.text}</p>
      <p>{w.erase.kept}</p>
      <p>{w.erase.law}</p>
      <ButtonForm action={props.action} label={w.erase.button} look="danger" name="do" value="erase" />
      <p class="links">
        <a href={props.backHref}>{w.preferences.back}</a>
      </p>
    </Page>
  )
}

/** Says what was kept, too (GDPR Art. 12(4) and 17(3)(b)). */
export const ErasedPage = (props: PageProps) => {
  const w = words[props.lang].erase
  return (
    <Page {...props} title={w.doneTitle}>
      <p>{w.done}</p>
      <p>{w.kept}</p>
      <p>{w.law}</p>
    </Page>
  )
}
