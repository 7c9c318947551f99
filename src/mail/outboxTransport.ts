import type { Receipt, Transport } from './message.ts'

/**
 * The embedded outbox: one `.eml` a message, named `<time>-<delivery id>.eml` so that names sort by time.
 * @param writeFile writes the file whole or not at all
 */
export function makeOutboxTransport(
  now: () => number,
  writeFile: (name: string, bytes: Uint8Array) => Promise<void>,
): Transport {
  const underWay = new Set<Promise<Receipt>>()
  let closed = false

  return {
    name: 'outbox',
    capacity: 8,
    async send(message, ready) {
      if (closed) return refused('the service is stopping')
      if (!ready()) return { outcome: 'withheld' }
      const name = `${new Date(now()).toISOString().replace(/[-:.]/g, '')}-${safe(message.id)}.eml`
      const writing = write(name, joined(message.segments))
      underWay.add(writing)
      return writing.finally(() => underWay.delete(writing))
    },
    async close() {
      closed = true
      await Promise.all(underWay)
    },
  }

  async function write(name: string, bytes: Uint8Array): Promise<Receipt> {
    try {
      await writeFile(name, bytes)
      return { outcome: 'accepted', reply: name }
    } catch (error) {
      return refused(error instanceof Error && 'code' in error ? String(error.code) : 'the file could not be written')
    }
  }
}

function refused(reply: string): Receipt {
  return { outcome: 'refused', stage: 'outbox', code: null, status: null, reply }
}

function safe(id: string) {
  return id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 120)
}

function joined(segments: readonly Uint8Array[]) {
  const bytes = new Uint8Array(segments.reduce((sum, segment) => sum + segment.length, 0))
  let at = 0
  for (const segment of segments) {
    bytes.set(segment, at)
    at += segment.length
  }
  return bytes
}
