import { describe, expect, it } from 'vitest'
import { readBanHeader, readContactHeader, refuseColumns } from '../../src/rules/importColumns.ts'
import { parseRegister, type Register } from '../../src/rules/register.ts'
import { defaultRegister } from '../../src/rules/registerData.ts'

const parsed = parseRegister(defaultRegister)
const register: Register = parsed.ok ? parsed.register : (undefined as never)

describe('the header of a file of contacts', () => {
  it('is read whatever its case and spaces', () => {
    expect(readContactHeader([' EMAIL ', 'Name', 'BusinessID '])).toEqual({
      ok: true,
      columns: ['email', 'name', 'businessId'],
    })
  })

  it.each([
    ['an unknown column, by its name', ['email', 'shoe size'], 'column "shoe size"'],
    ['a column without a name', ['email', ''], 'the header of column 2'],
    ['a column that comes twice', ['email', 'name', 'Name'], 'twice'],
    ['no column for the address', ['name'], '"email"'],
    ['more columns than any table has', Array<string>(101).fill('email'), 'more than 100'],
  ])('is refused for %s', (_, cells, words) => {
    const read = readContactHeader(cells)
    expect(read.ok ? '' : read.errors[0]?.message).toContain(words)
  })

  it('P23 is not repeated where it may be an address', () => {
    expect(JSON.stringify(readContactHeader(['canary@leak.example', 'Matti']))).not.toContain('canary')
  })
})

describe('the header of a file of bans', () => {
  it.each([[['kind', 'value']], [['value', 'kind', 'scope', 'reason']], [['email']], [['Email', 'reason']]])(
    'may be %j',
    (cells) => {
      expect(readBanHeader(cells).ok).toBe(true)
    },
  )

  it.each([[['kind']], [['value']], [['email', 'value', 'kind']], [['scope']], [['x@yritys.example']]])(
    'may not be %j',
    (cells) => {
      expect(readBanHeader(cells).ok).toBe(false)
    },
  )
})

describe('columns and the register', () => {
  const paths = (purposes: Parameters<typeof refuseColumns>[1], columns: Parameters<typeof refuseColumns>[2]) =>
    refuseColumns(register, purposes, columns).map(({ path }) => path)

  it('refuses by name what none of the purposes may hold', () => {
    expect(paths(['surveys'], ['email', 'name', 'phone', 'language', 'externalId'])).toEqual(['name', 'phone'])
    expect(paths(['direct_marketing'], ['email', 'name', 'company', 'title', 'street'])).toEqual([
      'company',
      'title',
      'street',
    ])
  })

  it('accepts what any of the chosen purposes may hold', () => {
    expect(paths(['direct_marketing', 'price_list'], ['email', 'name', 'company', 'title', 'street', 'city'])).toEqual(
      [],
    )
  })

  it('never refuses what speaks of the permission and not of the person', () => {
    expect(paths(['surveys'], ['rule', 'evidence', 'consentDate'])).toEqual([])
  })
})
