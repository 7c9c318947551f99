import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeKeyring } from '../../src/keyring.ts'
import { seenMarks } from '../../src/actions/seenMarks.ts'

const { hash } = makeKeyring(['a secret of the tests of more than 32 characters'])

it('knows exactly what stood further up, however many there were to be', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 2000 }), fc.nat(50), (numbers, expected) => {
      const seen = seenMarks(expected)
      const known = new Set<string>()
      for (const number of numbers) {
        const mark = hash(String(number))
        expect(seen.has(mark)).toBe(known.has(mark))
        seen.add(mark)
        known.add(mark)
      }
    }),
    { numRuns: 20 },
  )
})

it('grows with what it holds', () => {
  const seen = seenMarks(0)
  const marks = Array.from({ length: 20_000 }, (_, n) => hash(String(n)))
  for (const mark of marks) seen.add(mark)
  expect(marks.every((mark) => seen.has(mark))).toBe(true)
  expect(seen.has(hash('another'))).toBe(false)
})
