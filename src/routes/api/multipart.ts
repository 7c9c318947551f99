/** One part of a multipart/form-data body (RFC 7578). Its content is read before the next part is asked for. */
export type Part = { name: string; fileName: string | null; content: AsyncIterable<Uint8Array> }

/** The body is not what its Content-Type says. */
export class MultipartFault extends Error {}

const PARTS_MAX = 50
const HEADER_MAX = 8 * 1024

/** The boundary that a Content-Type names, or null. */
export function boundaryOf(contentType: string): string | null {
  const match = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^";\s]{1,70}))/i.exec(contentType)
  return match?.[1] ?? match?.[2] ?? null
}

/**
 * Reads the parts of a body as they come, whatever their size, in memory for one piece of it.
 * @throws MultipartFault when the body breaks off, or has more or larger headers than any form
 */
export async function* partsOf(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  // The first delimiter has no line end before it; with one put there, all are alike.
  const input = bufferOf(body, '\r\n')
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  await drain(contentUntil(input, delimiter))
  for (let n = 0; ; n++) {
    const end = (await input.take(2)).toString('latin1')
    if (end === '--') return
    if (end !== '\r\n') throw new MultipartFault('A boundary has no line end behind it.')
    if (n === PARTS_MAX) throw new MultipartFault(`The body has more than ${PARTS_MAX} parts.`)
    const content = contentUntil(input, delimiter)
    yield { ...(await readHeader(input)), content }
    await drain(content)
  }
}

async function drain(content: AsyncIterable<Uint8Array>) {
  for await (const _ of content);
}

type Input = ReturnType<typeof bufferOf>

/** What came of a body and was not taken yet. */
function bufferOf(body: AsyncIterable<Uint8Array>, before: string) {
  const source = body[Symbol.asyncIterator]()
  let held = Buffer.from(before, 'latin1')
  const more = async () => {
    const next = await source.next()
    if (next.done === true) throw new MultipartFault('The body breaks off before its last boundary.')
    held = Buffer.concat([held, next.value])
  }
  return {
    held: () => held,
    more,
    async take(length: number): Promise<Buffer> {
      while (held.length < length) await more()
      const taken = held.subarray(0, length)
      held = held.subarray(length)
      return taken
    },
  }
}

/** Everything up to the delimiter, which is taken too. */
async function* contentUntil(input: Input, delimiter: Buffer): AsyncGenerator<Uint8Array> {
  for (;;) {
    const held = input.held()
    const at = held.indexOf(delimiter)
    if (at !== -1) {
      const content = await input.take(at + delimiter.length)
      if (at > 0) yield content.subarray(0, at)
      return
    }
    // The end of what is held may be the beginning of a delimiter.
    const sure = held.length - delimiter.length + 1
    if (sure > 0) yield await input.take(sure)
    await input.more()
  }
}

async function readHeader(input: Input): Promise<Pick<Part, 'name' | 'fileName'>> {
  // A part without headers begins with its empty line at once; such a part has no name and is refused below.
  let end = -1
  while ((end = input.held().indexOf('\r\n\r\n')) === -1) {
    if (input.held().length > HEADER_MAX) throw new MultipartFault('The header of a part is too long.')
    await input.more()
  }
  if (end > HEADER_MAX) throw new MultipartFault('The header of a part is too long.')
  const header = (await input.take(end + 4)).toString('utf8')
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(header)?.[1]
  const name = disposition === undefined ? null : parameter(disposition, 'name')
  if (disposition === undefined || name === null)
    throw new MultipartFault('A part has no name in its Content-Disposition.')
  return { name, fileName: parameter(disposition, 'filename') }
}

/** Quotes, CR and LF in names are percent-encoded (WHATWG HTML, multipart/form-data encoding algorithm). */
function parameter(disposition: string, key: string): string | null {
  const match =
    new RegExp(`(?:^|;)\\s*${key}="([^"]*)"`, 'i').exec(disposition) ??
    new RegExp(`(?:^|;)\\s*${key}=([^";\\s]+)`, 'i').exec(disposition)
  return match?.[1]?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n') ?? null
}
