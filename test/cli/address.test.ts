import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startShell } from './command.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 180_000 })

let shell: ReturnType<typeof startShell>
afterEach(() => shell.close())

describe('postilupa address check', () => {
  it('answers one JSON a line, with the forms that bans are matched by', async () => {
    shell = startShell()
    const ran = await shell.run(
      ['address', 'check'],
      'Matti.M+x@GMail.com\nbad\n\r\ninfo@osasto.yritys.fi\r\na@mönch.de',
    )
    expect([ran.code, ran.err]).toEqual([0, ''])
    expect(ran.json).toEqual([
      {
        input: 'Matti.M+x@GMail.com',
        ok: true,
        address: 'Matti.M+x@gmail.com',
        asciiDomain: 'gmail.com',
        class: 'private',
        keys: [
          'email:v1:matti.m+x@gmail.com',
          'email:v1:matti.m@gmail.com',
          'email:v1:mattim@gmail.com',
          'domain:v1:gmail.com',
        ],
      },
      { input: 'bad', ok: false, error: 'An e-mail address needs an @, as in name@company.fi.' },
      { input: '', ok: false, error: 'Enter an e-mail address, such as name@company.fi.' },
      {
        input: 'info@osasto.yritys.fi',
        ok: true,
        address: 'info@osasto.yritys.fi',
        asciiDomain: 'osasto.yritys.fi',
        class: 'role_work',
        keys: ['email:v1:info@osasto.yritys.fi', 'domain:v1:osasto.yritys.fi', 'domain:v1:yritys.fi'],
      },
      {
        input: 'a@mönch.de',
        ok: true,
        address: 'a@xn--mnch-5qa.de',
        asciiDomain: 'xn--mnch-5qa.de',
        class: 'named_work',
        keys: ['email:v1:a@xn--mnch-5qa.de', 'domain:v1:xn--mnch-5qa.de'],
      },
    ])
  })

  it('needs neither configuration nor store, and leaves nothing behind', async () => {
    shell = startShell({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    expect((await shell.run(['address', 'check'], 'a@yritys.fi\n')).code).toBe(0)
    expect(existsSync(join(shell.folder, 'data'))).toBe(false)
  })

  it('lets reserved domains in where the service would', async () => {
    shell = startShell({ MAIL_URL: 'smtp://127.0.0.1:2525' })
    expect((await shell.run(['address', 'check'], 'a@yritys.example\n')).json[0]).toMatchObject({ ok: false })
    shell.close()
    shell = startShell()
    expect((await shell.run(['address', 'check'], 'a@yritys.example\n')).json[0]).toMatchObject({ ok: true })
  })

  it('P22 answers hundreds of thousands of lines in order, and a line of megabytes, in bounded memory', async () => {
    shell = startShell({ NODE_OPTIONS: '--max-old-space-size=96' })
    const lines = Array.from({ length: 200_000 }, (_, n) => `row${n}@yritys.fi`)
    const ran = await shell.run(
      ['address', 'check'],
      `${lines.join('\n')}\n${'x'.repeat(5_000_000)}@yritys.fi\nlast@yritys.fi\n`,
    )
    const answers = ran.out.split('\n')
    expect([ran.code, answers.length]).toEqual([0, 200_003])
    expect(
      answers.slice(0, 200_000).every((line, n) => line.startsWith(`{"input":"row${n}@yritys.fi","ok":true`)),
    ).toBe(true)
    expect(JSON.parse(answers[200_000] ?? '')).toMatchObject({ ok: false })
    expect(JSON.parse(answers[200_001] ?? '')).toMatchObject({ ok: true, address: 'last@yritys.fi' })
  })
})
