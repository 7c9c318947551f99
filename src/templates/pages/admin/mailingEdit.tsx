import { AdminPage, type AdminProps } from '../admin.tsx'
import { mailingWords } from '../../words/admin/mailings.ts'
import { MailingFields, type EditProps } from './mailingForm.tsx'
import { mailingHref, MailingPage, type MailingHead } from './mailingPage.tsx'

/** The content of a new mailing. */
export const MailingNew = (props: AdminProps & EditProps) => {
  const w = mailingWords[props.lang]
  return (
    <AdminPage {...props} title={w.newTitle[props.form.kind]} current="mailings" problem={props.problems.length > 0}>
      <MailingFields {...props} action="/admin/mailings/new" />
    </AdminPage>
  )
}

/** The content of a draft. */
export const MailingEdit = (props: AdminProps & EditProps & { mailing: MailingHead; done?: string | undefined }) => {
  const { lang, mailing } = props
  const w = mailingWords[lang]
  return (
    <MailingPage {...props} tab="edit" problem={props.problems.length > 0 || props.stale !== undefined}>
      <MailingFields
        {...props}
        action={mailingHref(mailing.id, 'edit')}
        layoutHref={`${mailingHref(mailing.id, 'preview')}/html?in=${lang}`}
      />
      <section>
        <div class="actions">
          <form method="post" action={`/admin/mailings/${mailing.id}/copy`}>
            <button>{w.copy}</button>
          </form>
          <a class="button danger" href={`/admin/mailings/${mailing.id}/delete`}>
            {w.remove}
          </a>
        </div>
      </section>
    </MailingPage>
  )
}
