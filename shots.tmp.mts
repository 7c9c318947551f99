import { mkdirSync, writeFileSync } from 'node:fs'
const { openBrowser } = await import('/work/main/test/browser.ts')
const { samplePages } = await import('/work/main/test/templates/pages/samples.tsx')
const only = process.argv[3]?.split(',')
const lang = process.argv[2] ?? 'fi'
const b = await openBrowser()
mkdirSync('/tmp/ui/shots', { recursive: true })
for (const [w, scheme] of [[1280,'light'],[390,'light'],[390,'dark'],[1280,'dark']] as const) {
  const c = await b.newContext({ viewport: { width: w, height: 800 }, colorScheme: scheme })
  const page = await c.newPage()
  for (const [name, html] of Object.entries(samplePages(lang))) {
    if (only && !only.includes(name)) continue
    await page.setContent(html.replace('src="/admin/outbox/1/html"', 'srcdoc="<p>mail</p>"'))
    await page.screenshot({ path: `/tmp/ui/shots/${name}-${w}-${scheme}.png`, fullPage: true })
  }
  await c.close()
}
await b.close()
