/** Colours of the two schemes. The pairs that must stay readable are checked by test/templates/contrast.test.ts. */
export const tokens = {
  light: {
    page: '#f3f5f7',
    card: '#ffffff',
    text: '#1c2127',
    soft: '#545d68',
    line: '#d6dbe1',
    edge: '#727c88',
    link: '#0b559f',
    note: '#edf3fa',
    bad: '#a8221b',
    good: '#1d7038',
    badNote: '#fdf1f0',
  },
  dark: {
    page: '#121518',
    card: '#1b1f24',
    text: '#e7eaee',
    soft: '#aab3bd',
    line: '#353c44',
    edge: '#8b96a2',
    link: '#8fbdf5',
    note: '#222c38',
    bad: '#ffb0a8',
    good: '#7ccf97',
    badNote: '#372322',
  },
} as const

/**
 * Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio" and "relative luminance").
 * @param a,b `#rrggbb`
 */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** White where it can be read on the colour, else black: never under 4.5, because one of the two always reaches 4.58. */
export function inkOn(color: string): '#ffffff' | '#000000' {
  return contrast(color, '#ffffff') >= 4.5 ? '#ffffff' : '#000000'
}

/**
 * The whole content of a page's one `<style>`; hash exactly this string for `style-src 'sha256-…'`.
 * @param brandColor `#rrggbb`; anything else throws, because it would become CSS.
 */
export function styleFor(brandColor: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(brandColor)) throw new TypeError('brandColor: write it as #1a4f8b')
  const brand = `--brand:${brandColor};--ink:${inkOn(brandColor)};`
  return (
    `:root{color-scheme:light dark;${brand}${variables('light', brandColor)}}` +
    `@media(prefers-color-scheme:dark){:root{${variables('dark', brandColor)}}}` +
    sheet
  )
}

/** The same for admin pages, with the few rules that only they need. */
export function adminStyleFor(brandColor: string): string {
  return styleFor(brandColor) + adminSheet
}

/** A button keeps an outline that shows where the brand colour is too near to the card (WCAG 1.4.11: 3:1). */
function variables(scheme: 'light' | 'dark', brandColor: string): string {
  const colors = tokens[scheme]
  const rim = contrast(brandColor, colors.card) >= 3 ? brandColor : colors.edge
  return [...Object.entries(colors), ['rim', rim]].map(([name, color]) => `--${name}:${color}`).join(';')
}

// Touch targets are 2.75rem (44 px) high, lines at most 68 characters long; long Finnish words are hyphenated or broken.
const sheet = oneLine(`
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word;border-top:.375rem solid var(--brand)}
header,main,footer{max-width:44rem;margin:0 auto;padding:0 2rem}
header{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:0 1.5rem;min-height:4rem}
.brand{font-weight:700;font-size:1.125rem;margin:.5rem 0}
.brand img{display:block;max-height:3rem;max-width:14rem;background:#fff;padding:.25rem;border-radius:.25rem}
nav,.links{display:flex;flex-wrap:wrap;align-items:center;gap:0 1.25rem}
nav a,.links a{display:inline-flex;align-items:center;min-height:2.75rem}
[aria-current]{color:var(--text);font-weight:600;text-decoration:none}
main{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding-block:1.5rem 2rem}
h1,h2{line-height:1.25;text-wrap:balance;hyphens:auto}
h1{font-size:1.625rem;margin:.25rem 0 1rem}
h2{font-size:1.1875rem;margin:2rem 0 .5rem}
p,ul,dl{margin:0 0 1rem;max-width:68ch}
a{color:var(--link);text-underline-offset:.15em}
section{border-top:1px solid var(--line);margin-top:2rem}
section h2{margin-top:1.5rem}
.soft,footer{color:var(--soft);font-size:.9375rem}
footer{padding-block:1.25rem 2rem}
footer p{margin:0}
.note{background:var(--note);border-left:.25rem solid var(--link);padding:.75rem 1rem;margin:0 0 1rem;border-radius:.25rem;white-space:pre-line}
.note>*{margin:0}
.bad{background:var(--badNote);border-color:var(--bad)}
.err{color:var(--bad);font-weight:600;margin:.25rem 0}
form{margin:0 0 1rem}
nav form{margin:0}
section+form{margin-top:2rem}
fieldset{border:0;padding:0;margin:1.5rem 0;min-width:0}
label,legend{font-weight:600;padding:0}
.nb{white-space:nowrap}
.field{margin:0 0 1.25rem}
.hint{color:var(--soft);font-size:.9375rem;font-weight:400;margin:0}
input,select,textarea,button{font:inherit;color:inherit;min-height:2.75rem;border:1px solid var(--edge);border-radius:.375rem;background:var(--card);padding:.5rem .75rem}
input,select,textarea{display:block;width:100%;margin-top:.25rem}
[aria-invalid]{border:2px solid var(--bad)}
.tick{display:flex;gap:.75rem;align-items:flex-start;min-height:2.75rem;padding:.5rem 0;font-weight:400}
.tick input{flex:none;width:1.5rem;height:1.5rem;min-height:0;margin:0;accent-color:var(--link)}
button{font-weight:600;cursor:pointer;padding:.5rem 1.25rem;max-width:100%}
button:hover,a:hover{text-decoration:underline;text-decoration-thickness:2px}
.main{background:var(--brand);color:var(--ink);border-color:var(--rim)}
.danger{border-color:var(--bad);color:var(--bad)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table{border-collapse:collapse;width:100%;margin:0 0 1rem;font-size:.9375rem}
body:has(table)>*{max-width:68rem}
th,td{text-align:left;vertical-align:top;padding:.625rem 1rem .625rem 0;border-bottom:1px solid var(--line)}
dt{color:var(--soft);font-size:.9375rem}
dd{margin:0}
@media(max-width:46rem){header,main,footer{padding-inline:1.25rem}main{border-width:1px 0;border-radius:0}h1{font-size:1.375rem}main button{width:100%}}
@media(max-width:58rem){thead{position:absolute;clip-path:inset(50%)}tr,td,th{display:block}tr{border-bottom:1px solid var(--line);padding:.5rem 0}td,tbody th{border:0;padding:.125rem 0;text-align:left}td[data-label]::before{content:attr(data-label);display:block;color:var(--soft);font-size:.875rem}}
`)

