import { describe, expect, it } from 'vitest'
import { readBanOptions, readContactOptions, type TypedOptions } from '../../src/rules/importOptions.ts'
import type { ContactColumn } from '../../src/rules/importColumns.ts'

const topics = ['newsletter', 'price-list']
const faults = (typed: TypedOptions, columns: ContactColumn[] = ['email']) => {
  const read = readContactOptions(typed, columns, topics)
  return read.ok ? [] : read.errors.map(({ path }) => path)
}
const whole = {
  source: ['Register'],
  topics: ['newsletter'],
  rule: ['consent'],
  evidence: ['Signed forms in the folder'],
}

describe('what is said of a whole file of contacts', () => {
  it('is read from the fields', () => {
    expect(
      readContactOptions(
        { ...whole, topics: ['newsletter,price-list', 'newsletter'], language: ['sv'], dryRun: ['true'] },
        ['email'],
        topics,
      ),
    ).toEqual({
      ok: true,
      options: {
        source: 'Register',
        topics: ['newsletter', 'price-list'],
        rule: 'consent',
        evidence: 'Signed forms in the folder',
        language: 'sv',
        dryRun: true,
      },
    })
  })

  it.each([[['newsletter', 'price-list']], [['newsletter, price-list']], [['["newsletter","price-list"]']]])(
    'takes topics as %j',
    (given) => {
      const read = readContactOptions({ ...whole, topics: given }, ['email'], topics)
      expect(read.ok && read.options.topics).toEqual(['newsletter', 'price-list'])
    },
  )

  it('features 48: source, rule and evidence are required with topics, and source always', () => {
    expect(faults({})).toEqual(['source'])
    expect(faults({ source: ['Register'] })).toEqual([])
    expect(faults({ source: ['Register'], topics: ['newsletter'] })).toEqual(['rule'])
    expect(faults({ source: ['Register'], topics: ['newsletter'], rule: ['consent'] })).toEqual(['evidence'])
    expect(faults({ source: ['Register'], topics: ['newsletter'], rule: ['legal_person'] })).toEqual([])
    expect(faults({ source: ['Register'], topics: ['newsletter'] }, ['email', 'rule', 'evidence'])).toEqual([])
  })

  it.each<[string, TypedOptions, string]>([
    ['a topic that is not there', { ...whole, topics: ['sports'] }, 'topics'],
    ['a rule that is not there', { ...whole, rule: ['friend'] }, 'rule'],
    ['evidence too short', { ...whole, evidence: ['yes'] }, 'evidence'],
    ['an unknown field', { ...whole, colour: ['red'] }, 'colour'],
    ['a field given twice', { ...whole, source: ['a', 'b'] }, 'source'],
    ['another language', { ...whole, language: ['de'] }, 'language'],
    ['a dry run of maybe', { ...whole, dryRun: ['maybe'] }, 'dryRun'],
    ['a rule for no topic', { source: ['Register'], rule: ['consent'] }, 'topics'],
  ])('is refused for %s', (_, typed, path) => {
    expect(faults(typed)).toEqual([path])
  })

  it('refuses columns of a permission where no topic is given', () => {
    expect(faults({ source: ['Register'] }, ['email', 'consentDate'])).toEqual(['topics'])
  })
})

describe('what is said of a whole file of bans', () => {
  it('needs nothing', () => {
    expect(readBanOptions({})).toEqual({ ok: true, options: { source: 'own', dryRun: false } })
  })

  it('may name no address, since it outlives the person', () => {
    expect(readBanOptions({ source: ['from matti@yritys.example'] }).ok).toBe(false)
  })
})
