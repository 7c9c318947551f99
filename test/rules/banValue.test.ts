import { describe, expect, it } from 'vitest'
import { parseBanValue } from '../../src/rules/banValue.ts'
import type { BanKind } from '../../src/rules/matchKeys.ts'

const read = (kind: BanKind, value: unknown) => {
  const found = parseBanValue(kind, value, { allowReserved: true })
  if (!found.ok) throw new Error(found.error)
  return found
}

describe('the value of a ban', () => {
  it('D-3 D-9 an address is hit by bans of its looser forms, of its domain and of the domains above', () => {
    const { forms, hitBy, domain } = read('email', 'Maija+uutiset@posti.yritys.example')
    expect(forms).toEqual([
      { form: 'strict', text: 'email:v1:maija+uutiset@posti.yritys.example' },
      { form: 'loose', text: 'email:v1:maija@posti.yritys.example' },
    ])
    expect(hitBy).toEqual([
      'email:v1:maija+uutiset@posti.yritys.example',
      'email:v1:maija@posti.yritys.example',
      'domain:v1:posti.yritys.example',
      'domain:v1:yritys.example',
    ])
    expect(domain).toBe('posti.yritys.example')
  })

  it('D-9 a domain is hit by bans of the domains above it; one shared by strangers is guarded', () => {
    expect(read('domain', 'posti.yritys.example').hitBy).toEqual([
      'domain:v1:posti.yritys.example',
      'domain:v1:yritys.example',
    ])
    expect(read('domain', 'yritys.example').guarded).toBeNull()
    expect(read('domain', 'gmail.com').guarded).toMatch(/single addresses/)
  })

  it.each<[BanKind, unknown, string]>([
    ['company', 'FI12345671', 'company:v1:1234567-1'],
    ['phone', '040 123 4567', 'phone:v1:+358401234567'],
    ['postal', 'Katu 1 a|00100', 'postal:v1:katu 1|00100'],
  ])('%s %j is one key in any spelling', (kind, value, key) => {
    expect(read(kind, value).hitBy).toEqual([key])
  })

  it.each<[BanKind, unknown]>([
    ['email', 'x'],
    ['domain', 5],
    ['company', '1'],
    ['phone', '112'],
    ['postal', {}],
  ])('%s %j is refused without being repeated', (kind, value) => {
    expect(parseBanValue(kind, value, { allowReserved: true })).toEqual({ ok: false, error: expect.any(String) })
  })
})
