import { appendFileSync } from 'node:fs'
import { Socket } from 'node:net'

/**
 * Loaded into the server before anything else (`node --import`): notes in which order it hands bytes to its sockets. `rcpt
 * <address> <ms>` is the moment in which an SMTP transaction begins, `answer <request id> <ms>` the one in which an HTTP answer
 * leaves. The order within one process needs no clock, so nothing that is slow can make it look wrong; between processes the
 * milliseconds of the machine's monotonic clock count.
 */
const log = process.env['HAND_OVER_LOG'] ?? ''
const now = () => Number(process.hrtime.bigint()) / 1e6
const write = Socket.prototype.write as (...args: unknown[]) => boolean

Socket.prototype.write = function (this: Socket, ...args: unknown[]) {
  const [bytes] = args
  const text =
    typeof bytes === 'string' ? bytes : bytes instanceof Uint8Array ? Buffer.from(bytes).toString('latin1') : ''
  const recipient = /^RCPT TO:<(.*)>/im.exec(text)?.[1]
  if (recipient !== undefined && /^(MAIL FROM|RCPT TO):/.test(text)) appendFileSync(log, `rcpt ${recipient} ${now()}\n`)
  const request = text.startsWith('HTTP/1.1 ') ? /^x-request-id: (\S+)/im.exec(text)?.[1] : undefined
  if (request !== undefined) appendFileSync(log, `answer ${request} ${now()}\n`)
  return write.apply(this, args)
} as typeof Socket.prototype.write
