import { receiveFile } from '../../src/actions/receiveFile.ts'
import { importContacts } from '../../src/actions/importContacts.ts'
import { runImports } from '../../src/actions/runImports.ts'
import { openPostilupa } from '../../src/node.ts'

/**
 * A process that imports the numbered rows of argument 1 into the store of its environment, chunk by chunk, and says after
 * each where it is. Its clock is ahead by argument 2 (milliseconds), so that it need not wait for the lease of a dead one.
 */
const [rows, ahead] = process.argv.slice(2).map(Number) as [number, number]

async function* file() {
  yield Buffer.from('email,name\n')
  for (let n = 1; n <= rows; n++)
    yield Buffer.from(n % 100 === 0 ? `no address ${n},x\n` : `row${n}@yritys.example,Row ${n}\n`)
}

const { deps: opened } = await openPostilupa(process.env, { quiet: true })
const deps = { ...opened, now: () => opened.now() + ahead }
const job = () => deps.store.db.selectFrom('imports').selectAll().executeTakeFirst()
if (!(await job())) {
  const received = await receiveFile(deps, file())
  if (!received.ok) throw new Error(received.message)
  const declared = {
    source: ['Register'],
    topics: ['newsletter'],
    rule: ['duty_evidence'],
    evidence: ['Buyers by their contracts'],
  }
  await importContacts(deps, received.file, declared, 'system')
}
while (await runImports(deps, 0)) process.stdout.write(`${(await job())?.position}\n`)
process.stdout.write('end\n')
