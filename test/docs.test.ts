import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reasonWords } from '../src/rules/reasonWords.ts'
import { startApp, type TestApp } from './app.ts'
import { openBrowser } from './browser.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

describe('the configuration reference', () => {
  const keys = environmentKeys()
  const rows = [...read('docs/operators.md').matchAll(/^\| `([A-Z_]+)` +\|/gm)].map((match) => match[1] ?? '')

  it('has one row for every key of the environment, and none that does not exist', () => {
    expect(keys.length).toBeGreaterThan(20)
    expect(rows.toSorted()).toEqual(keys.toSorted())
  })

  it('is the only source of keys: no page names another', () => {
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/`([A-Z][A-Z_]{3,})(?:=[^`]*)?`/g)].map((match) => ({ page, key: match[1] ?? '' })),
    )
    const foreign = new Set(['HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'SIGTERM', 'SIGINT'])
    expect(named.filter(({ key }) => !keys.includes(key) && !foreign.has(key))).toEqual([])
  })

  it('says the defaults that the program has', () => {
    const config = read('src/config.ts')
    const wrong = [...read('docs/operators.md').matchAll(/^\| `([A-Z_]+)` +\| `([^`]+)`/gm)]
      .map(([, key = '', shown = '']) => ({ key, shown, has: defaultOf(config, key) }))
      .filter(({ shown, has }) => has !== null && shown !== has)
    expect(wrong).toEqual([])
  })
})

describe('the reasons', () => {
  const marketers = read('docs/marketers.md')
  const row = (reason: string) =>
    marketers.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${reason}\``))

  it('are all explained to marketers: those of the gate …', () => {
    expect(Object.keys(reasonWords).filter((reason) => !row(reason))).toEqual([])
  })

  it('… those of mail servers, and those that the service writes by itself', () => {
    const union = /type (?:SenderFault|RecipientFault) = ([^\n]+)/g
    const faults = [...read('src/rules/failures.ts').matchAll(union)].flatMap(
      ([, words = '']) => words.match(/\w+/g) ?? [],
    )
    const written = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...read(`src/${file}`).matchAll(/state: '(?:skipped|failed)',\s*reason: '(\w+)'/g)])
      .map((match) => match[1] ?? '')
    expect(faults).toContain('mailbox_full')
    expect(written).toContain('cancelled')
    expect([...faults, ...written, 'gave_up'].filter((reason) => !row(reason))).toEqual([])
  })
})

describe('the guide for marketers', () => {
  const steps = read('docs/marketers.md').split('\n## Sign in\n')[1] ?? ''
  const folder = join(root, 'src/templates/words')
  const words = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
    .toLowerCase()
  const isSaid = (text: string) => text.split('…').every((part) => words.includes(part.trim().toLowerCase()))

  it('names buttons, fields and remarks as the pages do', () => {
    const bold = [...steps.matchAll(/\*\*([^*]+)\*\*/g)].map((match) => (match[1] ?? '').replaceAll(/\s+/g, ' '))
    // What ends with a full stop is English and begins a remark, which may quote a page.
    const named = bold.filter((text) => !text.endsWith('.')).flatMap((text) => text.split(' → '))
    const quoted = bold.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ''))
    expect(named.length).toBeGreaterThan(50)
    expect([...named, ...quoted].filter((text) => !isSaid(text))).toEqual([])
  })

  it('shows pictures that exist, each with a text, and none is left over', () => {
    const shown = [...steps.matchAll(/!\[([^\]]*)\]\((images\/[^)]+)\)/g)].map(([, text = '', path = '']) => ({
      text,
      path,
    }))
    expect(shown.filter(({ text, path }) => text.length < 20 || !existsSync(join(root, 'docs', path)))).toEqual([])
    expect(readdirSync(join(root, 'docs/images')).toSorted()).toEqual(
      shown.map(({ path }) => path.replace('images/', '')).toSorted(),
    )
  })
})

