import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import { readPiece } from '../store/files.ts'
import { safeHeaders } from './page.tsx'

export type KeptFile = { name: string; media_type: string; size: number; sha256: string }

/** Answers with a kept file, to be saved and never shown in our place: nothing in it runs here (standards A9-5). */
export async function fileAnswer(c: Context, { config, store }: Pick<Deps, 'config' | 'store'>, file: KeptFile) {
  const first = await readPiece(store, file.sha256, 0)
  if (first === null) return null
  safeHeaders(c, config.publicUrl)
  c.header('Content-Security-Policy', "default-src 'none'; sandbox")
  c.header('Content-Type', file.media_type === 'text/csv' ? 'text/csv; charset=utf-8' : file.media_type)
  c.header('Content-Length', String(file.size))
  c.header('Content-Disposition', disposition(file.name))
  if (c.req.method === 'HEAD') return c.body(null)
  let piece: Uint8Array | null = first
  let n = 0
  return c.body(
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (piece === null) return controller.close()
        controller.enqueue(piece)
        piece = await readPiece(store, file.sha256, ++n)
        if (piece === null) controller.close()
      },
    }),
  )
}

/** RFC 6266: a plain name for old programs, the real one beside it. */
function disposition(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/[^\w. ()-]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
