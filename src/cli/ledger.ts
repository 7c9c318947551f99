import type { Command } from 'commander'
import { verifyLedger } from '../actions/verifyLedger.ts'
import { exits, leaf, Misuse, say, type Opened } from './command.ts'

export function ledgerCommands(program: Command, opened: Opened): void {
  const ledger = program.command('ledger').description('the sealed record of who did what, when')
  leaf(ledger, 'verify', 'compute the chain of seals again')
    .option(
      '--anchor <seq:hash>',
      'a seal that was kept outside: shows that nothing behind it was cut off or written anew',
    )
    .action(({ anchor, json }: { anchor?: string; json?: boolean }) => {
      const kept = anchor === undefined ? null : /^(\d{1,15}):([0-9a-f]{64})$/.exec(anchor)
      if (anchor !== undefined && !kept)
        throw new Misuse('The anchor is written as seq:hash, as this command prints it.')
      return opened(async ({ deps }) => {
        const proof = await verifyLedger(deps, kept ? { seq: Number(kept[1]), hash: kept[2] ?? '' } : null)
        if (!proof.ok) process.exitCode = exits.failed
        const words = proof.ok
          ? `The ledger is whole: ${proof.sealed} sealed events, ${proof.unsealed} waiting for their seal.${proof.sealed > 0 ? `\nKeep this outside: ${proof.last}` : ''}`
          : `The ledger is broken at place ${proof.seq}: ${proof.problem}.`
        await say(json, proof, words)
      })
    })
}
