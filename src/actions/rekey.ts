import type { Deps } from '../deps.ts'
import { matchHashes, withDigests } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import { contactForms, matchForms } from '../rules/matchKeys.ts'
import { copyBanKeys, keySources, lostKeys, setKeys, type KeyedTable, type KeySource } from '../store/rekey.ts'
import { rememberSetting, settingOf } from '../store/settings.ts'

const tables: readonly KeyedTable[] = ['contacts', 'signups', 'companies', 'deliveries']

/**
 * Makes the match keys of everybody fit the ring of secrets, before anything may be sent (standards D-7): a new secret at the
 * front of SECRETS gives every contact a hash under it, and bans that a known address hits are written under it as well.
 * @returns a problem when bans were made with a secret that the ring no longer has: such bans could not be found, so nothing starts
 */
export async function ensureKeyring(deps: Deps): Promise<{ ok: true } | { ok: false; problem: string }> {
  const { store, keyring } = deps
  const lost = await lostKeys(store, keyring.ids)
  if (lost.length > 0)
    return {
      ok: false,
      problem: `SECRETS: direct-marketing bans were made with a secret that is missing now (key ${lost.join(', ')}). Put it back at the end of the list.`,
    }
  // With the version of the forms: keys that were made before there were digests are made anew as well.
  const ring = `${keyring.ids.join(',')};2`
  const kept = await settingOf(store, 'keyring')
  if (kept === ring) return { ok: true }
  if (kept !== null) for (const table of tables) await rekey(deps, table)
  await store.batch([rememberSetting(store, 'keyring', ring, deps.now())])
  deps.log.info('keyring_ready', { keys: keyring.ids.length })
  return { ok: true }
}

/** Piece by piece; a crash in between begins anew, and what is done twice is done once. */
async function rekey({ store, keyring }: Deps, table: KeyedTable) {
  const newest = keyring.ids[0] ?? ''
  for (let rows = await keySources(store, table, ''); rows.length > 0;) {
    const formed = rows.map((row) => ({ id: row.id, seen: row.keys, forms: formsOf(row) }))
    const pairs = formed
      .flatMap(({ forms }) => withDigests(forms).map((form) => keyring.hashes(form)))
      .flatMap(([fresh, ...old]) => old.map(({ hash }) => ({ old: hash, new: fresh?.hash ?? '' })))
    await store.batch([
      setKeys(
        store,
        table,
        formed.map(({ id, seen, forms }) => ({ id, seen, keys: matchHashes(keyring, forms) })),
      ),
      copyBanKeys(store, pairs, newest),
    ])
    rows = await keySources(store, table, rows.at(-1)?.id ?? '')
  }
}

function formsOf({ address, phone, business_id: businessId }: KeySource): string[] {
  const company = businessId === null ? {} : { businessId }
  if (address === null) return businessId === null ? [] : matchForms('company', businessId).map(({ text }) => text)
  const email = parseEmail(address, { allowReserved: true })
  return email.ok ? contactForms({ email: email.email, ...(phone === null ? {} : { phone }), ...company }) : []
}
