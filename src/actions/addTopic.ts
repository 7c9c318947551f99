import type { Deps } from '../deps.ts'
import { forgetForms } from '../store/forms.ts'
import { recordEvent } from '../store/ledger.ts'
import { addTopic as insertTopic, topicOf, type Topic } from '../store/topics.ts'

export type NewTopic = Omit<Topic, 'listId'>
export type AddTopicResult = { ok: true; topic: Topic; added: boolean } | { ok: false; taken: Topic }

/** Adds a topic, whose purpose, kind and List-Id never change; the same again is the same topic. */
export async function addTopic(deps: Deps, wanted: NewTopic, actor: string): Promise<AddTopicResult> {
  const { store, config } = deps
  const now = deps.now()
  const topic = { ...wanted, listId: `${wanted.id}.${config.listDomain}` }
  const [added] = await store.batch([
    insertTopic(store, { ...topic, position: Math.floor(now / 60_000) }, now),
    recordEvent(store, {
      id: `topic.${topic.id}`,
      at: now,
      event: 'topic_added',
      subject: null,
      actor,
      data: { topic: topic.id, purpose: topic.purpose, kind: topic.kind },
    }),
  ])
  if (added[0]) {
    forgetForms(store)
    return { ok: true, topic, added: true }
  }
  const known = await topicOf(deps, wanted.id)
  if (!known) throw new Error('a topic that is there cannot be read')
  const same = known.purpose === wanted.purpose && known.kind === wanted.kind
  return same ? { ok: true, topic: known, added: false } : { ok: false, taken: known }
}
