import { runImports } from '../../src/actions/runImports.ts'
import { startApp, type TestApp } from '../app.ts'
import type { Engine } from '../stores.ts'

export type Shown = {
  id: string
  state: string
  dryRun: boolean
  rows: number
  added: number
  updated: number
  unchanged: number
  refused: number
  progress: number
  error: string | null
}

/** What every test of a list of subscribers says of it; role addresses need no evidence, everybody else has some. */
export const declared = {
  source: 'Customer register, May 2026',
  topics: 'newsletter',
  rule: 'duty_evidence',
  evidence: 'Named as buyers in their supply contracts',
}

type Options = Record<string, string | string[]>
type File = string | Uint8Array<ArrayBuffer>

/** A whole Postilupa, and imports as its users make them. */
export async function startImports(options: { engine?: Engine['name']; env?: Record<string, string> } = {}) {
  const app = await startApp(options)
  const authorized = { authorization: `Bearer ${app.apiKey}` }
  const api = (path: string, init: RequestInit = {}) =>
    app.request(`/api/v1${path}`, { ...init, headers: { ...authorized, ...init.headers } })

  const post = (path: '/imports' | '/bans/imports', file: File, fields: Options = {}, name = 'list.csv') =>
    api(path, { method: 'POST', body: formOf(file, fields, name) })
  const show = async (path: '/imports' | '/bans/imports', id: string) =>
    (await (await api(`${path}/${id}`)).json()) as Shown

  /** Posts a file, runs it to its end, and says what became of it. */
  const run = async (path: '/imports' | '/bans/imports', file: File, fields: Options = {}): Promise<Shown> => {
    const answer = await post(path, file, fields)
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    const { id } = (await answer.json()) as { id: string }
    await runToEnd(app)
    return show(path, id)
  }

  return {
    ...app,
    api,
    post,
    show,
    importContacts: (file: File, fields: Options = declared) => run('/imports', file, fields),
    importBans: (file: File, fields: Options = {}) => run('/bans/imports', file, fields),
    /** Row number, field and message of every refused row. */
    refusals: async (id: string) =>
      app.deps.store.db
        .selectFrom('import_refusals')
        .select(['row_number', 'field', 'message'])
        .where('import_id', '=', id)
        .orderBy('row_number')
        .execute(),
    contacts: () => app.deps.store.db.selectFrom('contacts').selectAll().orderBy('strict').execute(),
    permissions: () =>
      app.deps.store.db
        .selectFrom('permissions')
        .innerJoin('contacts', 'contacts.id', 'permissions.contact_id')
        .selectAll('permissions')
        .select('contacts.strict')
        .orderBy('permissions.id')
        .execute(),
  }
}

export async function runToEnd({ deps }: Pick<TestApp, 'deps'>) {
  while (await runImports(deps, 1000));
}

export function formOf(file: File, fields: Options, name = 'list.csv'): FormData {
  const form = new FormData()
  for (const [key, value] of Object.entries(fields)) for (const text of [value].flat()) form.append(key, text)
  form.append('file', new Blob([file], { type: 'text/csv' }), name)
  return form
}
