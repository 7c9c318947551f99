import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { remindSurvey } from '../../src/actions/remindSurvey.ts'
import { scheduleMailing } from '../../src/actions/mailingVerbs.ts'
import { createMailing } from '../../src/actions/mailingContent.ts'
import { ban } from '../../src/actions/ban.ts'
import { close } from '../../src/actions/surveys.ts'
import { startApp, type TestApp } from '../app.ts'
import { leavingPath, post, run } from '../leaving.ts'
import { addPeople, reportOf } from '../people.ts'
import { DAY } from '../signUps.ts'
import { attachFile } from '../../src/actions/attachFile.ts'
import { makeWriter } from '../../src/mail/writer.ts'
import { proposedFactQueries } from '../../src/store/gateFacts.ts'
import { changeSurvey, remindersDue, surveyById } from '../../src/store/surveys.ts'
import { answer, invitation, invite, invited, makeSurvey, surveyPath, surveyRows } from '../surveys.ts'

let t: TestApp
beforeEach(async () => {
  t = await startApp()
})
afterEach(() => t.close())

const maija = { email: 'maija@yritys.example', name: 'Maija Meikäläinen' }
const pekka = { email: 'pekka@yritys.example' }
const liisa = { email: 'liisa@yritys.example' }
const skips = async (mailing: string) => (await reportOf(t, mailing)).skippedBy

describe('a survey invitation', () => {
  it('C9 carries the address and nothing else of the person, and a link for each answer of the first question', async () => {
    const { mails } = await invited(t, await makeSurvey(t), [maija])
    const [mail] = mails
    expect(mail?.raw).not.toContain('Maija')
    expect(mail?.text).toContain('Suosittelisitko meitä?')
    const links = [...(mail?.html ?? '').matchAll(/href="([^"]*\/s\/[^"]*)"/g)].map((match) =>
      match[1]?.replaceAll('&amp;', '&'),
    )
    expect(links).toHaveLength(12)
    for (const link of links) expect(mail?.links).toContain(link)
    expect(links.filter((link) => link?.includes('?')).map((link) => new URL(link ?? '').search)).toEqual(
      Array.from({ length: 11 }, (_, n) => `?q=score&v=${n}`),
    )
    expect(new Set(links.map((link) => link?.split('?')[0])).size).toBe(1)
    expect(mail?.text).toContain('Vastaaminen on vapaaehtoista.')
  })

  it('C9 merges no name: the error stands where the tag does', async () => {
    const content = { format: 'markdown' as const, body: 'Hei {{ contact.name }}!' }
    const made = await createMailing(t.deps, { ...invitation, content }, 'system')
    expect(made).toMatchObject({ ok: false, status: 422, errors: [{ path: 'content.body', line: 1 }] })
  })

  it('shows the question where its tag stands, and once', async () => {
    const survey = await makeSurvey(t)
    await addPeople(t, [{ ...maija, topics: ['survey'] }])
    await invite(t, survey, { content: { format: 'markdown', body: 'Alku\n\n{{ surveyBlock }}\n\nLoppu' } })
    const text = (await t.mailsTo(maija.email))[0]?.text ?? ''
    expect(text.match(/Suosittelisitko meitä\?/g)).toHaveLength(1)
    expect(text.indexOf('Alku')).toBeLessThan(text.indexOf('Suosittelisitko'))
    expect(text.indexOf('Suosittelisitko')).toBeLessThan(text.indexOf('Loppu'))
  })

  it('is refused by name without a survey, with one that is closed or unknown, and to another kind of mailing', async () => {
    const survey = await makeSurvey(t)
    const draft = async (change: object) => createMailing(t.deps, { ...invitation, ...change }, 'system')
    expect(await draft({ survey: 'nothing' })).toMatchObject({ ok: false, status: 422, errors: [{ path: 'survey' }] })
    const other = { kind: 'newsletter' as const, topic: 'newsletter', survey }
    expect(await draft(other)).toMatchObject({ ok: false, status: 422, errors: [{ path: 'survey' }] })
    const bare = await draft({})
    expect(bare.ok && (await scheduleMailing(t.deps, bare.mailing.id, { at: 'now' }, 'system'))).toMatchObject({
      ok: false,
      status: 422,
      errors: [{ path: 'survey' }],
    })
    const made = await draft({ survey })
    await close(t.deps, survey, 'system')
    expect(await draft({ survey })).toMatchObject({ ok: false, status: 422, errors: [{ path: 'survey' }] })
    expect(made.ok && (await scheduleMailing(t.deps, made.mailing.id, { at: 'now' }, 'system'))).toMatchObject({
      ok: false,
      status: 422,
    })
  })

  it('goes to nobody who banned marketing, left surveys, or gave no permission: the whole gate is asked', async () => {
    await addPeople(
      t,
      [maija, pekka].map((person) => ({ ...person, topics: ['survey'] })),
    )
    await addPeople(t, [liisa])
    await ban(t.deps, { kind: 'email', value: maija.email }, 'system')
    const first = await invite(t, await makeSurvey(t))
    expect(await skips(first)).toEqual({ banned: 1 })
    await post(t, leavingPath((await t.mailsTo(pekka.email))[0]))
    t.clock.advance(100 * DAY)
    const second = await invite(t, await makeSurvey(t))
    expect(await skips(second)).toMatchObject({ banned_topic: 1 })
    expect(await t.mailsTo(liisa.email)).toEqual([])
  })

  it('comes at most once in 90 days, whatever survey it is', async () => {
    await invited(t, await makeSurvey(t), [maija])
    t.clock.advance(89 * DAY)
    const soon = await invite(t, await makeSurvey(t))
    expect(await skips(soon)).toEqual({ frequency_cap: 1 })
    t.clock.advance(2 * DAY)
    const later = await invite(t, await makeSurvey(t))
    expect((await reportOf(t, later)).counts).toMatchObject({ sent: 1 })
  })

  it('is for nobody any more when the survey closed before its hand-over', async () => {
    const survey = await makeSurvey(t)
    await addPeople(t, [{ ...maija, topics: ['survey'] }])
    const made = await createMailing(t.deps, { ...invitation, survey }, 'system')
    if (!made.ok) throw new Error('no mailing')
    await scheduleMailing(t.deps, made.mailing.id, { at: 'now' }, 'system')
    await t.tick()
    await close(t.deps, survey, 'system')
    await t.deliver()
    expect(await skips(made.mailing.id)).toEqual({ survey_closed: 1 })
  })

  it('is for nobody any more once the survey closed in the middle of the sending', async () => {
    const survey = await makeSurvey(t)
    const [contact = ''] = await addPeople(t, [{ ...maija, topics: ['survey'] }])
    const made = await createMailing(t.deps, { ...invitation, survey }, 'system')
    if (!made.ok) throw new Error('no mailing')
    const query = proposedFactQueries(t.deps.store, made.mailing, [contact])[0]
    const [claimed] = (await t.deps.store.db.executeQuery(query)).rows
    if (!claimed) throw new Error('no facts')
    const writer = makeWriter(t.deps)
    expect(await writer.prepare(claimed)).toHaveProperty('compose')
    await close(t.deps, survey, 'system')
    expect(await writer.prepare(claimed)).toMatchObject({ outcome: { state: 'skipped', reason: 'survey_closed' } })
  })
})

