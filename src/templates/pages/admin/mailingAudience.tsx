import type { Language } from '../../words/index.ts'
import { mailingWords } from '../../words/admin/mailings.ts'
import { AreaControl, SelectControl, TickControl, type ControlProblem } from './mailingControls.tsx'
import type { MailingChoices, MailingForm } from './mailingForm.tsx'

/** Who gets it: everybody with a permission for the topic, or only some of them. */
export const MailingAudience = (props: {
  lang: Language
  problems: readonly ControlProblem[]
  form: MailingForm
  choices: MailingChoices
}) => {
  const { lang, problems, form, choices } = props
  const w = mailingWords[lang].form
  const languages = (['fi', 'sv', 'en'] as const).map((value) => ({ value, label: w.languageNames[value] }))
  return (
    <>
      <h2>{w.audience}</h2>
      <p class="hint">{w.audienceHint}</p>
      <div class="grid">
        <TickControl name="languages" label={w.languages} values={form.languages} choices={languages} />
        <TickControl
          name="priceGroups"
          label={w.priceGroups}
          values={form.priceGroups}
          choices={choices.priceGroups.map((value) => ({ value, label: value }))}
        />
      </div>
      <div class="grid">
        {choices.segments.length > 0 || form.segment !== '' ? (
          <SelectControl
            lang={lang}
            problems={problems}
            name="segment"
            label={w.segment}
            value={form.segment}
            choices={choices.segments}
            none={w.everyone}
          />
        ) : null}
        <AreaControl
          lang={lang}
          problems={problems}
          name="companies"
          label={w.companies}
          hint={w.companiesHint}
          value={form.companies}
          rows={3}
          optional
        />
      </div>
    </>
  )
}
