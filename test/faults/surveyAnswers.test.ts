import { afterEach, expect, test } from 'vitest'
import { links } from '../../src/mail/tokens.ts'
import { addPeople } from '../people.ts'
import { makeHome, startServer } from '../server.ts'
import { makeSurvey } from '../surveys.ts'
import { makeChance, numbered, onData, wait, withDatabase } from './campaign.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

test('P01 an answer that was thanked for survives kill -9, and none is there twice', { timeout: 120_000 }, async () => {
  const chance = makeChance()
  console.info(`SEED=${chance.seed}`)
  const home = makeHome({ LOG_LEVEL: 'error' })
  const people = await onData(home.env, async (deps) => {
    const contacts = await addPeople({ deps }, numbered(300))
    const surveyId = await makeSurvey({ deps })
    const { makeSurvey: makeLink } = links(deps)
    return contacts.map((id) => ({ id, path: `/s/${makeLink({ surveyId, contactId: id, language: 'fi' })}` }))
  })
  const server = await startServer({ home })
  open.push(server)
  const thanked: string[] = []
  for (let round = 0; round < 3; round++) {
    const queue = people.slice(round * 100, round * 100 + 100)
    const enough = chance.between(20, 60)
    let killed = null as Promise<unknown> | null
    const visitor = async () => {
      for (let person = queue.shift(); person && !killed; person = queue.shift()) {
        const body = new URLSearchParams({ score: '9', words: 'Kiitos' })
        const answer = await fetch(server.url + person.path, { method: 'POST', body }).catch(() => null)
        if (answer?.status === 200) thanked.push(person.id)
        if (thanked.length >= round * 20 + enough) killed ??= wait(chance.between(0, 5)).then(() => server.kill())
      }
    }
    await Promise.all(Array.from({ length: 8 }, visitor))
    await killed
    if (killed) await server.restart()
    withDatabase(home.file, (database) => {
      const kept = new Set(database.prepare('select contact_id from survey_responses').pluck().all() as string[])
      expect(thanked.filter((id) => !kept.has(id))).toEqual([])
      // A response and its answers are one; neither is ever there without the other.
      const whole = `select count(*) from survey_responses r where 2 <> (select count(*) from survey_answers a where a.response_id = r.id)`
      expect(database.prepare(whole).pluck().get()).toBe(0)
      expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
    })
  }
  expect(thanked.length).toBeGreaterThan(50)
})
