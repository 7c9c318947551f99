import { z } from 'zod'
import type { PurposeKey } from '../rules/register.ts'
import type { Store } from './store.ts'
import type { TopicRow } from './tables.ts'

/** One thing that a person can subscribe to or leave; its List-Id never changes. */
export type Topic = {
  id: string
  purpose: PurposeKey
  kind: TopicRow['kind']
  names: { fi: string; sv: string; en: string }
  listId: string
}

const names = z.object({ fi: z.string(), sv: z.string(), en: z.string() })

export function readTopic({ id, purpose, kind, names: text, list_id }: TopicRow): Topic {
  return { id, purpose: purpose as PurposeKey, kind, names: names.parse(JSON.parse(text)), listId: list_id }
}

export async function topicOf({ store }: { store: Store }, id: string): Promise<Topic | null> {
  const row = await store.db.selectFrom('topics').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readTopic(row) : null
}

/** All topics, in the order in which pages show them. */
export async function allTopics({ store }: { store: Store }): Promise<Topic[]> {
  const rows = await store.db.selectFrom('topics').selectAll().orderBy('position').orderBy('id').execute()
  return rows.map(readTopic)
}

/** Adds a topic; one that is there already stays as it is. Returns its id when it was added. */
export function addTopic(store: Store, topic: Topic & { position: number }, now: number) {
  const { id, purpose, kind, names: text, listId, position } = topic
  return store.db
    .insertInto('topics')
    .values({ id, purpose, kind, names: JSON.stringify(text), list_id: listId, position, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}
