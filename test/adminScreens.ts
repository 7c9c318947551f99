import type { TestApp } from './app.ts'
import { ours, signIn } from './signedIn.ts'

export type Screen = { status: number; location: string; html: string; text: string; headers: Headers }

/** A signed-in marketer who reads pages and posts their forms, in process. */
export async function marketer(t: TestApp, lang = 'fi') {
  const cookie = await signIn(t)
  const headers = { Cookie: cookie, 'Accept-Language': lang, ...ours }
  return {
    look: async (path: string): Promise<Screen> => screen(await t.request(path, { headers })),
    /** Lists become repeated fields; a File makes the body multipart. */
    post: async (path: string, fields: Record<string, string | readonly string[] | File> = {}): Promise<Screen> => {
      const pairs = Object.entries(fields).flatMap(([name, value]): [string, string | File][] =>
        value instanceof File || typeof value === 'string' ? [[name, value]] : value.map((one) => [name, one]),
      )
      const isUpload = pairs.some(([, value]) => value instanceof File)
      const form = new FormData()
      for (const [name, value] of pairs) form.append(name, value)
      const body = isUpload ? form : new URLSearchParams(pairs as [string, string][])
      return screen(await t.request(path, { method: 'POST', headers, body }))
    },
  }
}

async function screen(answer: Response): Promise<Screen> {
  const html = await answer.text()
  return {
    status: answer.status,
    location: answer.headers.get('Location') ?? '',
    html,
    text: plain(html),
    headers: answer.headers,
  }
}

/** The words of a page as they are read. */
function plain(html: string): string {
  const body = html.slice(Math.max(0, html.indexOf('<body')))
  return body
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What stands in the page's controls, by name; of ticks and choices what is chosen. */
export function controlsOf(html: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  const unescape = (text: string) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
    const name = attribute('name')
    const type = attribute('type')
    if (name === undefined || type === 'file') continue
    const value = unescape(attribute('value') ?? '')
    if (type === 'checkbox') {
      if (/ checked/.test(tag)) values[name] = [...((values[name] as string[] | undefined) ?? []), value]
    } else if (type !== 'radio' || / checked/.test(tag)) values[name] = value
  }
  for (const [, name = '', inner = ''] of html.matchAll(/<textarea [^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g))
    values[name] = unescape(inner)
  for (const [, name = '', inner = ''] of html.matchAll(/<select [^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = /<option value="([^"]*)" selected/.exec(inner) ?? /<option value="([^"]*)"/.exec(inner)
    values[name] = unescape(chosen?.[1] ?? '')
  }
  return values
}
