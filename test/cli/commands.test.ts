import { createServer, type AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addApiKey } from '../../src/actions/apiKeys.ts'
import { createApp } from '../../src/app.ts'
import { openPostilupa } from '../../src/node.ts'
import { apiScopes } from '../../src/rules/apiScopes.ts'
import { startShell } from './command.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 180_000 })

let shell: ReturnType<typeof startShell>
afterEach(() => shell.close())

describe('every command', () => {
  it.each([
    [['nonsense']],
    [['bans', 'add', 'email']],
    [['import', 'list.csv']],
    [['bans', 'add', 'fax', '040']],
    [['key', 'add', '--name', 'x', '--scopes', 'everything']],
    [['ledger', 'verify', '--anchor', 'x']],
    [['mailing', 'status', '--what']],
    [['outbox', '--limit', '0']],
  ])('exits with 2 when it is written wrongly: %j', async (args) => {
    shell = startShell()
    const ran = await shell.run(args)
    expect([ran.code, ran.out]).toEqual([2, ''])
    expect(ran.err).not.toMatch(/\n\s+at /)
  })

  it('P03 exits with 78 and one plain sentence when the configuration or the store is not fit', async () => {
    shell = startShell({ DATABASE_URL: 'postgres://127.0.0.1:1/none' })
    const ran = await shell.run(['doctor'])
    expect([ran.code, ran.out]).toEqual([78, ''])
    expect(ran.err).toContain('SECRETS')
    expect(ran.err).not.toMatch(/\n\s+at /)
  })

  it('exits with 1 when it could not do what it was asked to, and says so in JSON to programs', async () => {
    shell = startShell()
    const ran = await shell.run(['mailing', 'status', 'none', '--json'])
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(JSON.parse(ran.err.split('\n').find((line) => line.startsWith('{')) ?? '')).toEqual({
      error: 'There is no such mailing.',
    })
  })
})

