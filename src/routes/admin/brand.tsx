import { Hono, type Context } from 'hono'
import { saveBrand } from '../../actions/saveBrand.ts'
import type { Deps } from '../../deps.ts'
import { chosenBrand } from '../../mail/brand.ts'
import { listImages } from '../../store/images.ts'
import { BrandEdit, type BrandFault, type BrandForm } from '../../templates/pages/admin/brand.tsx'
import { imageWords } from '../../templates/words/admin/images.ts'
import { adminPage, adminProps, currentUser, type Signed } from './page.tsx'

/** So many pictures are offered as a logo, the newest ones. */
const OFFERED = 24

/** The brand of pages and messages. */
export function brandScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/', async (c) => {
    const { name, color, logo } = await chosenBrand(deps)
    return show(c, { name: name ?? '', color: color ?? '', logo: logo ?? '' }, [])
  })

  app.post('/', async (c) => {
    const body = await c.req.parseBody()
    const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '')
    const form = { name: text('name'), color: text('color'), logo: text('logo') }
    const saved = await saveBrand(deps, form, `user:${currentUser(c)}`)
    return saved.ok ? c.redirect('/admin/brand?done=saved', 303) : show(c, form, saved.faults)
  })

  async function show(c: Context<Signed>, form: BrandForm, faults: readonly BrandFault[]) {
    const props = adminProps(c, deps)
    const [images, chosen] = await Promise.all([listImages(deps.store, undefined, OFFERED), chosenBrand(deps)])
    const hashes = new Map(images.map(({ sha256, alt }) => [sha256, alt]))
    // The chosen one may be older than those.
    if (chosen.logo !== null && !hashes.has(chosen.logo)) hashes.set(chosen.logo, props.brand.name)
    return adminPage(
      c,
      deps,
      <BrandEdit
        {...props}
        form={form}
        defaults={deps.config.brand}
        images={[...hashes].map(([hash, alt]) => ({ hash, alt }))}
        faults={faults}
        done={c.req.query('done') === 'saved' ? imageWords[props.lang].brand.done : undefined}
      />,
      faults.length > 0 ? 422 : 200,
    )
  }

  return app
}
