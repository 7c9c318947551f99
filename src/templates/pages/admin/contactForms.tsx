import { banWords } from '../../words/admin/bans.ts'
import { contactWords } from '../../words/admin/contacts.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { Fields, Problems, type Field, type Problem, type Values } from '../fields.tsx'
import { ButtonForm } from '../page.tsx'

type FormProps = AdminProps & { id: string; name: string; values: Values; problems: readonly Problem[] }

/** What can be changed of a contact, in the order of the form. */
export function contactFields(lang: Language): Field[] {
  const w = contactWords[lang]
  const choices = <Key extends string>(names: Record<Key, string>) =>
    (Object.keys(names) as Key[]).map((value) => ({ value, label: names[value] }))
  return [
    { name: 'email', label: w.email, kind: 'email', required: true, hint: w.movedHint, maxLength: 254 },
    { name: 'name', label: w.name, kind: 'text', maxLength: 200 },
    { name: 'company', label: w.company, kind: 'text', maxLength: 200 },
    { name: 'title', label: w.jobTitle, kind: 'text', maxLength: 200 },
    { name: 'phone', label: w.phone, kind: 'tel', maxLength: 50 },
    { name: 'language', label: w.language, kind: 'select', required: true, choices: choices(w.languages) },
    { name: 'addressClass', label: w.addressClass, kind: 'select', hint: w.classHint, choices: choices(w.classes) },
    { name: 'externalId', label: w.externalId, kind: 'text', maxLength: 200 },
    { name: 'source', label: w.source, kind: 'text', required: true, maxLength: 200 },
  ]
}

/** @param seen the version that the form shows */
export const ContactEdit = (props: FormProps & { seen: string }) => {
  const { lang, id, problems } = props
  const fields = contactFields(lang)
  return (
    <AdminPage {...props} title={contactWords[lang].editTitle} current="contacts" problem={problems.length > 0}>
      <p class="soft">{props.name}</p>
      <Problems lang={lang} fields={fields} problems={problems} />
      <form method="post" action={`/admin/contacts/${id}/edit`}>
        <input type="hidden" name="seen" value={props.seen} />
        <Fields lang={lang} fields={fields} problems={problems} values={props.values} />
        <p class="actions">
          <button class="main" type="submit" children={shellWords[lang].save} />
          <a class="button" href={`/admin/contacts/${id}`} children={shellWords[lang].cancel} />
        </p>
      </form>
    </AdminPage>
  )
}

/** The person asked us to stop. @param scopes what a ban can be about, in words */
export const ContactObjection = (props: FormProps & { scopes: readonly { value: string; label: string }[] }) => {
  const { lang, id, problems } = props
  const w = contactWords[lang]
  const bans = banWords[lang]
  const fields: Field[] = [
    { name: 'scope', label: bans.scope, kind: 'select', choices: props.scopes, required: true },
    { name: 'reason', label: bans.reason, kind: 'text', hint: bans.keptHint, maxLength: 500 },
  ]
  return (
    <AdminPage {...props} title={w.objectTitle} current="contacts" problem={problems.length > 0}>
      <p>
        <strong>{props.name}</strong>
      </p>
      <p>{w.objectText}</p>
      <Problems lang={lang} fields={fields} problems={problems} />
      <form method="post" action={`/admin/contacts/${id}/object`}>
        <Fields lang={lang} fields={fields} problems={problems} values={props.values} />
        <p class="actions">
          <button class="main" type="submit" children={w.object} />
          <a class="button" href={`/admin/contacts/${id}`} children={shellWords[lang].cancel} />
        </p>
      </form>
    </AdminPage>
  )
}

export const ContactErase = (props: AdminProps & { id: string; name: string }) => {
  const w = contactWords[props.lang]
  return (
    <AdminPage {...props} title={w.eraseTitle} current="contacts">
      <p>
        <strong>{props.name}</strong>
      </p>
      <p>{w.eraseText}</p>
      <div class="actions">
        <ButtonForm action={`/admin/contacts/${props.id}/erase`} label={w.eraseConfirm} look="danger" />
        <a class="button" href={`/admin/contacts/${props.id}`} children={shellWords[props.lang].cancel} />
      </div>
    </AdminPage>
  )
}
