import { addUser } from '../src/actions/addUser.ts'
import { addForm, changeForm } from '../src/actions/saveForm.ts'
import { formDefinition, type FormDefinition } from '../src/rules/form.ts'
import type { TestApp } from './app.ts'

export const colleague = 'asiakaspalvelu@myyja.example'

export const message = {
  name: 'viesti',
  kind: 'textarea',
  label: { fi: 'Viesti', sv: 'Meddelande', en: 'Message' },
  required: true,
} as const

/** A contact form whose enquiries go to a colleague, who is a user. */
export async function contactForm(
  t: TestApp,
  change: Record<string, unknown> = {},
  { id = 'yhteys', kind = 'contact' as 'contact' | 'feedback' } = {},
): Promise<FormDefinition> {
  await addUser(t.deps, { email: colleague, name: 'Asiakaspalvelu', language: 'fi' }, 'test')
  const definition = formDefinition.parse({
    title: { fi: 'Ota yhteyttä', sv: 'Kontakta oss', en: 'Contact us' },
    fields: [{ name: 'name' }, { name: 'company' }, { name: 'phone' }, message],
    mailbox: colleague,
    ...change,
  })
  const wordings = {
    fi: 'Jos valitset aiheita, tilaat ne sähköpostiisi. Lähettäjä on Myyjä Oy. Voit perua milloin tahansa.',
  }
  const saved = await addForm(t.deps, { id, kind, definition, wordings }, 'test')
  if (!saved.ok) throw new Error(JSON.stringify(saved))
  return definition
}

/** Changes a form that is there. */
export async function change(t: TestApp, id: string, definition: FormDefinition) {
  const saved = await changeForm(t.deps, id, definition, 'test')
  if (!saved.ok) throw new Error(JSON.stringify(saved))
}

export const enquiriesOf = (t: TestApp) => t.deps.store.db.selectFrom('enquiries').selectAll().orderBy('id').execute()
