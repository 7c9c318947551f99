import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderPreview } from '../../src/mail/compose.ts'
import { checkContent } from '../../src/mail/content.ts'
import { openBrowser } from '../browser.ts'
import { corpora, inputs } from '../inputs.ts'
import { allFields, contentOf, readyInput, recipient } from './fixtures.ts'

let browser: Browser | null
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
})

/** Opens a message as a careless mail program would: scripts on, everything fetched that asks for it. */
async function opened(html: string, look: (page: Page) => Promise<void> = async () => {}): Promise<string[]> {
  if (!browser) return []
  const page = await browser.newPage({ viewport: { width: 375, height: 600 } })
  const happened: string[] = []
  page.on('dialog', (dialog) => {
    happened.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.route('**', (route) => {
    happened.push(`fetched ${route.request().url()}`)
    return route.abort()
  })
  await page.setContent(html, { waitUntil: 'load' })
  happened.push(
    ...(await page.evaluate<string[]>(`[...document.querySelectorAll('*')].flatMap((element) => [
      ...(/^(script|iframe|object|embed|form|input|svg|math|base|link|textarea)$/i.test(element.localName) ? ['<' + element.localName + '>'] : []),
      ...[...element.attributes].filter(({ name, value }) => /^on/i.test(name) || (!/^(title|alt)$/.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value))).map(({ name }) => name),
    ])`)),
  )
  await look(page)
  await page.close()
  return happened
}

describe('what a browser makes of messages', () => {
  it('T06 nothing of class I and of the hostile strings runs, asks or fetches', async () => {
    const strings = corpora ? (JSON.parse(readFileSync(new URL('strings/blns.json', corpora), 'utf8')) as string[]) : []
    const hostile = [...inputs('I').map(({ in: value }) => String(value)), ...strings].filter(
      (text) => text.length < 20_000,
    )
    const saved = await Promise.all(
      hostile.map((text) =>
        checkContent({ format: 'markdown', subject: 'Uutiskirje', body: `Hei\n\n${text}\n\nloppu ${text}` }, allFields),
      ),
    )
    const pages = saved.flatMap((check) => (check.ok ? [renderPreview(readyInput(check.content), recipient).html] : []))
    const name = await contentOf({ body: 'Hei {{ contact.name }} [x](https://a.example "{{ contact.name }}")' })
    for (const text of hostile) {
      pages.push(
        renderPreview(readyInput(name), {
          ...recipient,
          source: text,
          values: { contact: { name: text }, company: {} },
        }).html,
      )
    }
    for (let at = 0; at < pages.length; at += 100)
      expect(await opened(pages.slice(at, at + 100).join('\n'))).toEqual([])
  })

  it('a message fits a phone, asks for nothing and shows its parts', async () => {
    const content = await contentOf({
      body: '# Hei {{ contact.name }}\n\n| A | B |\n|---|--:|\n| 1 | 2 |\n\n[linkki](https://a.example)',
    })
    const { html } = renderPreview(readyInput(content), recipient)
    const happened = await opened(html, async (page) => {
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375)
      expect(await page.innerText('body')).toMatch(
        /Mainos – Käsityö Oy[\s\S]*Hei Matti[\s\S]*Oikeutesi kieltää[\s\S]*Y-tunnus/,
      )
    })
    expect(happened).toEqual([])
  })
})
