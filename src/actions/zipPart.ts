import { Inflate } from 'fflate'

const END = 0x06_05_4b_50
const ENTRY = 0x02_01_4b_50
/** Packed bytes that are unpacked at once; they become a thousand times as many at most. */
const PIECE = 16 * 1024

export class ZipFault extends Error {}

/**
 * Unpacks one file of a ZIP archive (APPNOTE 4.3), and stops as soon as it becomes larger than its table of contents says: whoever
 * lies there makes nobody unpack what he did not tell.
 * @param size what the caller found it to say, in bytes
 * @returns null where the archive has no such file
 * @throws ZipFault, an error of fflate, or RangeError where the archive is damaged
 */
export function unpackPart(bytes: Uint8Array, name: string, size: number): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const entry = entryOf(view, name)
  if (entry === null) return null
  const { method, packed, offset } = entry
  if (entry.size !== size) throw new ZipFault()
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  const data = bytes.subarray(start, start + packed)
  if (data.length < packed) throw new ZipFault()
  if (method === 0) return data
  if (method !== 8) throw new ZipFault()
  const part = new Uint8Array(size)
  let at = 0
  const inflate = new Inflate((piece) => {
    if (at + piece.length > size) throw new ZipFault()
    part.set(piece, at)
    at += piece.length
  })
  for (let from = 0; from < data.length; from += PIECE)
    inflate.push(data.subarray(from, from + PIECE), from + PIECE >= data.length)
  return part.subarray(0, at)
}

function entryOf(view: DataView, name: string) {
  const wanted = Buffer.from(name)
  let end = view.byteLength - 22
  while (view.getUint32(end, true) !== END) end -= 1
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 8, true); left > 0; left--) {
    if (view.getUint32(at, true) !== ENTRY) throw new ZipFault()
    const nameLength = view.getUint16(at + 28, true)
    if (wanted.equals(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength))) {
      return {
        method: view.getUint16(at + 10, true),
        packed: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        offset: view.getUint32(at + 42, true),
      }
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return null
}
