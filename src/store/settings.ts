import type { Store } from './store.ts'

/**
 * One remembered fact of the installation: `hold` (kill switch), `keyring` (the ring that the match keys were made with),
 * `prepared` (the deployed version that last made itself ready, where there is no start of a process), `brand` (JSON: what was chosen
 * in place of BRAND_NAME, BRAND_COLOR and BRAND_LOGO).
 */
type Setting = 'hold' | 'keyring' | 'prepared' | 'brand'

export async function settingOf(store: Store, key: Setting): Promise<string | null> {
  const row = await store.db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? null
}

export function rememberSetting(store: Store, key: Setting, value: string, now: number) {
  return store.db
    .insertInto('settings')
    .values({ key, value, updated_at: now })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updated_at: now }))
}

export function forgetSetting(store: Store, key: 'hold' | 'brand') {
  return store.db.deleteFrom('settings').where('key', '=', key)
}
