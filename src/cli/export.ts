import type { Command } from 'commander'
import type { Deps } from '../deps.ts'
import { csvLine } from '../rules/csv.ts'
import { refuseColumns } from '../rules/importColumns.ts'
import { bansToExport, contactsToExport, type ExportedContact } from '../store/exports.ts'
import { topicOf, type Topic } from '../store/topics.ts'
import { CommandFailure, leaf, write, type Opened } from './command.ts'

const PAGE = 1000

export function exportCommands(program: Command, opened: Opened): void {
  const parent = program.command('export').description('what is stored, as CSV on standard output')

  leaf(parent, 'contacts', 'contacts, in the form that "import" reads')
    .option('--topic <id>', 'those with an open permission for this topic, with its rule, evidence and date')
    .action(({ topic, json }: { topic?: string; json?: boolean }) =>
      opened(async ({ deps }) => {
        const one = topic === undefined ? null : await topicOf(deps, topic)
        if (topic !== undefined && !one) throw new CommandFailure(`There is no topic "${topic}".`)
        await writeAll(contactLines(deps, one), json)
      }),
    )

  leaf(parent, 'bans', 'bans in force: scope, source and keyed hash; what they ban is not known to anybody').action(
    ({ json }: { json?: boolean }) => opened(({ deps }) => writeAll(banLines(deps), json)),
  )
}

type Line = Record<string, string | number | null>

/** Quoted so that no spreadsheet runs a cell; the first line names the columns. */
async function writeAll(
  { columns, pages }: { columns: readonly string[]; pages: AsyncIterable<Line[]> },
  json: boolean | undefined,
) {
  if (json !== true) await write(csvLine(columns))
  for await (const lines of pages)
    await write(
      lines
        .map((line) =>
          json === true ? `${JSON.stringify(line)}\n` : csvLine(columns.map((column) => line[column] ?? null)),
        )
        .join(''),
    )
}

const contactFields = [
  'email',
  'name',
  'company',
  'businessId',
  'title',
  'phone',
  'language',
  'priceGroup',
  'externalId',
  'address',
] as const
const permissionFields = ['rule', 'evidence', 'consentDate'] as const

/** For a topic only what its purpose may hold (domain.md 1), so that the same columns can be imported for it. */
function contactLines(deps: Deps, topic: Topic | null) {
  const refused =
    topic === null ? [] : refuseColumns(deps.register, [topic.purpose], contactFields).map(({ path }) => path)
  const fields = contactFields.filter((field) => !refused.includes(field))
  const columns = [...fields, ...(topic === null ? [] : permissionFields)]
  const read = (after: string) => contactsToExport(deps.store, topic?.id ?? null, after, deps.now(), PAGE)
  const show = (row: ExportedContact): Line => {
    const line = contactLine(row)
    return Object.fromEntries(columns.map((column) => [column, line[column]]))
  }
  return { columns, pages: pagesOf('', read, ({ strict }) => strict, show) }
}

function contactLine(
  row: ExportedContact,
): Record<(typeof contactFields | typeof permissionFields)[number], string | null> {
  const {
    address: email,
    name,
    company,
    business_id: businessId,
    title,
    phone,
    language,
    price_group: priceGroup,
    external_id: externalId,
  } = row
  const consentDate = row.confirmed_at === null ? null : new Date(row.confirmed_at).toISOString()
  const contact = {
    email,
    name,
    company,
    businessId,
    title,
    phone,
    language,
    priceGroup,
    externalId,
    address: row.company_address,
  }
  return { ...contact, rule: row.rule, evidence: evidenceText(row), consentDate }
}

/** What was said when the permission was recorded; a confirmed sign-up is proved by the ledger and the wording shown. */
function evidenceText({ evidence, wording_id }: ExportedContact): string | null {
  if (evidence === null) return wording_id === null ? null : `Wording ${wording_id}`
  if (!evidence.startsWith('{'))
    return `Ledger event ${evidence}${wording_id === null ? '' : `, wording ${wording_id}`}`
  const { said } = JSON.parse(evidence) as { said: string | object }
  return typeof said === 'string' ? said : JSON.stringify(said)
}

function banLines({ store }: Deps) {
  return {
    columns: ['kind', 'scope', 'source', 'external', 'reason', 'at', 'form', 'hash', 'keyId'],
    pages: pagesOf(
      { hash: '', id: '' },
      (after: { hash: string; id: string }) => bansToExport(store, after, PAGE),
      ({ hash, id }) => ({ hash, id }),
      ({ kind, scope, source, external, reason, at, form, hash, key_id }): Line => ({
        kind,
        scope,
        source,
        external,
        reason,
        at: new Date(at).toISOString(),
        form,
        hash,
        keyId: key_id,
      }),
    ),
  }
}

/** Rows page by page, in bounded memory; the next page begins behind the last row of the one before. */
async function* pagesOf<Row, After>(
  first: After,
  read: (after: After) => Promise<Row[]>,
  behind: (row: Row) => After,
  show: (row: Row) => Line,
): AsyncGenerator<Line[]> {
  for (let after = first; ;) {
    const rows = await read(after)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(show)
    after = behind(last)
  }
}
