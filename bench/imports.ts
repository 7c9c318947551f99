import { appendFileSync, openAsBlob } from 'node:fs'
import path from 'node:path'
import { noLimits, startService, type Server } from './processes.ts'
import {
  makeFolder,
  of,
  quantile,
  within,
  type Benchmark,
  type Options,
  type Result,
  type Run,
  type Side,
} from './support.ts'

const API_KEY = 'api-key-of-the-benchmarks-of-32-characters'
const AT_ONCE = 10_000

type Kind = {
  measure: string
  what: string
  path: '/imports' | '/bans/imports'
  header: string
  row(n: number): string
  fields: Record<string, string>
  /** rows a second */
  target: number
}

/** Ten people to a company, as an export of a customer register has them; every company is new. */
const address = (n: number) => `etunimi.sukunimi${(n * 7919) % 10_000_019}@yritys${Math.floor(n / 10)}.fi`

const kinds: Kind[] = [
  {
    measure: 'P9',
    what: 'import of contacts from CSV: read, validated, checked against bans, with company and permission',
    path: '/imports',
    header: 'email,name,company,language',
    row: (n) => `${address(n)},Etunimi Sukunimi ${n},Yritys ${Math.floor(n / 10)} Oy,${['fi', 'sv', 'en'][n % 3]}`,
    fields: {
      source: 'Register',
      topics: 'price-list',
      rule: 'duty_evidence',
      evidence: 'Named as buyers in their supply contracts',
    },
    target: 50_000,
  },
  {
    measure: 'P10',
    what: 'import of bans from CSV',
    path: '/bans/imports',
    header: 'kind,value',
    row: (n) => `email,${address(n)}`,
    fields: {},
    target: 100_000,
  },
]

/** A whole service imports over its API; the same again while somebody signs up. */
export const imports: Benchmark = {
  measure: 'P9, P10',
  what: 'imports of contacts and of bans, alone and while people sign up',
  async run(options) {
    const results: Result[] = []
    for (const kind of kinds) results.push(await measured(kind, options))
    return results
  },
}

async function measured(kind: Kind, options: Options): Promise<Result> {
  const rows = options.size ?? (options.quick ? 50_000 : 1_000_000)
  const { folder, remove } = makeFolder()
  const file = path.join(folder, 'rows.csv')
  writeRows(file, kind, rows)
  const sides: Side[] = []
  for (const [name, withSignUps] of [
    ['alone', false],
    ['with sign-ups', true],
  ] as const) {
    const runs: Run[] = []
    for (let n = 0; n < options.runs; n++) runs.push(await once(kind, file, rows, withSignUps, options))
    sides.push({ name, runs })
  }
  remove()
  const rate = of(sides, 'alone')
  return {
    measure: kind.measure,
    what: kind.what,
    unit: 'rows/s',
    sizes: { rows },
    sides,
    ratios: [],
    notes: [
      `rows/s: ${Math.round(rate)}, target at least ${kind.target}: ${rate >= kind.target ? 'reached' : 'MISSED'}`,
      within('peak memory', of(sides, 'alone', 'peak MB'), 250, 'MB'),
      within('sign-ups meanwhile, p99', of(sides, 'with sign-ups', 'p99 ms'), 100, 'ms'),
    ],
  }
}

function writeRows(file: string, { header, row }: Kind, rows: number) {
  appendFileSync(file, `${header}\n`)
  for (let from = 0; from < rows; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, rows - from) }, (_, n) => `${row(from + n)}\n`)
    appendFileSync(file, some.join(''))
  }
}

async function once(kind: Kind, file: string, rows: number, withSignUps: boolean, options: Options): Promise<Run> {
  const { folder, remove } = makeFolder()
  const env = { ...noLimits, DATABASE_URL: `file:${folder}/postilupa.db`, MAIL_URL: `outbox:${folder}/outbox` }
  const server = await startService({ ...env, ADMIN_API_KEY: API_KEY }, options)
  try {
    const id = await send(server, kind, file)
    const cpu = server.cpu()
    const begun = performance.now()
    const signUps: number[] = []
    const ended = waitFor(server, kind, id)
    let isOver = false
    void ended.then(() => (isOver = true))
    for (let n = 0; withSignUps && !isOver; n++) signUps.push(await signUp(server, n))
    await ended
    const seconds = (performance.now() - begun) / 1000
    return {
      value: rows / seconds,
      'CPU s per 100 000 rows': ((server.cpu() - cpu) / rows) * 100_000,
      'peak MB': server.peak(),
      ...(withSignUps
        ? { 'sign-ups': signUps.length, 'p50 ms': quantile(signUps, 0.5), 'p99 ms': quantile(signUps, 0.99) }
        : {}),
    }
  } finally {
    await server.stop()
    remove()
  }
}

async function send({ origin }: Server, { path: at, fields }: Kind, file: string): Promise<string> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', await openAsBlob(file), 'rows.csv')
  const headers = { authorization: `Bearer ${API_KEY}` }
  const answer = await fetch(`${origin}/api/v1${at}`, { method: 'POST', headers, body: form })
  if (answer.status !== 202) throw new Error(`the import was answered with ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { id: string }).id
}

async function waitFor({ origin }: Server, { path: at }: Kind, id: string): Promise<void> {
  const headers = { authorization: `Bearer ${API_KEY}` }
  for (;;) {
    await new Promise((done) => setTimeout(done, 200))
    const answer = await fetch(`${origin}/api/v1${at}/${id}`, { headers })
    const { state, refused, error } = (await answer.json()) as { state: string; refused: number; error: string | null }
    if (state === 'failed' || refused > 0) throw new Error(`the import ended as ${state}, ${refused} refused: ${error}`)
    if (state === 'finished') return
  }
}

/** One sign-up after the other, ten a second at most. @returns milliseconds until its answer */
async function signUp({ origin }: Server, n: number): Promise<number> {
  const body = JSON.stringify({ email: `uusi${n}@ilmo${n}.fi` })
  const begun = performance.now()
  const answer = await fetch(`${origin}/f/newsletter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  await answer.arrayBuffer()
  const took = performance.now() - begun
  if (answer.status !== 202) throw new Error(`a sign-up was answered with ${answer.status}`)
  await new Promise((done) => setTimeout(done, 100))
  return took
}
