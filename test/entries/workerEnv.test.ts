import { expect, it } from 'vitest'
import { configure } from '../../src/entries/workerEnv.ts'

const env = {
  DB: {},
  WAKE: {},
  VERSION: { id: '1' },
  PUBLIC_URL: 'https://lista.yritys.example',
  MAIL_URL: 'smtp://smtp.yritys.example:587',
  SECRETS: 'a secret of the tests of more than 32 characters',
  COMPANY_NAME: 'Yritys Oy',
  COMPANY_BUSINESS_ID: '1234567-1',
  COMPANY_ADDRESS: 'Katu 1, 00100 Helsinki',
}
const withSources = (...sources: object[]) =>
  configure({ ...env, BAN_SOURCES: JSON.stringify(sources) } as unknown as Parameters<typeof configure>[0])

it('a ban source that is a file is refused where there are no files', () => {
  expect(withSources({ name: 'crm', kind: 'http', url: 'https://crm.yritys.example/bans/' })).toMatchObject({
    ok: true,
    config: {
      banSources: [{ url: 'https://crm.yritys.example/bans/', required: true, maxAge: 86_400_000, shrinkLimit: 0.05 }],
    },
  })
  expect(withSources({ name: 'asml', kind: 'file', path: 'x.csv' })).toEqual({
    ok: false,
    problems: [expect.stringMatching(/^BAN_SOURCES: asml is a file/)],
  })
})

it('a ban source names where it is, once, and for how long it is good', () => {
  for (const [source, words] of [
    [{ name: 'a', kind: 'http' }, /needs its path.*url/],
    [{ name: 'a', kind: 'file', url: 'https://a.example' }, /needs its path/],
    [{ name: 'a', kind: 'http', url: 'ftp://a.example' }, /http or https/],
    [{ name: 'a', kind: 'http', url: 'https://a.example', maxAge: '0s' }, /duration/],
    [{ name: 'a', kind: 'http', url: 'https://a.example', maxAge: 'long' }, /duration/],
  ] as const)
    expect(withSources(source)).toEqual({ ok: false, problems: [expect.stringMatching(words)] })
  const twice = { name: 'a', kind: 'http', url: 'https://a.example' }
  expect(withSources(twice, twice)).toMatchObject({ ok: false })
})
