import { expect, onTestFinished } from 'vitest'
import { makeDoor } from '../../src/mail/deliver.ts'
import { makeTransport } from '../../src/mail/transport.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled, type Person } from '../people.ts'
import { selfSigned } from '../selfSigned.ts'
import { startScriptedPeer, startSmtpSink, type Script, type SinkMessage } from '../smtpPeers.ts'
import { numbered } from './campaign.ts'

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

export const VICTIM = 'uhri@asiakas.example'
/** One whom a peer may single out, and others. */
export const people = [{ email: VICTIM }, ...numbered(4)]

/** What a peer does. `victim` is the address that takes the place of VICTIM; `big` gives the mailing a large file. */
export type Case = {
  script?: Script
  settings?: string
  login?: string
  patience?: number
  victim?: string
  big?: true
}

export const utf16 = Buffer.from('250 ok\r\n', 'utf16le')
export const certificate = selfSigned()

/** A mailing with a file of some megabytes: more than lies between us and a relay that has stopped reading. */
async function withFile({ request, apiKey }: TestApp): Promise<string> {
  const call = async (path: string, body: string | FormData, type?: string) => {
    const headers = { Authorization: `Bearer ${apiKey}`, ...(type === undefined ? {} : { 'Content-Type': type }) }
    const answer = await request(`/api/v1/mailings${path}`, { method: 'POST', headers, body })
    expect(answer.status).toBeLessThan(300)
    return (await answer.json()) as { id: string }
  }
  const draft = {
    kind: 'price_list',
    topic: 'price-list',
    subject: 'Hinnasto',
    content: { format: 'markdown', body: 'Liitteenä.' },
  }
  const { id } = await call('', JSON.stringify(draft), 'application/json')
  const file = new FormData()
  file.set('file', new Blob([`%PDF-1.7 ${'x'.repeat(8_000_000)}`]), 'hinnasto.pdf')
  await call(`/${id}/attachments`, file)
  await call(`/${id}/schedule`, '{"at":"now"}', 'application/json')
  return id
}

/** The mailing meets the peer once. */
export async function meet({ script, settings = '', login = '', patience, victim = VICTIM, big }: Case) {
  const world = await mailingUnderWay(people, async (t) => {
    const { store } = t.deps
    await store.batch([store.db.updateTable('contacts').set({ address: victim }).where('address', '=', VICTIM)])
    return big ? withFile(t) : scheduled(t)
  })
  const peer = await startScriptedPeer(script)
  if (script === undefined) await peer.close()
  else onTestFinished(() => peer.close())
  await world.through(`${peer.url.replace('//', `//${login}`)}?connections=1${settings}`, {
    patience,
    ca: certificate.cert,
  })
  // A peer that asks for the body of a message without recipient gets an empty one.
  return { ...world, peer, accepted: peer.bodies.filter((body) => body.length > 2) }
}

export type World = Awaited<ReturnType<typeof meet>>

/** Everybody has it exactly once in the end, under the Message-ID of the delivery, whoever had refused it before. */
export async function endsWell({ t, id, through, later, deliveries, report }: World, had: readonly Buffer[] = []) {
  const good = await goodRelay()
  for (let turn = 0; turn < 4; turn++) {
    await later()
    await through(good.url)
  }
  expect((await report()).row.finished_at).not.toBeNull()
  const sent = (await deliveries()).filter((row) => row.state === 'sent')
  const arrived = [...had, ...good.mailings().map(({ raw }) => raw)].map(messageIdOf)
  expect(arrived.toSorted()).toEqual(sent.map((row) => `<${row.message_id}>`).toSorted())
  expect(sent.map((row) => row.message_id)).toEqual(sent.map((row) => `${id}.${row.contact_id}@myyja.example`))
  expect((await t.deps.store.db.selectFrom('dead_addresses').selectAll().execute()).length).toBe(0)
  return good
}
