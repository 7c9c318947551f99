import type { Deps } from '../deps.ts'
import { forgetBrand, type ChosenBrand } from '../mail/brand.ts'
import { cleanText } from '../rules/text.ts'
import { imageByHash } from '../store/images.ts'
import { recordEvent } from '../store/ledger.ts'
import { forgetSetting, rememberSetting } from '../store/settings.ts'

export type BrandFault = 'name' | 'color' | 'logo'

/**
 * Keeps the brand that pages and messages carry; a text left empty is the environment's (BRAND_NAME, BRAND_COLOR, BRAND_LOGO).
 * Any colour will do: the ink on it and the rim around it are chosen so that it can be read (templates/style.ts).
 * @param given.logo the hash of an uploaded picture
 */
export async function saveBrand(
  deps: Deps,
  given: { name: string; color: string; logo: string },
  actor: string,
): Promise<{ ok: true } | { ok: false; faults: BrandFault[] }> {
  const { store } = deps
  const name = cleanText(given.name, { field: 'name', max: 100, optional: true })
  const color = given.color.trim().toLowerCase()
  const logo = given.logo === '' ? null : await imageByHash(store, given.logo)
  const faults = [
    ...(name.ok ? [] : ['name' as const]),
    ...(color === '' || /^#[0-9a-f]{6}$/.test(color) ? [] : ['color' as const]),
    ...(given.logo !== '' && logo === null ? ['logo' as const] : []),
  ]
  if (faults.length > 0 || !name.ok) return { ok: false, faults }
  const chosen: ChosenBrand = { name: name.value || null, color: color || null, logo: logo?.sha256 ?? null }
  const now = deps.now()
  const isDefault = chosen.name === null && chosen.color === null && chosen.logo === null
  await store.batch([
    isDefault ? forgetSetting(store, 'brand') : rememberSetting(store, 'brand', JSON.stringify(chosen), now),
    recordEvent(store, { id: deps.id(), at: now, event: 'brand_changed', subject: null, actor, data: chosen }),
  ])
  forgetBrand(store)
  return { ok: true }
}
