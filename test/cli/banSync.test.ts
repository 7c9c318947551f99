import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startShell } from './command.ts'

const shell = startShell({
  ALLOW_RESERVED_DOMAINS: '1',
  BAN_SOURCES: JSON.stringify([{ name: 'asml', kind: 'file', path: 'kiellot.csv', maxAge: '24h' }]),
})
afterAll(() => shell.close())

it('`bans sync` reads the sources, says what came of it, and fails when one did', async () => {
  const missing = await shell.run(['bans', 'sync'])
  expect([missing.code, missing.out]).toEqual([1, expect.stringMatching(/asml: The file is not there.*not fresh/)])
  writeFileSync(join(shell.folder, 'kiellot.csv'), 'kind,value\nemail,matti@yritys.example\ndomain,kielto.example\n')
  const good = await shell.run(['bans', 'sync', 'asml', '--json'])
  expect([good.code, good.json]).toEqual([
    0,
    [{ name: 'asml', ok: true, fresh: true, entries: 2, added: 2, error: null }],
  ])
  const check = await shell.run(['bans', 'check', 'email', 'Matti@yritys.example', '--json'])
  expect(check.json).toMatchObject([{ banned: true, by: [{ scope: 'all', source: 'asml' }] }])
  expect((await shell.run(['bans', 'sync', 'muu'])).code).toBe(2)
  const doctor = await shell.run(['doctor', '--json'])
  expect(doctor.json).toContainEqual({
    check: 'ban source asml',
    ok: true,
    detail: expect.stringMatching(/^2 bans of /),
  })
}, 60_000)

it('`doctor` says that a required source is not fresh, and what mends it', async () => {
  writeFileSync(join(shell.folder, 'kiellot.csv'), '<html>')
  await shell.run(['bans', 'sync'])
  const doctor = await shell.run(['doctor'])
  expect([doctor.code, doctor.out]).toEqual([1, expect.stringMatching(/FAIL ban source asml: not fresh.*web page/)])
}, 60_000)
