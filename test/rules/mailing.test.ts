import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFinished, mailingState, mayBecome } from '../../src/rules/mailing.ts'
import type { MailingState, MailingTimes, MailingVerb } from '../../src/rules/mailing.ts'

const draft: MailingTimes = {
  createdAt: 1,
  scheduledAt: null,
  dueAt: null,
  notAfter: null,
  startedAt: null,
  proposedAt: null,
  pausedAt: null,
  pauseReason: null,
  heldAt: null,
  holdReason: null,
  finishedAt: null,
  cancelledAt: null,
}
const scheduled = { ...draft, scheduledAt: 2, dueAt: 9 }
const sending = { ...scheduled, startedAt: 9 }

describe('the state of a mailing', () => {
  it.each([
    ['draft', null, draft],
    ['scheduled', null, scheduled],
    ['held', 'too_late', { ...scheduled, heldAt: 99, holdReason: 'too_late' }],
    ['sending', null, sending],
    ['sending', null, { ...sending, proposedAt: 10 }],
    ['held', 'source_stale', { ...sending, heldAt: 11, holdReason: 'source_stale' }],
    ['paused', 'uncertain', { ...sending, pausedAt: 11, pauseReason: 'uncertain' }],
    ['paused', 'person', { ...sending, pausedAt: 11, pauseReason: 'person', heldAt: 11, holdReason: 'source_stale' }],
    ['finished', null, { ...sending, proposedAt: 10, finishedAt: 20 }],
    ['cancelled', null, { ...sending, pausedAt: 11, pauseReason: 'person', cancelledAt: 12 }],
  ] as [MailingState, string | null, MailingTimes][])('P06 is %s (%s)', (state, reason, times) => {
    expect(mailingState(times)).toEqual({ state, reason })
  })
})

describe('what may be done to a mailing', () => {
  const states: MailingState[] = ['draft', 'scheduled', 'sending', 'paused', 'held', 'finished', 'cancelled']

  it.each([
    ['edit', ['draft']],
    ['attach', ['draft']],
    ['delete', ['draft']],
    ['schedule', ['draft', 'scheduled']],
    ['pause', ['scheduled', 'sending', 'held']],
    ['resume', ['paused', 'held']],
    ['cancel', ['scheduled', 'sending', 'paused', 'held']],
    ['resend_uncertain', ['sending', 'paused', 'held']],
    ['accept_uncertain', ['sending', 'paused', 'held', 'cancelled']],
  ] as [MailingVerb, MailingState[]][])(
    'F78 %s is possible in %j only, and elsewhere a sentence says why not',
    (verb, possible) => {
      for (const state of states) {
        const answer = mayBecome({ state, reason: null }, verb)
        expect(answer.ok, state).toBe(possible.includes(state))
        if (!answer.ok) expect(answer.why).toMatch(new RegExp(`^The mailing is ${state}\\. .+\\.$`))
      }
    },
  )

  it('P04 a mailing with uncertain deliveries is resumed by resending or accepting them', () => {
    expect(mayBecome({ state: 'paused', reason: 'uncertain' }, 'resume')).toMatchObject({
      ok: false,
      why: expect.stringMatching(/Resend or accept/),
    })
    expect(mayBecome({ state: 'paused', reason: 'uncertain' }, 'resend_uncertain')).toEqual({ ok: true })
    expect(mayBecome({ state: 'paused', reason: 'uncertain' }, 'accept_uncertain')).toEqual({ ok: true })
  })

  it('P08 a hold for a stale ban source cannot be resumed by hand', () => {
    expect(mayBecome({ state: 'held', reason: 'source_stale' }, 'resume')).toMatchObject({
      ok: false,
      why: expect.stringMatching(/by itself/),
    })
    expect(mayBecome({ state: 'held', reason: 'source_stale' }, 'cancel')).toEqual({ ok: true })
  })

  it('P15 a mailing that is too late waits for a person, who may resume or cancel it', () => {
    expect(mayBecome({ state: 'held', reason: 'too_late' }, 'resume')).toEqual({ ok: true })
    expect(mayBecome({ state: 'held', reason: 'too_late' }, 'cancel')).toEqual({ ok: true })
  })
})

describe('the end of a mailing', () => {
  const done = { proposedAt: 5, queued: 0, sending: 0, uncertain: 0 }

  it.each([
    ['everything is decided', done, true],
    ['recipients are still being proposed', { ...done, proposedAt: null }, false],
    ['somebody is queued', { ...done, queued: 1 }, false],
    ['somebody is being sent to', { ...done, sending: 1 }, false],
    ['somebody is uncertain', { ...done, uncertain: 1 }, false],
    ['a count is missing', { ...done, queued: Number.NaN }, false],
  ])('P06 when %s', (_, progress, finished) => {
    expect(isFinished(progress)).toBe(finished)
  })

  it('P06 in any order of events a mailing is finished exactly when nobody is left', () => {
    type State = 'queued' | 'sending' | 'uncertain' | 'done'
    const next: Record<State, State[]> = {
      queued: ['sending', 'done'],
      sending: ['done', 'queued', 'uncertain'],
      uncertain: ['queued', 'done'],
      done: [],
    }
    const step = fc.record({ who: fc.nat(), choice: fc.nat(), propose: fc.boolean() })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.array(step, { maxLength: 60 }), (audience, steps) => {
        const deliveries: State[] = []
        let proposedAt: number | null = null
        for (const { who, choice, propose } of steps) {
          if (propose && deliveries.length < audience) deliveries.push('queued')
          else if (propose) proposedAt ??= 1
          const index = deliveries.length === 0 ? -1 : who % deliveries.length
          const choices = next[deliveries[index] ?? 'done']
          const chosen = choices[choice % Math.max(1, choices.length)]
          if (chosen) deliveries[index] = chosen
          const count = (state: State) => deliveries.filter((one) => one === state).length
          const finished = isFinished({
            proposedAt,
            queued: count('queued'),
            sending: count('sending'),
            uncertain: count('uncertain'),
          })
          expect(finished).toBe(proposedAt !== null && deliveries.length === audience && count('done') === audience)
        }
      }),
    )
  })
})
