import type { Language } from '../../words/index.ts'
import { mailingWords } from '../../words/admin/mailings.ts'
import { SelectControl, TextControl, type ControlProblem } from './mailingControls.tsx'
import type { MailingChoices, MailingForm } from './mailingForm.tsx'

type Part = { lang: Language; problems: readonly ControlProblem[]; form: MailingForm; choices: MailingChoices }

/** Which price list it sends, and the prices of which day. */
export const MailingPrices = ({ lang, problems, form, choices }: Part) => {
  const w = mailingWords[lang].form
  const common = { lang, problems }
  if (choices.priceLists.length === 0) return <Missing lang={lang} text={w.noPriceLists} href="/admin/price-lists" />
  return (
    <>
      <SelectControl
        {...common}
        name="priceList"
        label={w.priceList}
        value={form.priceList}
        choices={choices.priceLists}
        none={w.noneChosen}
      />
      <TextControl
        {...common}
        name="pricesOn"
        label={w.pricesOn}
        hint={w.pricesOnHint}
        kind="date"
        value={form.pricesOn}
        optional
      />
    </>
  )
}

/** Which survey it invites to, and whether it reminds. */
export const MailingSurvey = ({ lang, problems, form, choices }: Part) => {
  const w = mailingWords[lang].form
  if (choices.surveys.length === 0) return <Missing lang={lang} text={w.noSurveys} href="/admin/surveys" />
  const days = [3, 5, 7, 10, 14].map((n) => ({ value: String(n), label: w.remindDays(n) }))
  return (
    <>
      <SelectControl
        lang={lang}
        problems={problems}
        name="survey"
        label={w.survey}
        value={form.survey}
        choices={choices.surveys}
        none={w.noneChosen}
      />
      <SelectControl
        lang={lang}
        problems={problems}
        name="remindAfterDays"
        label={w.remind}
        hint={w.remindHint}
        value={form.remindAfterDays}
        choices={days}
        none={w.noReminder}
      />
    </>
  )
}

const Missing = ({ lang, text, href }: { lang: Language; text: string; href: string }) => (
  <p class="note">
    {text} <a href={href}>{mailingWords[lang].form.addOne}</a>
  </p>
)
