import { contrast, inkOn, tokens } from '../../style.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { imageWords } from '../../words/admin/images.ts'
import { formatNumber } from '../../words/index.ts'

export type BrandForm = { name: string; color: string; logo: string }
export type BrandFault = 'name' | 'color' | 'logo'

/** Name, colour and logo; what is left empty is the environment's. */
export const BrandEdit = (
  props: AdminProps & {
    form: BrandForm
    /** what stands where a field is empty */
    defaults: { name: string; color: string }
    images: readonly { hash: string; alt: string }[]
    faults: readonly BrandFault[]
    done?: string | undefined
  },
) => {
  const { lang, form, defaults, faults, images, brand } = props
  const w = imageWords[lang].brand
  const ink = inkOn(brand.color)
  const ratio = formatNumber(lang, Math.round(contrast(brand.color, ink) * 10) / 10)
  const wrong = (name: BrandFault) => (faults.includes(name) ? 'true' : undefined)
  return (
    <AdminPage {...props} title={w.title} current="brand" problem={faults.length > 0}>
      {faults.length > 0 ? (
        <div class="note bad" role="alert" tabindex={-1} autofocus>
          <ul>
            {faults.map((fault) => (
              <li>
                <a href={`#${fault}`}>{w.faults[fault]}</a>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <p>{w.intro}</p>
      <form method="post" action="/admin/brand">
        <div class="field">
          <label for="name">{w.name}</label>
          <p class="hint" id="name-hint" children={w.nameHint(defaults.name)} />
          <input id="name" name="name" value={form.name} aria-describedby="name-hint" aria-invalid={wrong('name')} />
        </div>
        <div class="field">
          <label for="color">{w.color}</label>
          <p class="hint" id="color-hint" children={w.colorHint(defaults.color)} />
          <input
            id="color"
            name="color"
            value={form.color}
            spellcheck={false}
            aria-describedby="color-hint"
            aria-invalid={wrong('color')}
          />
        </div>
        <fieldset id="logo" tabindex={-1}>
          <legend>{w.logo}</legend>
          <p class="hint">{w.logoHint}</p>
          <label class="tick">
            <input type="radio" name="logo" value="" checked={form.logo === ''} />
            <span>{w.noLogo}</span>
          </label>
          {images.map(({ hash, alt }) => (
            <label class="tick">
              <input type="radio" name="logo" value={hash} checked={form.logo === hash} />
              <span class="brand">
                <img src={`/i/${hash}`} alt={alt} loading="lazy" />
              </span>
            </label>
          ))}
          <p class="links">
            <a href="/admin/images">{w.addImage}</a>
          </p>
        </fieldset>
        <button class="main">{w.save}</button>
      </form>
      <section aria-labelledby="sample">
        <h2 id="sample">{w.sample}</h2>
        <p>
          <span class="button main">{w.sampleButton}</span>
        </p>
        <p class="soft">
          {w.ink(ink === '#ffffff' ? w.white : w.black, ratio)}{' '}
          {contrast(brand.color, tokens.light.card) < 3 ? w.rim : ''}
        </p>
      </section>
    </AdminPage>
  )
}
