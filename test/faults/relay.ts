import { onTestFinished } from 'vitest'
import { makeDoor } from '../../src/mail/deliver.ts'
import { makeTransport } from '../../src/mail/transport.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled, type Person } from '../people.ts'
import { startSmtpSink, type SinkMessage } from '../smtpPeers.ts'

/** Milliseconds of patience with a peer that is known to stay silent; every other peer gets plenty. */
export const BRIEF = 700

/**
 * A Postilupa with a mailing under way, that may be delivered through one relay after another: the door is made anew for each,
 * as after a restart.
 */
export async function mailingUnderWay(
  people: readonly Person[],
  schedule: (t: TestApp) => Promise<string> = scheduled,
) {
  const t = await startApp({ env: { ALLOW_RESERVED_DOMAINS: '1', ALERT_TO: 'paivystys@myyja.example' } })
  onTestFinished(() => t.close())
  await addPeople(t, people)
  const id = await schedule(t)
  await t.tick()
  const deliveries = async () => {
    const rows = t.deps.store.db.selectFrom('deliveries').leftJoin('contacts', 'contacts.id', 'contact_id')
    return rows
      .selectAll('deliveries')
      .select('contacts.address as to')
      .where('mailing_id', '=', id)
      .orderBy('deliveries.id')
      .execute()
  }
  return {
    t,
    id,
    deliveries,
    report: () => reportOf(t, id),
    /** Delivers what is due through this relay, until nothing more is. */
    async through(url: string, { patience, ca }: { patience?: number | undefined; ca?: string } = {}) {
      const timeouts =
        patience === undefined ? {} : { connect: patience, greeting: patience, reply: patience, idle: patience }
      const door = makeDoor(
        t.deps,
        makeTransport(url, {
          now: t.deps.now,
          clientName: 'tests.example',
          timeouts,
          tls: ca === undefined ? {} : { ca },
        }),
      )
      await door.run()
      await t.tick()
      await door.stop()
    },
    /** Time goes by until everything that waits is due. */
    async later() {
      const last = Math.max(
        t.clock.now(),
        ...(await deliveries()).filter((row) => row.state === 'queued').map((row) => row.due_at),
      )
      t.clock.advance(last - t.clock.now() + 10_000)
    },
  }
}

/** A relay that does everything right. */
export async function goodRelay() {
  const sink = await startSmtpSink()
  onTestFinished(() => sink.close())
  const mailingsOf = (messages: readonly SinkMessage[]) =>
    messages.filter(({ raw }) => /^List-Id:/im.test(raw.toString('latin1')))
  return { ...sink, mailings: () => mailingsOf(sink.messages) }
}

export const messageIdOf = (raw: Buffer) => /^Message-ID:\s*(\S+)/im.exec(raw.toString('latin1'))?.[1] ?? ''
