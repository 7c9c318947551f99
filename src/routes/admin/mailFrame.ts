import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { safeHeaders } from '../page.tsx'

/** Inline styles as mail has them, no script, no request but for our own pictures; its frame is sandboxed besides. */
const POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; frame-ancestors 'self'"

/** Answers with a mail's HTML part that stands alone under a policy of its own, to be shown in a frame of ours. */
export function mailFrame(c: Context, { config }: Pick<Deps, 'config'>, content: string, as: 'html' | 'text') {
  safeHeaders(c, config.publicUrl)
  c.header('Content-Security-Policy', POLICY)
  return as === 'html' ? c.html(content) : c.text(content)
}
