import type { AdminProps } from '../admin.tsx'
import type { Language } from '../../words/index.ts'
import { mailingStepWords, mailingWords } from '../../words/admin/mailings.ts'
import { ProblemList, SelectControl, TextControl } from './mailingControls.tsx'
import { MailingPage, type MailingHead } from './mailingPage.tsx'

/** The message as its readers see it: on a desk, on a phone, as text. */
export const MailingPreview = (
  props: AdminProps & {
    mailing: MailingHead
    subject: string
    text: string
    /** where the HTML part stands alone */
    htmlHref: string
    /** whose data it shows; null = a made-up reader's */
    shownTo: string | null
    shownIn: Language
    /** what was looked up and is no contact */
    unknown?: string | undefined
  },
) => {
  const { lang, mailing, unknown } = props
  const w = mailingStepWords[lang].preview
  const { languageNames } = mailingWords[lang].form
  const problems = unknown === undefined ? [] : [{ path: 'address', message: w.unknown }]
  const languages = (['fi', 'sv', 'en'] as const).map((value) => ({ value, label: languageNames[value] }))
  return (
    <MailingPage {...props} tab="preview" problem={problems.length > 0}>
      <ProblemList title={w.as} problems={problems} />
      <h2>{w.as}</h2>
      <form method="post" action={`/admin/mailings/${mailing.id}/preview`}>
        <div class="grid">
          <TextControl
            lang={lang}
            name="address"
            label={w.address}
            hint={w.addressHint}
            kind="email"
            value={unknown ?? ''}
            problems={problems}
            optional
          />
          <SelectControl
            lang={lang}
            name="language"
            label={w.language}
            hint={w.languageHint}
            value=""
            choices={languages}
            none={w.own}
            problems={[]}
          />
        </div>
        <button>{w.show}</button>
      </form>
      <p class="note">{w.shownTo(props.shownTo ?? w.sample, languageNames[props.shownIn])}</p>
      <p>
        {w.subject}: <strong>{props.subject}</strong>
      </p>
      <div class="frames">
        <section>
          <h2>{w.desktop}</h2>
          <iframe
            class="desktop"
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            src={props.htmlHref}
            title={w.desktop}
          />
        </section>
        <section>
          <h2>{w.phone}</h2>
          <iframe
            class="phone"
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            src={props.htmlHref}
            title={w.phone}
          />
        </section>
      </div>
      <section>
        <h2>{w.text}</h2>
        <p class="hint">{w.textHint}</p>
        <pre>{props.text}</pre>
      </section>
    </MailingPage>
  )
}