describe('the commands of an operator', () => {
  it('ban, check and import bans', async () => {
    shell = startShell()
    expect(
      (await shell.run(['bans', 'add', 'email', 'Matti@yritys.example', '--reason', 'asked by phone', '--json'])).json,
    ).toMatchObject([{ kind: 'email', scope: 'all', added: true }])
    expect((await shell.run(['bans', 'add', 'email', 'matti@yritys.example', '--json'])).json).toMatchObject([
      { added: false },
    ])
    expect((await shell.run(['bans', 'check', 'email', 'MATTI@yritys.example', '--json'])).json).toMatchObject([
      { banned: true, by: [{ kind: 'email', scope: 'all', source: 'own' }] },
    ])
    writeFileSync(join(shell.folder, 'bans.csv'), 'kind,value\ndomain,hiljainen.example\ndomain,fi\n')
    expect((await shell.run(['bans', 'import', 'bans.csv', '--json'])).json).toMatchObject([
      { state: 'finished', rows: 2, added: 1, refused: 1 },
    ])
    expect((await shell.run(['bans', 'check', 'email', 'x@hiljainen.example'])).out).toMatch(/^Banned: domain/)
    const refused = await shell.run(['bans', 'add', 'domain', 'gmail.com'])
    expect([refused.code, refused.err]).toEqual([
      1,
      'value: Many people have their mail at this domain: ban single addresses.\n',
    ])
  })

  it('import contacts to the end, with a report of the rows that were refused', async () => {
    shell = startShell()
    writeFileSync(join(shell.folder, 'list.csv'), 'email;name\nmatti@yritys.example;Matti\nbad;x\n')
    const say = [
      'import',
      'list.csv',
      '--source',
      'Register',
      '--topics',
      'newsletter',
      '--rule',
      'duty_evidence',
      '--evidence',
      'Buyers by their contracts',
    ]
    expect((await shell.run([...say, '--dry-run', '--json'])).json).toMatchObject([{ added: 1, refused: 1 }])
    const ran = await shell.run(say)
    expect([ran.code, ran.out]).toEqual([
      0,
      '2 rows: 1 added, 0 updated, 0 unchanged, 1 refused.\n  row 3, email: An e-mail address needs an @, as in name@company.fi.\n',
    ])
    expect((await shell.run(say)).out).toMatch(/^This file was imported before/)
    expect((await shell.run(['import', 'none.csv', '--source', 'x'])).code).toBe(1)
    const wrong = await shell.run(['import', 'list.csv', '--source', 'x', '--topics', 'newsletter'])
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/^rule: /)])
  })

  it('make keys and users, and hold sending', async () => {
    shell = startShell()
    expect(
      (await shell.run(['key', 'add', '--name', 'shop', '--scopes', 'contacts:read,bans:read', '--json'])).json,
    ).toMatchObject([{ key: expect.stringMatching(/^pl_.{40}/), scopes: ['contacts:read', 'bans:read'] }])
    const user = (await shell.run(['user', 'add', 'liisa@yritys.example', '--name', 'Liisa', '--json'])).json[0]
    expect(user).toMatchObject({
      added: true,
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/admin\/sign-in\/.{40}/),
    })
    expect((await shell.run(['user', 'add', 'LIISA@yritys.example', '--json'])).json).toMatchObject([
      { id: user?.['id'], added: false },
    ])
    await shell.run(['hold', 'on', '--reason', 'looking into it'])
    expect((await shell.run(['doctor'])).out).toContain('kill switch: ON: looking into it')
    await shell.run(['hold', 'off'])
    expect((await shell.run(['doctor'])).out).toContain('kill switch: off')
  })

  it('let the doctor look at the relay', async () => {
    const relay = createServer((socket) => {
      // The doctor hangs up as soon as it has heard the greeting, which may break the line.
      socket.on('error', () => undefined)
      socket.end('220 relay.example\r\n')
    }).listen(0, '127.0.0.1')
    await new Promise((done) => relay.once('listening', done))
    const { port } = relay.address() as AddressInfo
    shell = startShell({ MAIL_URL: `smtp://user:secret@127.0.0.1:${port}?tls=none` })
    const fine = await shell.run(['doctor', '--json'])
    expect([fine.code, fine.json.find(({ check }) => check === 'mail')]).toEqual([
      0,
      { check: 'mail', ok: true, detail: `127.0.0.1:${port} answers` },
    ])
    await new Promise((done) => relay.close(done))
    const broken = await shell.run(['doctor'])
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('FAIL mail: 127.0.0.1')])
    expect(broken.out).not.toContain('user:secret')
  })

  it('watch a mailing until it is over', async () => {
    shell = startShell()
    const env = {
      DATABASE_URL: `file:${shell.folder}/data/postilupa.db`,
      MAIL_URL: `outbox:${shell.folder}/data/outbox`,
    }
    const { deps, close } = await openPostilupa(env, { quiet: true })
    const request = (path: string, body: object = {}) =>
      createApp(deps).request(`/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const { key } = await addApiKey(deps, 'test', apiScopes)
    const content = { format: 'markdown', body: 'Hello' }
    const made = await request('/mailings', { kind: 'newsletter', topic: 'newsletter', subject: 'News', content })
    const { id } = (await made.json()) as { id: string }
    const watching = shell.run(['mailing', 'status', id, '--watch', '--json'])
    expect((await shell.run(['mailing', 'status'])).out).toContain(`${id}  draft  News`)
    expect((await request(`/mailings/${id}/schedule`, { at: 'now' })).status).toBe(200)
    expect((await request(`/mailings/${id}/cancel`)).status).toBe(200)
    await close()
    expect((await watching).json.at(-1)).toMatchObject({ id, state: 'cancelled', counts: { proposed: 0 } })
  })

  it('bring the database to this version, and say where mailings are', async () => {
    shell = startShell()
    expect((await shell.run(['migrate', '--json'])).json).toEqual([{ migrated: true }])
    expect(await shell.run(['mailing', 'status'])).toMatchObject({ code: 0, out: '' })
    expect(await shell.run(['outbox'])).toMatchObject({ code: 0, out: '' })
  })
})
