/** Small pieces that every message is made of. Strings only: what is dynamic is escaped here or marked by a slot. */

export type Brand = { name: string; color: string; logo?: string | undefined }
export type Company = { name: string; businessId: string; address: string }

/** The same thing twice: for the HTML part and for the plain-text part. */
export type Twin = { html: string; text: string }

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '{': '&#123;',
}

/** For HTML text and quoted attributes. Braces too, so that what was text never becomes a merge tag later. */
export function escapeHtml(text: string): string {
  return /[&<>"'{]/.test(text) ? text.replace(/[&<>"'{]/g, (character) => ENTITIES[character] ?? character) : text
}

/**
 * A place that is filled for each recipient, inside strings that are otherwise ready. NUL cannot be typed into
 * anything that reaches a message, so a slot is never mistaken for text.
 */
export function slot(name: string): string {
  return `\0${name}\0`
}

export const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const PLAIN_BLUE = '#1f4e9c'

/** A colour of the form #rrggbb; anything else becomes a plain blue. */
export function brandColor(brand: Brand): string {
  return /^#[0-9a-f]{6}$/i.test(brand.color) ? brand.color : PLAIN_BLUE
}

/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
export function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff'
}

/** @param href already fit for an attribute: escaped, or a slot */
export function link(href: string, label: string): string {
  return `<a href="${href}" style="color:inherit;text-decoration:underline">${escapeHtml(label)}</a>`
}

/** A button that Outlook draws too. @param href as in `link` */
export function button(href: string, label: string, brand: Brand): string {
  const color = brandColor(brand)
  const ink = inkOn(color)
  return `<table role="presentation" border="0" cellpadding="0" cellspacing="0" style="margin:8px 0 24px"><tr>
<td bgcolor="${color}" style="padding:0;border:0;border-radius:6px;background-color:${color}"><a href="${href}" style="display:inline-block;padding:12px 24px;${FONT};font-size:16px;font-weight:600;line-height:1.25;color:${ink};text-decoration:none;border-radius:6px">${escapeHtml(label)}</a></td>
</tr></table>`
}

/** "24 hours", "7 days": whole days from three days on. */
export function lifetime(hours: number, hourWord: string, dayWord: string): string {
  return hours >= 72 && hours % 24 === 0 ? `${hours / 24} ${dayWord}` : `${hours} ${hourWord}`
}
