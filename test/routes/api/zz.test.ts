import { it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { startApp } from '../../app.ts'
it('probe', async () => {
  const t = await startApp()
  for (const p of ['/openapi.json','/api/reference']) {
    const r = await t.request(p)
    const text = await r.text()
    console.log(p, r.status, text.length, Object.fromEntries(r.headers))
    writeFileSync('/tmp/' + p.replaceAll('/', '_'), text)
  }
  console.log(t.logged)
  await t.close()
})
