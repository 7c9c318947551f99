import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'

/** Bytes written before the socket has to say that it wants more. */
const PORTION = 65_536

/** The line that ends a message (RFC 5321 §4.1.1.4); the segments before it end with CRLF. */
export const finalDot = Buffer.from('.\r\n', 'latin1')

/**
 * Writes a body in portions, each when the socket has room for it, the final dot with the last one. Segments are written
 * as they are, without a copy.
 * @param written runs in the same turn as the last portion: what it writes leaves with it
 */
export function writeBody(socket: Socket, segments: readonly Uint8Array[], written: () => void, index = 0, offset = 0) {
  if (socket.destroyed) return
  socket.cork()
  for (let room = PORTION; room > 0;) {
    const segment = segments[index]
    if (!segment) {
      socket.write(finalDot)
      written()
      return socket.uncork()
    }
    const portion = offset === 0 && segment.length <= room ? segment : segment.subarray(offset, offset + room)
    if (portion.length > 0) socket.write(portion)
    room -= portion.length
    offset += portion.length
    if (offset === segment.length) {
      index++
      offset = 0
    }
  }
  socket.uncork()
  const goOn = () => writeBody(socket, segments, written, index, offset)
  if (socket.writableNeedDrain) socket.once('drain', goOn)
  else goOn()
}
