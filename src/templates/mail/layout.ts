import { brandColor, escapeHtml, FONT } from './html.ts'
import type { Brand } from './html.ts'
import type { Language } from './words.ts'

/**
 * The page around every message of ours: 600 pixels wide, tables for Outlook, system fonts, nothing fetched but a logo
 * if the company has one, light and dark. Inline styles carry what must not be lost, the style sheet the rest.
 */
const STYLES = `body{margin:0;padding:0;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%}
table{border-collapse:collapse}
img{border:0;max-width:100%;height:auto}
.pl-content h1{margin:0 0 16px;font-size:26px;line-height:1.25}
.pl-content h2{margin:28px 0 12px;font-size:21px;line-height:1.3}
.pl-content h3,.pl-content h4,.pl-content h5,.pl-content h6{margin:24px 0 8px;font-size:17px;line-height:1.35}
.pl-content p,.pl-content ul,.pl-content ol,.pl-content pre,.pl-content blockquote{margin:0 0 16px}
.pl-content ul,.pl-content ol{padding:0 0 0 24px}
.pl-content li{margin:0 0 6px}
.pl-content blockquote{padding:0 0 0 16px;border-left:3px solid #c9ced6}
.pl-content hr{margin:24px 0;border:0;border-top:1px solid #d9dde3}
.pl-content pre,.pl-content code{font-family:Consolas,Menlo,monospace;font-size:14px}
.pl-content table{margin:0 0 16px}
.pl-content th,.pl-content td{padding:6px 12px 6px 0;border-bottom:1px solid #d9dde3;vertical-align:top}
.pl-content th{text-align:left}
.pl-content th[align=center]{text-align:center}
.pl-content th[align=right]{text-align:right}
.pl-content a{color:#1f4e9c}
@media only screen and (max-width:620px){.pl-pad{padding-left:20px!important;padding-right:20px!important}}
@media (prefers-color-scheme:dark){
.pl-page{background-color:#15171b!important}
.pl-card{background-color:#22252b!important}
.pl-card,.pl-content,.pl-name{color:#e8eaed!important}
.pl-note{color:#b3bac4!important}
.pl-box{background-color:#2b2f36!important;border-color:#4a505a!important;color:#e8eaed!important}
.pl-content a{color:#9cc2ff}
.pl-content th,.pl-content td,.pl-content blockquote,.pl-content hr{border-color:#4a505a!important}
}`

export type Page = {
  language: Language
  title: string
  brand: Brand
  /** Stands above the card, small: the marking. HTML, may be empty. */
  top: string
  /** The message itself. HTML. */
  content: string
  /** Rows below the card: see `noteRow`. */
  bottom: string
}

export function pageHtml({ language, title, brand, top, content, bottom }: Page): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLES}</style>
</head>
<body class="pl-page" style="margin:0;padding:0;background-color:#eef0f3">
<table role="presentation" class="pl-page" width="100%" border="0" cellpadding="0" cellspacing="0" style="background-color:#eef0f3"><tr><td align="center" style="padding:16px 8px 32px">
${column(`${top === '' ? '' : noteRow(top)}
<tr><td class="pl-card" bgcolor="#ffffff" style="background-color:#ffffff;color:#1d232b;border-top:4px solid ${brandColor(brand)};border-radius:4px">
<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0">
<tr><td class="pl-pad pl-name" style="padding:24px 36px 8px;${FONT};font-size:17px;font-weight:700;line-height:1.3;color:#1d232b">${brandMark(brand)}</td></tr>
<tr><td class="pl-pad pl-content" style="padding:16px 36px 20px;${FONT};font-size:16px;line-height:1.55;color:#1d232b">
${content}
</td></tr>
</table>
</td></tr>
${bottom}`)}
</td></tr></table>
</body>
</html>
`
}

function brandMark(brand: Brand): string {
  if (!brand.logo) return escapeHtml(brand.name)
  return `<img src="${escapeHtml(brand.logo)}" alt="${escapeHtml(brand.name)}" height="40" style="display:block;height:40px;width:auto">`
}

/** At most 600 pixels wide; Outlook, which knows no `max-width`, gets a table of that width around it. */
function column(rows: string): string {
  return `<!--[if mso]><table role="presentation" width="600" border="0" cellpadding="0" cellspacing="0"><tr><td><![endif]-->
<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0" style="max-width:600px">
${rows}
</table>
<!--[if mso]></td></tr></table><![endif]-->`
}

/** A row of small print above or below the card. */
export function noteRow(html: string): string {
  return `<tr><td class="pl-pad pl-note" style="padding:12px 36px 8px;${FONT};font-size:13px;line-height:1.5;color:#535b66">${html}</td></tr>`
}

/** A row that stands apart from everything around it, framed. */
export function boxRow(html: string): string {
  return `<tr><td style="padding:16px 0 0"><table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0"><tr>
<td class="pl-pad pl-box" bgcolor="#ffffff" style="padding:14px 36px;${FONT};font-size:14px;line-height:1.5;color:#1d232b;background-color:#ffffff;border:1px solid #c9ced6;border-radius:4px">${html}</td>
</tr></table></td></tr>`
}

/** The same rows under a document that has its own page: one table, its own ground, no style sheet needed. */
export function strip(rows: string): string {
  return `<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0" style="background-color:#eef0f3"><tr><td align="center" style="padding:4px 8px 16px">
${column(rows)}
</td></tr></table>`
}

const RULE = '----------------------------------------'

/** The plain-text page: what stands above, the message, then the notices, a line between each. */
export function pageText(top: string, content: string, notices: readonly string[]): string {
  const parts = [top, content].filter((part) => part !== '').join('\n\n')
  return `${[parts, ...notices].join(`\n\n${RULE}\n\n`)}\n`
}