describe('what a reader may type', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.close())

  const typed = pages.flatMap((page) =>
    [...read(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => ({ page, text: match[1] ?? '' })),
  )

  it('leads to routes that exist', () => {
    const routes = app.app.routes.filter(({ method }) => method !== 'ALL')
    const exists = (method: string, path: string) =>
      routes.some((route) => route.method === method && patternOf(route.path).test(path))
    const calls = typed.flatMap(({ page, text }) =>
      commandsOf(text).flatMap((line) => {
        const path = /https?:\/\/(?:127\.0\.0\.1:8080|lista\.yritys\.example)(\/[^\s"')?]*)/.exec(line)?.[1]
        return path !== undefined && /\b(curl|api)\b/.test(line) ? [{ page, path, method: methodOf(line) }] : []
      }),
    )
    expect(calls.length).toBeGreaterThan(10)
    expect(calls.filter(({ method, path }) => !exists(method, path))).toEqual([])
  })

  it('names commands and options that exist', () => {
    const known = new Map<string, string>()
    const wrong = typed.flatMap(({ page, text }) =>
      [...text.matchAll(/npx postilupa ([a-z]+)((?: [^\n|;#")]+)?)/g)].flatMap(([call, command = '', rest = '']) => {
        const second = /^ ([a-z]+)/.exec(rest)?.[1]
        const help = helpOf(known, command, second)
        const options = rest.match(/--[a-z-]+/g) ?? []
        return options.every((option) => help.includes(option)) && help.includes('Usage: postilupa ' + command)
          ? []
          : [`${page}: ${call}`]
      }),
    )
    expect(wrong).toEqual([])
  }, 120_000)
})

describe('the HTML form that a reader may copy', () => {
  it('answers in place with its script: first what is wrong, then that the mail is on its way', async () => {
    const browser = await openBrowser()
    if (!browser) return
    const [service, site] = ['https://lista.yritys.example', 'https://www.yritys.example']
    const app = await startApp({ env: { PUBLIC_URL: service } })
    try {
      await app.request('/api/v1/forms/newsletter', {
        method: 'PATCH',
        headers: { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ allowedOrigins: [site] }),
      })
      const html = /^```html\n([\s\S]*?)^```/m.exec(read('docs/web-forms.md'))?.[1] ?? ''
      const page = await browser.newPage()
      await page.route(`${site}/**`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
      await page.route(`${service}/**`, async (route) => {
        const asked = route.request()
        const body = asked.postData()
        const answer = await app.request(new URL(asked.url()).pathname, {
          method: asked.method(),
          headers: { ...asked.headers(), origin: site },
          ...(body === null ? {} : { body }),
        })
        const headers = Object.fromEntries(answer.headers)
        await route.fulfill({ status: answer.status, headers, body: await answer.text() })
      })
      await page.goto(`${site}/`)
      const status = page.locator('[data-postilupa-status]')
      await page.fill('input[name=email]', 'maija@localhost')
      await page.click('button')
      await status.filter({ hasText: 'Korjaa' }).waitFor()
      expect(await page.locator('input[name=email]').getAttribute('aria-invalid')).toBe('true')

      await page.fill('input[name=email]', 'maija@yritys.example')
      await page.check('input[value=price-list]')
      await page.click('button')
      await status.filter({ hasText: 'vahvistusviesti' }).waitFor()
      await app.deliver()
      expect(await app.mailsTo('maija@yritys.example')).toHaveLength(1)
    } finally {
      await browser.close()
      await app.close()
    }
  }, 60_000)
})

/** Of config.ts, and the one that an entry file reads by itself. */
function environmentKeys(): string[] {
  const environment = /const environment = z\.object\(\{\n([\s\S]*?)\n\}\)/.exec(read('src/config.ts'))?.[1] ?? ''
  const schema = [...environment.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1] ?? '')
  const direct = ['src/node.ts', 'src/cli.ts', 'src/worker.ts'].flatMap((file) =>
    [...read(file).matchAll(/env\['([A-Z_]+)'\]/g)].map((match) => match[1] ?? ''),
  )
  return [...new Set([...schema, ...direct])]
}

/** A plain default of the schema, or null where it is worked out. */
function defaultOf(config: string, key: string): string | null {
  const entry = new RegExp(`^ {2}${key}: [\\s\\S]*?(?=^ {2}[A-Z_]+:|^\\}\\))`, 'm').exec(config)?.[0] ?? ''
  const value = /\.default\((?:'([^']*)'|([\d_]+))\)/.exec(entry)
  return value ? (value[1] ?? value[2]?.replaceAll('_', '') ?? null) : null
}

/** Lines joined where they are continued, `$( … )` and data included. */
function commandsOf(text: string): string[] {
  return text.replaceAll('\\\n', ' ').split(/\n(?=[a-zA-Z#])/)
}

function methodOf(line: string): string {
  const named = / -X ([A-Z]+)/.exec(line)?.[1]
  return named ?? (/ (-d|-F) /.test(line) ? 'POST' : 'GET')
}

/** Of a route such as `/api/v1/mailings/:id`. */
function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
}

function helpOf(known: Map<string, string>, command: string, second: string | undefined): string {
  const ask = (...words: string[]) => {
    const name = words.join(' ')
    const text =
      known.get(name) ??
      execFileSync(process.execPath, [join(root, 'bin/postilupa.js'), ...words, '--help'], { encoding: 'utf8' })
    known.set(name, text)
    return text
  }
  const help = ask(command)
  return second !== undefined && new RegExp(`^ {2}${second} `, 'm').test(help) ? ask(command, second) : help
}