describe('the reminder', () => {
  it('goes once to those who were invited and have not answered, and says that it is one', async () => {
    const survey = await makeSurvey(t, { anonymous: true })
    const { paths, mailing } = await invited(t, survey, [maija, pekka])
    await addPeople(t, [{ ...liisa, topics: ['survey'] }])
    await answer(t, paths[0] ?? '', { score: '9' })
    t.clock.advance(7 * DAY)
    const made = await remindSurvey(t.deps, survey, 'system')
    expect(made).toEqual({ ok: true, mailings: [`${mailing}-reminder`] })
    await run(t)
    expect(await reportOf(t, `${mailing}-reminder`)).toMatchObject({
      counts: { sent: 1, skipped: 1 },
      skippedBy: { answered: 1 },
    })
    expect((await t.mailsTo(pekka.email)).map((mail) => mail.subject)).toEqual([
      'Miten onnistuimme?',
      'Muistutus: Miten onnistuimme?',
    ])
    expect(await t.mailsTo(maija.email)).toHaveLength(1)
    expect(await t.mailsTo(liisa.email)).toHaveLength(0)
    expect(await remindSurvey(t.deps, survey, 'system')).toMatchObject({ ok: false, status: 409, why: 'already' })
    // The reminder's own link answers, and nobody is invited twice by being reminded.
    expect((await answer(t, surveyPath((await t.mailsTo(pekka.email)).at(-1)), { score: '1' })).status).toBe(200)
  })

  it('made twice at the same time is one', async () => {
    const survey = await makeSurvey(t)
    await invited(t, survey, [maija])
    await Promise.all([1, 2, 3].map(() => remindSurvey(t.deps, survey, 'system')))
    await run(t)
    await run(t)
    expect(await t.mailsTo(maija.email)).toHaveLength(2)
  })

  it('is sent by itself so many days after the invitation, where that was chosen, and never again', async () => {
    const survey = await makeSurvey(t)
    await addPeople(t, [{ ...maija, topics: ['survey'] }])
    const mailing = await invite(t, survey, { remindAfterDays: 7 })
    t.clock.advance(7 * DAY - 60_000)
    await run(t)
    expect(await t.mailsTo(maija.email)).toHaveLength(1)
    t.clock.advance(60_000)
    for (let n = 0; n < 3; n++) await run(t)
    expect(await t.mailsTo(maija.email)).toHaveLength(2)
    expect(await reportOf(t, `${mailing}-reminder`)).toMatchObject({ row: { reminds: mailing, remind_days: null } })
    t.clock.advance(30 * DAY)
    await run(t)
    expect(await t.mailsTo(maija.email)).toHaveLength(2)
  })

  it('is due for no mailing that a person paused, and for no survey that is closed: they would keep the others waiting', async () => {
    const survey = await makeSurvey(t)
    await addPeople(t, [{ ...maija, topics: ['survey'] }])
    const mailing = await invite(t, survey, { remindAfterDays: 7 })
    const { db, batch } = t.deps.store
    const set = (values: object) => batch([db.updateTable('mailings').set(values).where('id', '=', mailing)])
    const due = async () => (await remindersDue(t.deps.store, t.clock.now() + 7 * DAY)).map(({ id }) => id)
    expect(await due()).toEqual([mailing])
    await set({ paused_at: t.clock.now() })
    expect(await due()).toEqual([])
    await set({ paused_at: null })
    await close(t.deps, survey, 'system')
    expect(await due()).toEqual([])
  })

  it('carries the files of the invitation', async () => {
    const survey = await makeSurvey(t)
    await addPeople(t, [{ ...maija, topics: ['survey'] }])
    const made = await createMailing(t.deps, { ...invitation, survey }, 'system')
    if (!made.ok) throw new Error('no mailing')
    await attachFile(t.deps, made.mailing.id, { name: 'ohje.txt', bytes: Buffer.from('Näin vastaat.') })
    await scheduleMailing(t.deps, made.mailing.id, { at: 'now' }, 'system')
    await run(t)
    await remindSurvey(t.deps, survey, 'system')
    await run(t)
    const mails = await t.mailsTo(maija.email)
    expect(mails.map((mail) => mail.raw.includes('ohje.txt'))).toEqual([true, true])
  })

  it('passes through the gate like everything else', async () => {
    const survey = await makeSurvey(t)
    const { mails, mailing } = await invited(t, survey, [maija])
    await post(t, leavingPath(mails[0]))
    await remindSurvey(t.deps, survey, 'system')
    await run(t)
    expect(await skips(`${mailing}-reminder`)).toEqual({ banned_topic: 1 })
  })

  it('is refused where nobody was invited, or the survey is closed', async () => {
    const survey = await makeSurvey(t)
    expect(await remindSurvey(t.deps, survey, 'system')).toMatchObject({ status: 409, why: 'nobody' })
    await invited(t, survey, [maija])
    await close(t.deps, survey, 'system')
    expect(await remindSurvey(t.deps, survey, 'system')).toMatchObject({ status: 409, why: 'over' })
    expect(await remindSurvey(t.deps, 'nothing', 'system')).toMatchObject({ status: 404 })
  })
})

