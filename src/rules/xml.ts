/** What stands in a piece of XML, in its order. Names come without their prefix, attributes as they were written. */
export type XmlEvents = {
  open(name: string, attributes: string): void
  close(name: string): void
  text(text: string): void
}

/**
 * Reads XML that comes in pieces, in one pass and without building a tree. Entities beyond the five of XML are left as they
 * are: whoever declares some (a DOCTYPE) is refused, so that nothing can multiply itself.
 * @returns `push` takes the next piece, `end` says that it was the last. Both throw `XmlFault` at what is no XML
 */
export const xmlReader = (events: XmlEvents): { push(piece: string): void; end(): void } => {
  let rest = ''
  let depth = 0
  const counted: XmlEvents = {
    open(name, attributes) {
      depth += 1
      if (depth > DEEPEST) throw new XmlFault()
      events.open(name, attributes)
    },
    close(name) {
      depth -= 1
      if (depth < 0) throw new XmlFault()
      events.close(name)
    },
    text: events.text,
  }
  return {
    push(piece) {
      rest += piece
      rest = rest.slice(readSome(rest, counted))
      if (rest.length > LONGEST_TOKEN) throw new XmlFault()
    },
    end() {
      if (depth !== 0 || rest.trim() !== '') throw new XmlFault()
    },
  }
}

export class XmlFault extends Error {}

/** Workbooks have a dozen tags within each other; more would only make whoever reads them slow. */
const DEEPEST = 64

/** A tag or a text between two tags; cells have 32,767 characters at most. */
const LONGEST_TOKEN = 1024 * 1024

/** Reads all whole tokens. @returns how much of the text they took */
const readSome = (text: string, events: XmlEvents): number => {
  let at = 0
  for (;;) {
    const start = text.indexOf('<', at)
    if (start === -1) return at
    const end = tokenEnd(text, start)
    if (end === -1) return at
    if (start > at) events.text(plainText(text.slice(at, start)))
    token(text.slice(start, end), events)
    at = end
  }
}

/** Behind the last character of the token that begins at `start`; -1 where it does not end within the text. */
const tokenEnd = (text: string, start: number): number => {
  const second = text[start + 1]
  if (second === '?') return behind(text, '?>', start + 2)
  if (second === '!') {
    const kind = text.slice(start, start + CDATA.length)
    if (kind.startsWith('<!--')) return behind(text, '-->', start + 4)
    if (kind === CDATA) return behind(text, ']]>', start + CDATA.length)
    if (kind.length === CDATA.length) throw new XmlFault()
    return -1
  }
  for (let at = start + 1, quote = ''; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at + 1
    else if (character === '<') throw new XmlFault()
  }
  return -1
}

const CDATA = '<![CDATA['

const behind = (text: string, what: string, from: number): number => {
  const at = text.indexOf(what, from)
  return at === -1 ? -1 : at + what.length
}

const token = (token: string, events: XmlEvents): void => {
  if (token.startsWith(CDATA)) return events.text(token.slice(CDATA.length, -3))
  if (token.startsWith('<!') || token.startsWith('<?')) return
  const match = /^<(\/?)(?:[^\s:/>"'=]+:)?([^\s:/>"'=]+)/.exec(token)
  const name = match?.[2]
  if (match === null || name === undefined) throw new XmlFault()
  if (match[1] === '/') return events.close(name)
  const isEmpty = token.endsWith('/>')
  events.open(name, token.slice(match[0].length, isEmpty ? -2 : -1))
  if (isEmpty) events.close(name)
}

/** The value of one attribute, whatever prefix it has; null where it is absent. */
export const xmlAttribute = (attributes: string, name: string): string | null => {
  // Each match begins where the last one ended, so that no text makes it look twice.
  const next = /\s*(?:([^\s=:"']+):)?([^\s=:"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y
  for (let match = next.exec(attributes); match !== null; match = next.exec(attributes)) {
    const [, prefix, key, double, single] = match
    if (key === name && prefix !== 'xmlns') return plainText(double ?? single ?? '')
  }
  return null
}

/** Text without character references; those to what XML forbids (XML 1.0, 2.2) become U+FFFD. */
const plainText = (text: string): string =>
  text.includes('&') ? text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, referred) : text

const NAMED: Readonly<Record<string, string | undefined>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const referred = (all: string, hex?: string, decimal?: string, name?: string): string => {
  if (name !== undefined) return NAMED[name] ?? all
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return xmlCharacter(point)
}

/** The character of a number, U+FFFD where XML has no such character: controls, halves of characters. */
export const xmlCharacter = (point: number): string => {
  const isControl = point < 0x20 && point !== 9 && point !== 10 && point !== 13
  const isHalf = point >= 0xd8_00 && point <= 0xdf_ff
  return isControl || isHalf || point > 0x10_ff_ff ? '\ufffd' : String.fromCodePoint(point)
}
