import type { Deps } from '../deps.ts'
import { hashesOf } from '../mail/matchHashes.ts'
import { listReader, type ListReader } from '../rules/banList.ts'
import { readEntry } from '../rules/banSource.ts'
import { stageEntries, type renewSource, type StagedEntry } from '../store/banSources.ts'
import { bansStanding } from '../store/importedBans.ts'
import { ListFault } from './fetchBanList.ts'

/** Another run has taken the source: this one wrote nothing that counts, and stops. */
export class LostSource extends Error {}

/** Entries that are looked up and kept together. */
const AT_ONCE = 1000
const LONGEST_START = 65_536

/**
 * Reads a whole list in bounded memory. What is new in it is kept beside the bans, as keyed hashes, until the version is judged.
 * @throws ListFault when it is no list, or an entry of it is no ban; LostSource
 */
export async function readBanList(
  deps: Deps,
  run: { name: string; lease: string },
  bytes: AsyncIterable<Uint8Array>,
  renew: () => ReturnType<typeof renewSource>,
): Promise<{ sequence: number | null; count: number | null; entries: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let start = ''
  let reader: ListReader | null = null
  let waiting: StagedEntry[] = []
  let entries = 0

  /** @param found entries of the list, as they came; null: it is none */
  const take = async (found: unknown[] | null) => {
    if (!found) throw new ListFault({ code: 'garbled' })
    for (const one of found) {
      entries++
      const entry = readEntry(one)
      if (!entry) throw new ListFault({ code: 'entry', detail: String(entries) })
      waiting.push({ id: deps.id(), kind: entry.kind, hashes: hashesOf(deps.keyring, entry.forms) })
      if (waiting.length >= AT_ONCE) await keep()
    }
  }
  const keep = async () => {
    const [mine] = await deps.store.batch([
      renew(),
      stageEntries(deps.store, run, await unknown(deps, run.name, waiting)),
    ])
    if (!mine[0]) throw new LostSource()
    waiting = []
  }
  const read = async (text: string) => {
    if (reader) return take(reader.push(text))
    start += text
    if (start.trim() === '') return start.length > LONGEST_START ? take(null) : undefined
    reader = listReader(start)
    if (!reader) throw new ListFault({ code: 'web_page' })
    return take(reader.push(start))
  }

  for await (const piece of bytes) await read(decoded(decoder, piece))
  await read(decoded(decoder, null))
  const end = (reader as ListReader | null)?.end()
  if (end === undefined) throw new ListFault({ code: 'empty' })
  await take(end?.entries ?? null)
  await keep()
  return { sequence: end?.sequence ?? null, count: end?.count ?? null, entries }
}

/** Those that are not banned by this source already, under whatever key. */
async function unknown({ store }: Deps, source: string, entries: readonly StagedEntry[]): Promise<StagedEntry[]> {
  const strict = ({ hashes }: StagedEntry) => hashes.filter(({ form }) => form === 'strict').map(({ hash }) => hash)
  const rows = await bansStanding(store, entries.flatMap(strict), source)
  const standing = new Set(rows.filter(({ scope }) => scope === 'all').map(({ hash }) => hash))
  return entries.filter((entry) => !strict(entry).some((hash) => standing.has(hash)))
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array | null): string {
  try {
    return decoder.decode(piece ?? undefined, { stream: piece !== null })
  } catch {
    throw new ListFault({ code: 'encoding' })
  }
}
