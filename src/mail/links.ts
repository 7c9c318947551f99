/** What a link, a picture's address and a style in a message may be. Each answers with a complaint, or null. */

const PLAIN_URL = /^[^\s<>"'\\`{}|^\p{Cc}\p{Cf}]+$/u

/** Links: web pages, mail addresses and phone numbers; nothing that runs, nothing that hides who is visited. */
export function linkProblem(link: string): string | null {
  if (/^mailto:/i.test(link)) {
    return PLAIN_URL.test(link) && /^mailto:[^@?]+@[^@?]+(\?|$)/i.test(link) && !/%0[ad]/i.test(link)
      ? null
      : `"${shown(link)}" is not a mail address link`
  }
  if (/^tel:/i.test(link))
    return /^tel:\+?[\d().-]{3,30}$/i.test(link) ? null : `"${shown(link)}" is not a phone number link`
  return /^https?:\/\//i.test(link) && isWebUrl(link)
    ? null
    : `"${shown(link)}" is not a link that a message may carry: use https://, http://, mailto: or tel:`
}

/** Pictures: over TLS, except from this machine, where a trial has no certificate. */
export function imageProblem(source: string): string | null {
  const secure = /^https:\/\//i.test(source) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//i.test(source)
  return secure && isWebUrl(source) ? null : `"${shown(source)}" is not an https:// picture address`
}

function isWebUrl(text: string): boolean {
  // A URL without a host between its slashes, or of a port that is none, is one to each program differently.
  if (!PLAIN_URL.test(text) || /^https?:\/\/[/?#]/i.test(text) || text.length > 2000 || !URL.canParse(text))
    return false
  const { username, password, hostname, port } = new URL(text)
  return username === '' && password === '' && hostname !== '' && port !== '0'
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const CSS_FUNCTIONS = [
  '',
  'rgb',
  'rgba',
  'hsl',
  'hsla',
  'calc',
  'min',
  'max',
  'clamp',
  'linear-gradient',
  'not',
  'nth-child',
  'nth-of-type',
]
const CSS_AT_RULES = ['media']

/**
 * Styles may colour and arrange, never fetch or run: no escapes, no at-rules but @media, no functions but the
 * harmless ones. @param pictures lets `url('https://…')` stand, for background pictures that MJML writes
 */
export function cssProblem(css: string, pictures = false): string | null {
  const rest = pictures ? css.replace(/url\('([^']*)'\)/g, (all, url: string) => (imageProblem(url) ? all : '')) : css
  if (/[\\<]/.test(rest)) return 'styles may not contain "\\" or "<"'
  if (/(^|[^\w-])(behavior|-moz-binding)\s*:/i.test(rest)) return 'this style property can run programs'
  for (const [, name = ''] of rest.matchAll(/(?<![\w-])([\w-]*)\(/g)) {
    if (!CSS_FUNCTIONS.includes(name.toLowerCase())) return `"${name}()" is not allowed in styles`
  }
  for (const [, name = ''] of rest.matchAll(/@([\w-]*)/g)) {
    if (!CSS_AT_RULES.includes(name.toLowerCase())) return `"@${name}" is not allowed in styles`
  }
  return null
}
