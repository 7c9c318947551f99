import { CompiledQuery } from 'kysely'
import { describe, expect, it } from 'vitest'
import { startApp } from '../app.ts'
import { gets, leavingPath, leavingPathOf, mailed, ownAddress, post, press } from '../leaving.ts'

describe('while the disk is full', () => {
  it('A1-9 D-28 answers 503 with a wish to try again, never "done", and the next try succeeds', async () => {
    const t = await startApp()
    try {
      const path = leavingPath((await mailed(t)).mails[0])
      const pages = CompiledQuery.raw('pragma max_page_count = 1')
      await t.deps.store.db.executeQuery(pages)
      // What little room is left takes a few more; then nothing does.
      const made = Array.from({ length: 200 }, (_, n) => leavingPathOf(t, `someone${n}`))
      let full = await post(t, path)
      for (let n = 0; full.status === 200; n++) full = await post(t, made[n] ?? '')
      expect(full.status).toBe(503)
      expect(full.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await full.text()).not.toMatch(/peruutettu|avslutats|unsubscribed/i)
      expect((await press(t, '/ban', { email: 'x@yritys.example' })).status).toBe(503)
      await t.deps.store.db.executeQuery(CompiledQuery.raw('pragma max_page_count = 1073741823'))
      expect((await post(t, path)).status).toBe(200)
      expect(await gets(t, ownAddress)).toBe(false)
    } finally {
      await t.close()
    }
  })

  it('A1-9 says "done" to nobody when the store is closed', async () => {
    const t = await startApp()
    const path = leavingPath((await mailed(t)).mails[0])
    await t.deps.store.close()
    const answer = await post(t, path)
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.text()).not.toMatch(/peruutettu|avslutats|unsubscribed/i)
    await t.close().catch(() => undefined)
  })
})
