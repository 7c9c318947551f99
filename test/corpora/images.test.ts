import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { marketer } from '../adminScreens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { png } from '../pictures.ts'
import { counted, liveIn, refusesInFinnish } from './spelled.ts'

/** Classes B, G, H and I through the page of pictures. Its API and the formats themselves: routes/images.test.ts, rules/image.test.ts. */

let t: TestApp
let admin: Awaited<ReturnType<typeof marketer>>
beforeAll(async () => {
  t = await startApp()
  admin = await marketer(t)
})
afterAll(() => t.close())

const upload = (content: Uint8Array | string, name: string, alt = 'Kuva') =>
  admin.post('/admin/images', {
    alt,
    file: new File([typeof content === 'string' ? content : new Uint8Array(content)], name),
  })

describe('class G', () => {
  it.each(inputs('G').filter(({ expect: wanted }) => wanted.startsWith('refused 415')))(
    '$id $in is refused in Finnish by what it is',
    async ({ id, in: value }) => {
      const before = await counted(t)
      const name = String(value).split(' ')[0] ?? ''
      const contents: Record<string, string | Uint8Array> = {
        G062: '<svg/>',
        G064: 'GIF89a;<script>alert(1)</script>',
        G073: huge(),
      }
      const answer = await upload(contents[id] ?? 'MZ', name.includes('.') ? name : 'x.png')
      expect(refusesInFinnish(answer)).toMatch(/PNG|kuva/i)
      expect(await counted(t)).toEqual(before)
    },
  )

  it('G080 G082 what is too large is refused when it is saved', async () => {
    const before = await counted(t)
    for (const size of [2 * 1024 * 1024 + 1, 25 * 1024 * 1024]) {
      const answer = await upload(new Uint8Array(size), 'x.png')
      refusesInFinnish(answer, answer.status === 413 ? 413 : 422)
    }
    expect(await counted(t)).toEqual(before)
  })

  it.each(inputs('G').filter(({ in: name }) => typeof name === 'string' && name !== ''))(
    '$id has no power by its name: $in',
    async ({ in: name }) => {
      expect((await upload(png(), String(name))).status).toBe(303)
      expect(liveIn((await admin.look('/admin/images')).html)).toBeUndefined()
    },
  )
})

describe('classes B, H and I: what is said of a picture', () => {
  it.each([...inputs('B'), ...inputs('H'), ...inputs('I')].filter(({ in: alt }) => typeof alt === 'string'))(
    '$id stands there as it reads, or is refused',
    async ({ in: value }) => {
      const before = await counted(t)
      const answer = await upload(png(), 'x.png', String(value))
      if (answer.status === 303) return expect(liveIn((await admin.look('/admin/images')).html)).toBeUndefined()
      if (answer.status === 422) refusesInFinnish(answer)
      else expect(answer.status).toBeOneOf([400, 413])
      expect(await counted(t)).toEqual(before)
    },
  )
})

/** A PNG that says 65,535 × 65,535. */
function huge(): Uint8Array {
  const bytes = new Uint8Array(png())
  new DataView(bytes.buffer).setUint32(16, 65_535)
  new DataView(bytes.buffer).setUint32(20, 65_535)
  return bytes
}
