import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryOf, MultipartFault, partsOf } from '../../../src/routes/api/multipart.ts'

/** The body in pieces of this size. */
async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Uint8Array, boundary: string, size = 7) {
  const parts: { name: string; fileName: string | null; text: string }[] = []
  for await (const { name, fileName, content } of partsOf(inPieces(bytes, size), boundary)) {
    const pieces: Uint8Array[] = []
    for await (const piece of content) pieces.push(piece)
    parts.push({ name, fileName, text: Buffer.concat(pieces).toString() })
  }
  return parts
}

const body = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

describe('reading a multipart body as it comes', () => {
  it('gives what a browser put into the form, however the body is cut', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'ä', '"', ';', '-', '\r\n', '\r\n--', '😀', 'x'.repeat(50)),
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: text, value: text, isFile: fc.boolean() }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 90 }),
        async (fields, size) => {
          const form = new FormData()
          for (const { name, value, isFile } of fields) form.append(name, isFile ? new File([value], name) : value)
          const response = new Response(form)
          const boundary = boundaryOf(response.headers.get('content-type') ?? '') ?? ''
          const expected = await Promise.all(
            [...form].map(async ([name, value]) => ({
              name,
              text: typeof value === 'string' ? value : await value.text(),
            })),
          )
          const parts = await read(new Uint8Array(await response.arrayBuffer()), boundary, size)
          const normal = (one: string) => one.replaceAll(/\r\n|\r|\n/g, '\n')
          expect(parts.map(({ name, text: given }) => [normal(name), normal(given)])).toEqual(
            expected.map(({ name, text: given }) => [normal(name), normal(given)]),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('takes what stands before the first boundary and behind the last for nothing', async () => {
    const bytes = body('preamble', '--b', 'Content-Disposition: form-data; name="a"', '', 'one', '--b--', 'epilogue')
    expect(await read(bytes, 'b')).toEqual([{ name: 'a', fileName: null, text: 'one' }])
  })

  it('goes on with the next part where the reader left one unread', async () => {
    const bytes = body(
      '--b',
      'Content-Disposition: form-data; name="a"; filename="f"',
      '',
      'x'.repeat(500),
      '--b',
      'Content-Disposition: form-data; name=c',
      '',
      'two',
      '--b--',
    )
    const names: string[] = []
    for await (const { name } of partsOf(inPieces(bytes, 11), 'b')) names.push(name)
    expect(names).toEqual(['a', 'c'])
  })

  it.each([
    ['breaks off within a part', body('--b', 'Content-Disposition: form-data; name="a"', '', 'one')],
    ['breaks off within a header', body('--b', 'Content-Disposition: form-')],
    ['has no boundary at all', body('x')],
    ['is empty', body()],
    ['has a part without a name', body('--b', 'Content-Type: text/plain', '', 'one', '--b--')],
    [
      'has a header of 9 KiB',
      body('--b', `Content-Disposition: form-data; name="${'a'.repeat(9000)}"`, '', 'one', '--b--'),
    ],
    [
      'has 51 parts',
      body(...Array.from({ length: 51 }, () => '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx'), '--b--'),
    ],
    ['has something behind a boundary', body('--b', 'Content-Disposition: form-data; name="a"', '', 'one', '--bx--')],
  ])('refuses a body that %s', async (_, bytes) => {
    await expect(read(bytes, 'b')).rejects.toThrow(MultipartFault)
  })

  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
    ['multipart/form-data', null],
    ['text/csv; boundary=abc', null],
  ])('finds the boundary of %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary)
  })
})
