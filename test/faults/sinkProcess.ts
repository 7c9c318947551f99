import { appendFileSync, writeSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { SinkEvent, SinkScript } from './sinks.ts'

/**
 * An SMTP server in a process of its own, so that it outlives the service that is killed. It reads at once whatever comes,
 * notes when an envelope began and which message it took (durably for its reader: before it answers), and answers in order
 * and at its own pace. Argument: a SinkScript as JSON; says `listening <port>`.
 */
const script = JSON.parse(process.argv[2] ?? '{}') as SinkScript
const deferred = new Set<string>()
const broken = new Set<string>()

const server = createServer({ noDelay: true }, converse)
server.listen(0, '127.0.0.1', () => writeSync(1, `listening ${(server.address() as AddressInfo).port}\n`))

function note(event: SinkEvent) {
  appendFileSync(script.log, `${JSON.stringify(event)}\n`)
}

const now = () => Number(process.hrtime.bigint()) / 1e6

function converse(socket: Socket) {
  let input = ''
  let to = ''
  let body: string[] | null = null
  let answers = Promise.resolve()
  let mute = false
  const answer = (text: string, afterMs = 0) => {
    if (mute) return
    answers = answers.then(async () => {
      if (afterMs > 0) await new Promise((done) => setTimeout(done, afterMs))
      if (!socket.destroyed) socket.write(`${text}\r\n`)
    })
  }

  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    input += chunk.toString('latin1')
    for (let end = input.indexOf('\r\n'); end !== -1; end = input.indexOf('\r\n')) {
      const line = input.slice(0, end)
      input = input.slice(end + 2)
      if (body === null) take(line)
      else if (line === '.') takeMessage(body.join('\r\n'))
      else body.push(line)
    }
  })
  answer('220 sink.example ESMTP')

  function take(line: string) {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') answer('250-sink.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES')
    else if (verb === 'RCPT') takeRecipient(/<(.*)>/.exec(line)?.[1] ?? '')
    else if (verb === 'DATA') {
      if (to === '') return answer('554 5.5.1 no recipient')
      body = []
      answer('354 go ahead')
    } else if (verb === 'QUIT') {
      answer('221 2.0.0 bye')
      void answers.then(() => socket.end())
    } else answer('250 2.0.0 ok')
  }

  function takeRecipient(address: string) {
    note({ event: 'rcpt', to: address, at: now() })
    to = ''
    if (address.startsWith(script.deferOnce ?? '\0') && !deferred.has(address)) {
      deferred.add(address)
      return answer('450 4.2.0 later, please')
    }
    to = address
    answer('250 2.1.5 ok')
  }

  function takeMessage(text: string) {
    const messageId = /^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? ''
    note({ event: 'taken', to, at: now(), messageId })
    body = null
    mute = script.mute === true
    if (to.startsWith(script.cutOnce ?? '\0') && !broken.has(to)) {
      broken.add(to)
      return socket.destroy()
    }
    answer('250 2.0.0 queued', script.paceMs)
  }
}
