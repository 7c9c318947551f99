import { AdminPage, type AdminProps } from '../admin.tsx'
import { shellWords } from '../../words/admin/shell.ts'
import { imageWords, type ImageFaultWord } from '../../words/admin/images.ts'
import { formatNumber } from '../../words/index.ts'

export type ImageCard = {
  id: string
  /** on this service, for the page itself */
  path: string
  /** absolute, for messages */
  url: string
  alt: string
  width: number
  height: number
  size: number
}

export type ImageProblem =
  | { kind: 'upload'; fault: ImageFaultWord; alt: string }
  | { kind: 'alt'; id: string }
  | { kind: 'used'; mailings: readonly { id: string; subject: string }[]; logo: boolean }

/** Pictures with the lines that put them into a message. */
export const ImageList = (
  props: AdminProps & {
    images: readonly ImageCard[]
    done?: string | undefined
    problem?: ImageProblem | undefined
    moreHref?: string | undefined
  },
) => {
  const { lang, images, problem } = props
  const w = imageWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="images" problem={problem !== undefined}>
      {problem ? <Trouble lang={lang} problem={problem} /> : null}
      <p>{w.intro}</p>
      <Upload lang={lang} problem={problem} />
      <section aria-labelledby="list">
        <h2 id="list">{w.list}</h2>
        {images.length === 0 ? <p>{w.none}</p> : images.map((image) => <Card lang={lang} image={image} />)}
        {props.moreHref ? (
          <p class="links">
            <a href={props.moreHref}>{shellWords[lang].more}</a>
          </p>
        ) : null}
      </section>
    </AdminPage>
  )
}

const Trouble = ({ lang, problem }: { lang: AdminProps['lang']; problem: ImageProblem }) => {
  const w = imageWords[lang]
  return (
    <div class="note bad" role="alert" tabindex={-1} autofocus>
      {problem.kind === 'used' ? (
        <>
          {problem.mailings.length > 0 ? <p>{w.used}</p> : null}
          <ul>
            {problem.mailings.map(({ id, subject }) => (
              <li>
                <a href={`/admin/mailings/${id}`}>{subject}</a>
              </li>
            ))}
          </ul>
          {problem.logo ? (
            <p>
              <a href="/admin/brand">{w.usedAsLogo}</a>
            </p>
          ) : null}
        </>
      ) : (
        <p>
          {problem.kind === 'alt' ? (
            <a href={`#alt-${problem.id}`}>{w.faults.alt}</a>
          ) : (
            <a href={problem.fault === 'alt' ? '#alt' : '#file'}>{w.faults[problem.fault]}</a>
          )}
        </p>
      )}
    </div>
  )
}

const Upload = ({ lang, problem }: { lang: AdminProps['lang']; problem: ImageProblem | undefined }) => {
  const w = imageWords[lang]
  const fault = problem?.kind === 'upload' ? problem.fault : undefined
  return (
    <section aria-labelledby="upload">
      <h2 id="upload">{w.upload}</h2>
      <form method="post" action="/admin/images" enctype="multipart/form-data">
        <div class="field">
          <label for="file">{w.file}</label>
          <p class="hint" id="file-hint" children={w.fileHint} />
          <input
            type="file"
            id="file"
            name="file"
            accept="image/png,image/jpeg,image/gif,image/webp"
            required
            aria-describedby="file-hint"
            aria-invalid={fault !== undefined && fault !== 'alt' ? 'true' : undefined}
          />
        </div>
        <div class="field">
          <label for="alt">{w.alt}</label>
          <p class="hint" id="alt-hint" children={w.altHint} />
          <input
            id="alt"
            name="alt"
            required
            maxlength={300}
            value={problem?.kind === 'upload' ? problem.alt : ''}
            aria-describedby="alt-hint"
            aria-invalid={fault === 'alt' ? 'true' : undefined}
          />
        </div>
        <button class="main">{w.add}</button>
      </form>
    </section>
  )
}

const Card = ({ lang, image }: { lang: AdminProps['lang']; image: ImageCard }) => {
  const w = imageWords[lang]
  const { id, path, url, alt, width, height } = image
  const kilobytes = formatNumber(lang, Math.max(1, Math.round(image.size / 1000)))
  const lines = [
    ['markdown', w.markdown, `![${alt.replace(/[[\]\\]/g, '\\$&')}](${url})`],
    ['mjml', w.mjml, `<mj-image src="${url}" alt="${quoted(alt)}" width="${Math.min(width, 600)}px" />`],
  ] as const
  return (
    <article class="picture" aria-label={alt}>
      <p>
        <img src={path} alt={alt} width={width} height={height} loading="lazy" />
      </p>
      <p class="soft">{w.size(width, height, kilobytes)}</p>
      <div class="grid">
        {lines.map(([kind, label, line]) => (
          <div class="field">
            <label for={`${kind}-${id}`}>{label}</label>
            <input id={`${kind}-${id}`} class="code" value={line} readonly />
          </div>
        ))}
      </div>
      <form method="post" action={`/admin/images/${id}`}>
        <div class="field">
          <label for={`alt-${id}`}>{w.alt}</label>
          <input id={`alt-${id}`} name="alt" required maxlength={300} value={alt} />
        </div>
        <div class="actions">
          <button>{w.change}</button>
          <button class="danger" formaction={`/admin/images/${id}/delete`} formnovalidate>
            {w.remove}
          </button>
        </div>
      </form>
    </article>
  )
}

/** For an attribute of MJML that an author pastes. */
function quoted(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
