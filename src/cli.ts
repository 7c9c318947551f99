import { Command } from 'commander'
import type * as Node from './node.ts'

/** Exit codes: 0 done, 1 the command failed, 2 wrong usage, 78 the configuration or the store is not fit (EX_CONFIG). */
const EX_CONFIG = 78

const program = new Command('postilupa')
  .description('Marketing consent and newsletters; the ban list is asked before anything is sent.')
  .showHelpAfterError()

program
  .command('serve')
  .description('serve HTTP, deliver mail, keep the clock')
  .action(() =>
    withNode(async ({ serve, greeting }) => {
      const running = await serve(process.env)
      console.log(await greeting(running.postilupa, running.url))
      const stop = () => {
        running.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        )
      }
      process.once('SIGTERM', stop)
      process.once('SIGINT', stop)
    }),
  )

program
  .command('migrate')
  .description('bring the database to this version')
  .action(() =>
    withNode(async ({ openPostilupa }) => {
      const postilupa = await openPostilupa(process.env, { migrating: true, quiet: true })
      await postilupa.close()
      console.log('The database is at this version.')
    }),
  )

/** Everything that needs the service is loaded only when a command asks for it. */
async function withNode(work: (node: typeof Node) => Promise<void>) {
  const node = await import('./node.ts')
  try {
    await work(node)
  } catch (error) {
    if (!(error instanceof node.Refusal)) throw error
    console.error(error.message)
    process.exitCode = EX_CONFIG
  }
}

await program.parseAsync()
