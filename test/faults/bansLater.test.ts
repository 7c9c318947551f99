import { expect, test } from 'vitest'
import { numbered, until, withDatabase, type Report } from './campaign.ts'
import { banned, expectNothingAfter, noting, sayNo, type No } from './noes.ts'

test('P07 after the answer nothing more begins: on a retry, on a resume and when what was uncertain is sent again', async () => {
  const late = numbered(20, 'myohassa')
  const cut = numbered(20, 'katki')
  const { sink, home, server, desk, addressOf, order } = await noting([...late, ...cut, ...numbered(200)], {
    paceMs: 20,
    deferOnce: 'myohassa',
    cutOnce: 'katki',
  })
  const noes: No[] = []
  const saysNo = async (count: number, which: (to: string) => boolean) => {
    const chosen = [...addressOf.values()]
      .filter((to) => which(to) && !noes.some((no) => no.addresses.includes(to)))
      .slice(0, count)
    for (const to of chosen)
      noes.push(await sayNo(`late: ${to}`, [to], () => banned(server, 'email', to.toUpperCase())))
    return chosen
  }
  const mailing = await desk.send()
  await until('it is under way', () => sink.taken().length > 20, 20_000)
  await desk.act(mailing, 'pause')
  // What was handed over before the pause goes on to its end.
  await until('nothing is in flight', async () => (await desk.report(mailing)).counts.sending === 0, 20_000)
  const begun = new Set(sink.events().map(({ to }) => to))
  const whilePaused = await saysNo(20, (to) => !begun.has(to) && to.startsWith('maija'))
  expect(whilePaused).toHaveLength(20)
  await desk.act(mailing, 'resume')
  // A person lets the mailing go on each time that it waits for a word about what is uncertain; half of those say no.
  const unsure: string[] = []
  const goesOn = (what: string, done: (report: Report) => boolean) =>
    until(
      what,
      async () => {
        const report = await desk.report(mailing)
        if (report.reason === 'uncertain') {
          const listed = (await desk.deliveries(mailing, 'uncertain')).map(
            ({ contactId }) => addressOf.get(contactId) ?? '',
          )
          unsure.push(...(await saysNo(Math.ceil(listed.length / 2), (to) => listed.includes(to))))
          await desk.act(mailing, 'resend-uncertain')
        }
        return done(report)
      },
      30_000,
    )
  await goesOn(
    'what is left has a later time',
    ({ counts }) => counts.sending + counts.uncertain + dueNow(home.file) === 0,
  )
  const deferred = await saysNo(10, (to) => to.startsWith('myohassa'))
  expect([deferred.length, unsure.length > 2]).toEqual([10, true])
  // The minutes until the next try go by at once.
  await goesOn('it is finished', ({ state }) => {
    withDatabase(home.file, (database) => database.exec(`update deliveries set due_at = 1 where state = 'queued'`))
    return state === 'finished'
  })

  expectNothingAfter(noes, order(), sink.taken())
  const taken = new Set(sink.taken().map(({ to }) => to))
  for (const to of [...whilePaused, ...deferred]) expect([to, taken.has(to)]).toEqual([to, false])
  for (const to of unsure) expect(sink.taken().filter((one) => one.to === to)).toHaveLength(1)
  expect([...addressOf.values()].filter((to) => !taken.has(to)).toSorted()).toEqual(
    [...whilePaused, ...deferred].toSorted(),
  )
  expect((await desk.report(mailing)).skippedBy).toEqual({ banned: noes.length })
}, 120_000)

const dueNow = (file: string) =>
  withDatabase(file, (database) =>
    Number(
      database
        .prepare(`select count(*) from deliveries where state = 'queued' and due_at <= ?`)
        .pluck()
        .get(Date.now()),
    ),
  )
