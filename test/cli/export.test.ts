import { writeFileSync } from 'node:fs'
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
    .oneof(
      fc.string({ unit: 'grapheme', maxLength: max }),
      fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', 'ä', ' ', 'a', '\t'), maxLength: max }),
    )
    .map((typed) => cleanText(typed, { field: 'x', max: 200, optional: true }))
    .map((read) => (read.ok && read.value !== '' && !read.value.includes('<') ? read.value : null))

const person = fc.record({
  name: text(20),
  title: text(20),
  external_id: text(8),
  phone: fc.constantFrom(null, '+358401234567', '+46701234567'),
  language: fc.constantFrom('fi' as const, 'sv' as const, 'en' as const),
  company: fc.constantFrom(null, 0, 1, 2),
  evidence: fc.constantFrom('Signed form at the fair', '=HYPERLINK("https://x.example")', 'two\nlines, "quoted"'),
  daysAgo: fc.nat(300),
})

const companies = [
  { name: 'Yritys, Oy', business_id: '1234567-1', price_group: 'A', address: 'Katu 1, 00100 Helsinki' },
  { name: '=Toinen "Oy"', business_id: null, price_group: '+5 %', address: null },
  { name: 'Kolmas Ab', business_id: '2345678-0', price_group: null, address: null },
]

type Person = typeof person extends fc.Arbitrary<infer One> ? One : never

/** Puts people as they may be stored, each with a consent for the price list, into a store. */
async function fill({ deps }: Postilupa, people: readonly Person[]) {
  const now = deps.now()
  const used = new Set<string | null>([null])
  const rows = people.map(({ name, title, phone, language, company, external_id }, n) => {
    const isNew = !used.has(external_id)
    used.add(external_id)
    return {
      id: idOf(n),
      strict: `row${n}@yritys.example`,
      address: `Row${n}@yritys.example`,
      domain: 'yritys.example',
      name,
      title,
      phone,
      language,
      company_id: company === null ? null : `co${company}`,
      company_name: company === null ? null : (companies[company]?.name ?? null),
      external_id: isNew ? external_id : null,
      class: 'named_work' as const,
      keys: '[]',
    }
  })
  const permissions = people.map(({ evidence, daysAgo }, n) => ({
    id: `p${n}`,
    contact_id: idOf(n),
    topic: 'price-list',
    rule: 'consent' as const,
    basis: 'consent',
    evidence: JSON.stringify({ said: evidence, by: 'system', at: 'then' }),
    confirmed_at: now - daysAgo * 86_400_000,
    expires_at: now + 86_400_000_000,
  }))
  const made = companies.map((company, n) => ({
    ...company,
    id: `co${n}`,
    form: 'unknown' as const,
    keys: '[]',
    created_at: now,
    updated_at: now,
  }))
  await deps.store.batch([
    addCompanies(deps.store, made),
    addContacts(deps.store, rows, 'Register', now),
    addPermissions(deps.store, permissions, { source: 'Register', by: 'system' }, now),
  ])
}

const idOf = (n: number) => `c${String(n).padStart(6, '0')}`

describe('postilupa export', () => {
  it('features 49, F080: what is exported and imported into an empty store is exported again byte for byte', async () => {
    shell = startShell()
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 150, maxLength: 150 }), async (people) => {
        const first = await openPostilupa(
          {
            DATABASE_URL: `file:${join(shell.folder, 'data/postilupa.db')}`,
            MAIL_URL: `outbox:${shell.folder}/outbox`,
          },
          { quiet: true },
        )
        await fill(first, people)
        await first.close()
        const exported = await shell.run(['export', 'contacts', '--topic', 'price-list'])
        expect(exported.code).toBe(0)
        expect(exported.out).not.toMatch(/(^|,)"[=+\-@\t\r]/m)

        const other = startShell()
        try {
          writeFileSync(join(other.folder, 'contacts.csv'), exported.out)
          const imported = await other.run([
            'import',
            'contacts.csv',
            '--source',
            'Register',
            '--topics',
            'price-list',
            '--json',
          ])
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
      {
        kind: 'email',
        scope: 'topic:newsletter',
        source: 'own',
        external: 0,
        form: expect.any(String),
        hash: expect.stringMatching(/^[\w-]{43}$/),
      },
      {
        kind: 'email',
        scope: 'topic:newsletter',
        source: 'own',
        external: 0,
        form: expect.any(String),
        hash: expect.stringMatching(/^[\w-]{43}$/),
      },
    ])
    expect(ran.out).not.toContain('matti')
  })
})
