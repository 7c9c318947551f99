import { cleanText } from './text.ts'

const LONGEST = 500

/**
 * What is kept beside a ban (reason, source, who asked). Bans outlive the erasure of the person: nothing beside the hashes may name
 * them (GDPR Art. 17(3), standards D-20).
 */
export const readBanRemark = (
  text: string,
): { ok: true; remark: string } | { ok: false; fault: 'address' | 'text' } => {
  if (text.includes('@')) return { ok: false, fault: 'address' }
  const read = cleanText(text, { field: 'remark', max: LONGEST, optional: true })
  return read.ok ? { ok: true, remark: read.value } : { ok: false, fault: 'text' }
}
