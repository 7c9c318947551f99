// Takes every message and keeps none: for machines without Postfix's smtp-sink. Slower than that, so it may be the limit.
import { createServer, type AddressInfo, type Socket } from 'node:net'

const END = Buffer.from('\r\n.\r\n')

const server = createServer((socket) => serve(socket)).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`http://127.0.0.1:${port}`)
})
process.once('SIGTERM', () => process.exit(0))

function serve(socket: Socket) {
  let input: Buffer = Buffer.alloc(0)
  let inBody = false
  socket.on('error', () => socket.destroy())
  socket.write('220 sink.example\r\n')
  socket.on('data', (chunk: Buffer) => {
    input = input.length === 0 ? chunk : Buffer.concat([input, chunk])
    let answers = ''
    for (;;) {
      const at = input.indexOf(inBody ? END : '\n')
      if (at === -1) break
      const line = inBody ? '.' : input.toString('latin1', 0, 4).toUpperCase()
      input = input.subarray(at + (inBody ? END.length : 1))
      inBody = line === 'DATA'
      answers += answerTo(line)
    }
    // Of a body only what may be the beginning of its end.
    if (inBody) input = input.subarray(Math.max(0, input.length - END.length + 1))
    if (answers !== '') socket.write(answers)
    if (answers.startsWith('221')) socket.end()
  })
}

function answerTo(line: string): string {
  if (line === 'EHLO') return '250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n'
  if (line === 'DATA') return '354 go ahead\r\n'
  return line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n'
}
