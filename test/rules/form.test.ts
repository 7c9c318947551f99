import { describe, expect, it } from 'vitest'
import { allowedRedirect, formDefinition, inLanguage } from '../../src/rules/form.ts'
import { inputs } from '../inputs.ts'

const form = { title: { fi: 'Tilaa' }, topics: ['newsletter'] }
const own = { name: 'ala', kind: 'text', label: { fi: 'Toimiala' } }

describe('what a form may be', () => {
  it('A7-5 asks for a confirmation unless its definition says otherwise', () => {
    expect(formDefinition.parse(form)).toMatchObject({
      doubleOptIn: true,
      languages: ['fi', 'sv', 'en'],
      allowedOrigins: [],
    })
  })

  it.each([
    ['a topic twice', { topics: ['a', 'a'] }, 'topics'],
    ['no text of its title', { title: {} }, 'title'],
    ['an origin with a path', { allowedOrigins: ['https://www.yritys.example/'] }, 'allowedOrigins.0'],
    ['any origin', { allowedOrigins: ['*'] }, 'allowedOrigins.0'],
    ['an origin that runs programs', { allowedOrigins: ['javascript:alert(1)'] }, 'allowedOrigins.0'],
    ['a field that is taken', { fields: [{ ...own, name: 'email' }] }, 'fields.0'],
    ['a field that is the trap', { fields: [{ ...own, name: 'leave_empty' }] }, 'fields.0'],
    ['a field that is a campaign parameter', { fields: [{ ...own, name: 'utm_campaign' }] }, 'fields.0'],
    ['a field whose name is no name', { fields: [{ ...own, name: '__proto__' }] }, 'fields.0'],
    ['two fields of one name', { fields: [own, own] }, 'fields'],
    ['a choice without choices', { fields: [{ ...own, kind: 'select' }] }, 'fields.0'],
    ['a text with choices', { fields: [{ ...own, choices: [{ value: 'a', label: { fi: 'A' } }] }] }, 'fields.0'],
    ['a kind that does not exist', { fields: [{ ...own, kind: 'file' }] }, 'fields.0'],
    ['a redirect that runs programs', { redirect: 'javascript:alert(1)' }, 'redirect'],
    ['a name that it does not know', { autoConfirm: true }, ''],
  ])('refuses %s', (_what, change, path) => {
    const read = formDefinition.safeParse({ ...form, ...change })
    expect(read.success).toBe(false)
    expect(read.error?.issues.map((issue) => issue.path.join('.')).some((at) => at.startsWith(path))).toBe(true)
  })

  it('shows a text in the first language that has it where the visitor’s has none', () => {
    expect(inLanguage({ sv: 'Beställ', en: 'Subscribe' }, 'fi')).toBe('Beställ')
    expect(inLanguage({ sv: 'Beställ', en: 'Subscribe' }, 'en')).toBe('Subscribe')
  })
})

describe('where a visitor is sent', () => {
  const allowed = ['https://www.yritys.example/kiitos', 'https://kauppa.yritys.example/']

  it.each([
    ['https://www.yritys.example/kiitos', 'https://www.yritys.example/kiitos'],
    ['https://www.yritys.example/kiitos/?a=1#b', 'https://www.yritys.example/kiitos/?a=1#b'],
    ['https://www.yritys.example/kiitos/sivu', 'https://www.yritys.example/kiitos/sivu'],
    ['https://KAUPPA.yritys.example/mikä', null],
    ['https://KAUPPA.yritys.example/mik%C3%A4', 'https://kauppa.yritys.example/mik%C3%A4'],
    ['https://www.yritys.example/kiitoskortti', null],
    ['https://www.yritys.example/kiitos/../admin', null],
    ['https://www.yritys.example/kiitos/%2e%2e/admin', null],
    ['http://www.yritys.example/kiitos', null],
    ['https://www.yritys.example:8443/kiitos', null],
    ['https://www.yritys.example@evil.test/kiitos', null],
    ['https://user@www.yritys.example/kiitos', null],
    ['https://www.yritys.example.evil.test/kiitos', null],
    ['https://evil.test\\@www.yritys.example/kiitos', null],
    ['https://www.yritys.example\\.evil.test/kiitos', null],
    ['/kiitos', null],
    ['//www.yritys.example/kiitos', null],
    [' https://www.yritys.example/kiitos', null],
    ['https://www.yritys.example/kiitos\r\nLocation: //evil.test', null],
    [`https://www.yritys.example/kiitos?${'a'.repeat(2000)}`, null],
    [['https://www.yritys.example/kiitos'], null],
    [undefined, null],
  ])('%j → %j', (wish, followed) => {
    expect(allowedRedirect(wish, allowed)).toBe(followed)
  })

  it.each(inputs('D'))('$id is never followed: $in', ({ in: wish }) => {
    expect(allowedRedirect(wish, ['https://example.com/', 'not a url'])).toSatisfy(
      (next) => next === null || new URL(next as string).origin === 'https://example.com',
    )
  })
})
