import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openPostilupa, type Postilupa } from '../../src/node.ts'
import { addContacts, addCompanies, addPermissions } from '../../src/store/importedContacts.ts'
import { cleanText } from '../../src/rules/text.ts'
import { startShell } from './command.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 180_000 })

let shell: ReturnType<typeof startShell>
afterEach(() => shell.close())

/** Text as it is stored, formulas, quotes and separators among it; markup is what an import refuses. */
const text = (max: number) =>
  fc
    .oneof(fc.string({ unit: 'grapheme', maxLength: max }), fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', 'ä', ' ', 'a', '\t'), maxLength: max }))
    .map((typed) => cleanText(typed, { field: 'x', max: 200, optional: true }))
    .map((read) => (read.ok && read.value !== '' && !read.value.includes('<') ? read.value : null))

const person = fc.record({
  name: text(20),
  title: text(20),
  external_id: text(8),
  phone: fc.constantFrom(null, '+358401234567', '+46701234567'),
  language: fc.constantFrom('fi', 'sv', 'en'),
  company: fc.constantFrom(null, 0, 1, 2),
  evidence: fc.constantFrom('Signed form at the fair', '=HYPERLINK("https://x.example")', 'two\nlines, "quoted"'),
  daysAgo: fc.nat(300),
})

const companies = [
  { name: 'Yritys, Oy', business_id: '1234567-1', price_group: 'A', address: 'Katu 1, 00100 Helsinki' },
  { name: '=Toinen "Oy"', business_id: null, price_group: '+5 %', address: null },
  { name: 'Kolmas Ab', business_id: '2345678-0', price_group: null, address: null },
]

/** Puts people as they may be stored, each with a consent for the price list, into the store of a folder. */
async function fill({ deps }: Postilupa, people: readonly fc.RecordValue<Record<keyof typeof person extends never ? string : string, fc.Arbitrary<any>>>[]) {
  const now = deps.now()
  const used = new Set<string>()
  const rows = people.map((one, n) => {
    const external_id = one['external_id'] !== null && !used.has(one['external_id']) ? one['external_id'] : null
    used.add(one['external_id'])
    const company = one['company'] === null ? null : companies[one['company']]
    return {
      id: `c${String(n).padStart(6, '0')}`, strict: `row${n}@yritys.example`, address: `Row${n}@yritys.example`, domain: 'yritys.example',
      name: one['name'], title: one['title'], phone: one['phone'], language: one['language'], company_id: company ? `co${one['company']}` : null,
      company_name: company?.name ?? null, external_id, class: 'named_work' as const, keys: '[]',
    }
  })
  await deps.store.batch([
    addCompanies(deps.store, companies.map((company, n) => ({ ...company, id: `co${n}`, form: 'unknown', keys: '[]', created_at: now, updated_at: now }))),
    addContacts(deps.store, rows, 'Register', now),
    addPermissions(
      deps.store,
      people.map((one, n) => ({
        id: `p${n}`, contact_id: `c${String(n).padStart(6, '0')}`, topic: 'price-list', rule: 'consent', basis: 'consent',
        evidence: JSON.stringify({ said: one['evidence'], by: 'system', at: 'then' }), confirmed_at: now - one['daysAgo'] * 86_400_000, expires_at: now + 86_400_000_000,
      })),
      { source: 'Register', by: 'system' },
      now,
    ),
  ])
}

describe('postilupa export', () => {
  it('features 49, F080: what is exported and imported into an empty store is exported again byte for byte', async () => {
    shell = startShell()
    const run = (store: string, ...args: string[]) => shell.run([...args]).then((ran) => ({ store, ...ran }))
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 150, maxLength: 150 }), async (people) => {
        const first = await openPostilupa({ DATABASE_URL: `file:${join(shell.folder, 'data/postilupa.db')}`, MAIL_URL: `outbox:${shell.folder}/outbox` }, { quiet: true })
        await fill(first, people)
        await first.close()
        const exported = await run('first', 'export', 'contacts', '--topic', 'price-list')
        expect(exported.code).toBe(0)
        expect(exported.out).not.toMatch(/(^|,)"[=+\-@\t\r]/m)

        const other = startShell()
        try {
          const { writeFileSync } = await import('node:fs')
          writeFileSync(join(other.folder, 'contacts.csv'), exported.out)
          const imported = await other.run(['import', 'contacts.csv', '--source', 'Register', '--topics', 'price-list', '--json'])
          expect(imported.json).toMatchObject([{ rows: 150, added: 150, refused: 0 }])
          expect((await other.run(['export', 'contacts', '--topic', 'price-list'])).out).toBe(exported.out)
        } finally {
          other.close()
        }
      }),
      { numRuns: 1 },
    )
  })

  it('features 50: bans leave as keyed hashes, with scope and source', async () => {
    shell = startShell()
    await shell.run(['bans', 'add', 'email', 'matti+lehti@yritys.example', '--scope', 'topic:newsletter'])
    const ran = await shell.run(['export', 'bans', '--json'])
    expect(ran.json).toMatchObject([
      { kind: 'email', scope: 'topic:newsletter', source: 'own', external: 0, form: expect.any(String), hash: expect.stringMatching(/^[\w-]{43}$/) },
      { kind: 'email', scope: 'topic:newsletter', source: 'own', external: 0, form: expect.any(String), hash: expect.stringMatching(/^[\w-]{43}$/) },
    ])
    expect(ran.out).not.toContain('matti')
  })
})