/** What only survey pages need; goes behind their style, and its hash covers both. */
export const surveySheet = oneLine(`
.rates{display:grid;grid-template-columns:repeat(auto-fit,minmax(3rem,1fr));gap:.5rem;margin-top:.5rem}
.rate{position:relative;display:block;cursor:pointer}
.rate input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.rate span{display:flex;align-items:center;justify-content:center;min-height:3rem;border:1px solid var(--edge);border-radius:.375rem}
.rate input:checked+span{background:var(--brand);color:var(--ink);border-color:var(--rim);font-weight:700}
.rate input:focus-visible+span{outline:3px solid var(--link);outline-offset:2px}
.ends{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.9375rem;margin:.25rem 0 0;max-width:none}
.ends span+span{text-align:right}
@media(forced-colors:active){.rate input{opacity:1;position:static;width:1.5rem;height:1.5rem;margin:auto}}
`)

const adminSheet = oneLine(`
body>*{max-width:68rem}
header{gap:0 1rem;padding-top:.5rem}
header .brand{flex:1}
header form{margin:0}
h3{font-size:1.0625rem;line-height:1.25;text-wrap:balance;hyphens:auto;margin:1.5rem 0 .5rem}
.parts{flex-basis:100%;gap:0 1.25rem}
.parts [aria-current]{box-shadow:inset 0 -.1875rem var(--rim)}
.under{font-size:.9375rem;border-top:1px solid var(--line)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin:0 0 1rem}
.actions form{margin:0}
.button{display:inline-flex;align-items:center;min-height:2.75rem;padding:.5rem 1.25rem;border:1px solid var(--edge);border-radius:.375rem;font-weight:600;text-decoration:none;color:inherit}
.button.main{background:var(--brand);color:var(--ink);border-color:var(--rim)}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(18rem,100%),1fr));gap:0 1.5rem}
.tag{display:inline-block;border:1px solid var(--edge);border-radius:1rem;padding:0 .625rem;font-size:.875rem;overflow-wrap:break-word;max-width:100%}
textarea{min-height:8rem}
.button.danger{border-color:var(--bad);color:var(--bad)}
.steps{margin:0 0 1.5rem;border-bottom:1px solid var(--line)}
.choices{list-style:none;padding:0}
.choices li{margin:0 0 1rem}
.choices .hint{display:block}
.ticks{display:flex;flex-wrap:wrap;gap:0 1.5rem}
.facts>div{margin:0 0 .75rem}
.frames{display:flex;flex-wrap:wrap;gap:0 1.5rem}
.frames section{flex:1 1 38rem;min-width:0}
.frames section+section{flex:0 1 24.375rem}
iframe.layout{height:28rem}
.grid>.field{display:flex;flex-direction:column}
.grid>.field>:last-child{margin-top:auto}
.hint+.grid,.hint+.note,.hint+form{margin-top:1rem}
section>:first-child{margin-top:1.5rem}

textarea.code,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9375rem}
summary{cursor:pointer;min-height:2.75rem;padding:.5rem 0;font-weight:600}
td{overflow-wrap:anywhere}
.said li{white-space:pre-line;overflow-wrap:anywhere;margin:0 0 .5rem}
.chart{margin:0 0 1.5rem}
.chart svg{display:block;width:100%;max-width:34rem;height:auto}
.chart text{fill:var(--text);font-size:13px}
.chart .axis{fill:var(--soft);font-size:12px}
.chart .big{font-size:30px;font-weight:700}
.chart .rule{stroke:var(--line)}
.chart .bar{fill:var(--link)}
.chart .area{fill:var(--link);opacity:.18}
.chart .line{fill:none;stroke:var(--link);stroke-width:2}
.chart .low{fill:var(--bad)}
.chart .mid{fill:var(--edge)}
.chart .high{fill:var(--good)}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 2.5rem;max-width:none}
.facts dd{font-size:1.25rem}
@media(max-width:58rem){.chart thead{position:static;clip-path:none}.chart tr{display:table-row}.chart th,.chart td{display:table-cell;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line)}.chart td[data-label]::before{content:none}.chart .n{text-align:right}}
.n{font-variant-numeric:tabular-nums;text-align:right}
.counts{display:grid;grid-template-columns:repeat(auto-fill,minmax(7rem,1fr));gap:.5rem 1rem;max-width:none}
.counts dd{font-size:1.25rem}
fieldset.row{border:1px solid var(--line);border-radius:.375rem;padding:.5rem 1rem 1rem}
.picture{border-top:1px solid var(--line);padding:1rem 0}
.picture img{display:block;max-width:100%;height:auto;max-height:16rem;width:auto;background:#fff}
progress{width:100%;height:.75rem;accent-color:var(--link)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9375rem;margin:0 0 1rem}
iframe{width:100%;height:36rem;border:1px solid var(--edge);background:#fff;color-scheme:light}
@media(max-width:58rem){.n{text-align:left}}
`)

function oneLine(css: string): string {
  return css.replaceAll('\n', '')
}
