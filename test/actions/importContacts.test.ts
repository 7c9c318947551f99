import { afterEach, describe, expect, it } from 'vitest'
import { startImports } from './imported.ts'

let app: Awaited<ReturnType<typeof startImports>>
afterEach(() => app.close())

describe('an import of contacts', () => {
  it('smoke', async () => {
    app = await startImports()
    const done = await app.importContacts('email,name,language\nmatti@yritys.example,Matti Meikäläinen,sv\nbad,x,fi\ninfo@yritys.example,,\n')
    console.log(done, await app.refusals(done.id), await app.contacts(), await app.permissions())
    const again = await app.post('/imports','email,name,language\nmatti@yritys.example,Matti Meikäläinen,sv\nbad,x,fi\ninfo@yritys.example,,\n', {source:'Customer register, May 2026', topics:'newsletter', rule:'duty_evidence', evidence:'Named as buyers in their supply contracts'})
    console.log(again.status, await again.text())
    const b = await app.importBans('kind,value,scope\nemail,matti@yritys.example,\ndomain,fi,\n')
    console.log(b, await app.refusals(b.id))
    const r = await app.api(`/bans/imports/${b.id}/refused.csv`)
    console.log(r.status, await r.text())
    const d = await app.importContacts('email,name,language\nmatti@yritys.example,Matti Meikäläinen,sv\nbad,x,fi\n', {source:'Customer register, May 2026', topics:'newsletter', rule:'duty_evidence', evidence:'Named as buyers in their supply contracts', dryRun:'true'})
    console.log(d, await app.refusals(d.id))
  })
})