describe('what people were asked', () => {
  it('stays, also when the mailing is scheduled in the moment of the change', async () => {
    const survey = await surveyById(t.deps.store, await makeSurvey(t))
    if (!survey) throw new Error('no survey')
    // What the change was decided on was true before the mailing was scheduled.
    await invited(t, survey.id, [maija])
    const write = (next: typeof survey, fixed: boolean) =>
      t.deps.store.batch([changeSurvey(t.deps.store, next, survey.updatedAt, survey.updatedAt + 1, fixed)])
    expect(await write({ ...survey, anonymous: true }, true)).toEqual([[]])
    expect(await surveyById(t.deps.store, survey.id)).toEqual(survey)
    expect(await write({ ...survey, name: 'Syksy' }, false)).toEqual([[{ id: survey.id }]])
  })
})

describe('an anonymous answer', () => {
  it('C9 is joined to nobody in the database: no contact, no address, the day instead of the moment', async () => {
    const survey = await makeSurvey(t, { anonymous: true })
    const { ids, paths, mailing } = await invited(t, survey, [maija])
    t.clock.advance(12_345)
    const before = await everythingOf(ids[0] ?? '')
    await answer(t, paths[0] ?? '', { score: '9', words: 'Hyvä' })
    const rows = await surveyRows(t)
    for (const trace of [ids[0] ?? '', mailing, maija.email, String(t.clock.now())]) expect(rows).not.toContain(trace)
    const [response] = await t.deps.store.db.selectFrom('survey_responses').selectAll().execute()
    expect(response).toMatchObject({ contact_id: null, answered_at: Date.UTC(2026, 4, 18) })
    const [participant] = await t.deps.store.db.selectFrom('survey_participants').selectAll().execute()
    expect(participant?.person).not.toBe(response?.id)
    // Nothing about the person changed by their answering: no time of theirs gives it away.
    expect(await everythingOf(ids[0] ?? '')).toBe(before)
  })

  async function everythingOf(contact: string) {
    const { db } = t.deps.store
    return JSON.stringify([
      await db.selectFrom('contacts').selectAll().where('id', '=', contact).execute(),
      await db.selectFrom('deliveries').selectAll().where('contact_id', '=', contact).execute(),
      await db.selectFrom('ledger').select('id').execute(),
    ])
  }
})
