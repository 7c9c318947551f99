import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { settingOf } from '../store/settings.ts'
import type { Store } from '../store/store.ts'

export type Brand = Config['brand']
/** What was chosen on the admin page; what is null is the environment's (BRAND_NAME, BRAND_COLOR, BRAND_LOGO). */
export type ChosenBrand = { name: string | null; color: string | null; logo: string | null }

/** How long another process's change may stay unseen here. */
const FRESH_MS = 1000

const kept = new WeakMap<Store, { chosen: Promise<ChosenBrand>; until: number }>()

/** Name, colour and logo of pages and messages. Remembered for a second: every page asks, and a brand changes seldom. */
export async function branded(deps: Pick<Deps, 'store' | 'config' | 'now'>): Promise<Brand> {
  const { brand } = deps.config
  const { name, color, logo } = await chosenBrand(deps)
  return { name: name ?? brand.name, color: color ?? brand.color, logo: logo === null ? brand.logo : `/i/${logo}` }
}

/** `logo` is the hash of an uploaded picture. */
export function chosenBrand({ store, now }: Pick<Deps, 'store' | 'now'>): Promise<ChosenBrand> {
  const known = kept.get(store)
  if (known && now() < known.until) return known.chosen
  const chosen = readBrand(store)
  kept.set(store, { chosen, until: now() + FRESH_MS })
  chosen.catch(() => kept.delete(store))
  return chosen
}

async function readBrand(store: Store): Promise<ChosenBrand> {
  const value = await settingOf(store, 'brand')
  return { name: null, color: null, logo: null, ...(JSON.parse(value ?? '{}') as Partial<ChosenBrand>) }
}

/** Whoever changes the brand calls it after the batch. */
export function forgetBrand(store: Store) {
  kept.delete(store)
}
