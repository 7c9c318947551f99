import { describe, expect, it } from 'vitest'
import { imageLimits, readImage } from '../../src/rules/image.ts'
import { inputs } from '../inputs.ts'
import { gif, jpeg, png, webp } from '../pictures.ts'

const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

describe('a picture', () => {
  it.each([
    ['PNG', png(2, 3), 'image/png', 2, 3],
    ['JPEG', jpeg(), 'image/jpeg', 4, 3],
    ['GIF', gif(), 'image/gif', 5, 6],
    ['WebP', webp(), 'image/webp', 7, 8],
  ] as const)(
    '%s is measured, and what it says of people and places is taken out',
    (_name, bytes, mediaType, width, height) => {
      const read = readImage(bytes)
      expect(read).toMatchObject({ ok: true, mediaType, width, height })
      const left = read.ok ? latin(read.bytes) : ''
      expect(left).not.toMatch(/Maija|GPS|behind|Photoshop|Exif|eXIf|EXIF|XMP/)
      expect(readImage(read.ok ? read.bytes : bytes)).toEqual(read)
    },
  )

  it('of a camera that was held on its side stays the right way up, and says nothing else', () => {
    const read = readImage(jpeg(6))
    const left = read.ok ? latin(read.bytes) : ''
    expect(left).toContain('Exif\0\0MM\0*')
    expect(left).not.toMatch(/GPS/)
    expect(readImage(read.ok ? read.bytes : new Uint8Array())).toEqual(read)
  })

  it('that is animated stays so', () => {
    const read = readImage(gif())
    expect(read.ok && latin(read.bytes)).toContain('NETSCAPE2.0')
  })

  it.each([
    ['nothing', new Uint8Array(), 'empty'],
    [
      'an SVG',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'svg',
    ],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'kind'],
    ['a program', Buffer.from('MZ\x90\0'), 'kind'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'kind'],
    ['a PNG that breaks off', png().subarray(0, 60), 'broken'],
    ['a JPEG that breaks off', jpeg().subarray(0, 90), 'broken'],
    ['a GIF that breaks off', gif().subarray(0, 40), 'broken'],
    ['a WebP that breaks off', webp().subarray(0, 50), 'broken'],
    ['a PNG of no height', png(2, 0), 'broken'],
    ['a picture of too many pixels', png(7000, 1), 'pixels'],
    ['a picture of too many bytes', new Uint8Array(imageLimits.bytes + 1), 'tooLarge'],
  ] as const)('is not %s', (_what, bytes, fault) => {
    expect(readImage(new Uint8Array(bytes))).toMatchObject({ ok: false, fault })
  })

  it('never breaks the reader, wherever it is cut or changed', () => {
    for (const whole of [png(), jpeg(8), gif(), webp()]) {
      for (let n = 0; n < whole.length; n++) {
        expect(typeof readImage(whole.slice(0, n)).ok).toBe('boolean')
        const changed = whole.slice()
        changed[n] = 0xff - (changed[n] ?? 0)
        expect(typeof readImage(changed).ok).toBe('boolean')
      }
    }
  })

  it.each(inputs('G').filter(({ in: given }) => given instanceof Uint8Array))(
    '$id is judged by its bytes: $expect',
    ({ in: given }) => {
      expect(typeof readImage(given as Uint8Array).ok).toBe('boolean')
    },
  )
})
