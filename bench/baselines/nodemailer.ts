// What a script does that mails a list with Nodemailer: a pool of connections, each message composed from a template.
import { createTransport } from 'nodemailer'

const [port = 0, count = 0, bytes = 0, connections = 0] = process.argv.slice(2).map(Number)

const paragraph = 'Varastoon on tullut lisää suosittuja tuotteita, ja toimitusajat ovat lyhentyneet. '
// Quoted-printable makes the text longer: two of its letters take three times their place.
const half = paragraph.repeat(Math.floor(bytes / 2 / (paragraph.length + 12)))
const html = `<!doctype html><html lang="fi"><body><h1>Hei {name}!</h1><p>${half}</p><p><a href="{link}">Peru</a></p></body></html>`
const text = `Hei {name}!\n\n${half}\n\nPeru: {link}\n`

const pool = createTransport({
  host: '127.0.0.1',
  port,
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
})

const begun = performance.now()
const before = process.cpuUsage()
let next = 0
const send = async () => {
  for (let n = next++; n < count; n = next++) {
    const name = `Etunimi Sukunimi ${n}`
    const link = `http://127.0.0.1:8080/u/v1.${String(n).padStart(120, 'a')}`
    const filled = (template: string) => template.replaceAll('{name}', name).replaceAll('{link}', link)
    await pool.sendMail({
      from: 'Myyjä Oy <uutiset@myyja.example>',
      to: { name, address: `etunimi.sukunimi${n}@yritys${n % 997}.example` },
      subject: `Toukokuun uutiset: ${name}`,
      html: filled(html),
      text: filled(text),
      messageId: `<m.${n}@myyja.example>`,
      headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    })
  }
}
// Two at hand for each connection, so that none waits.
await Promise.all(Array.from({ length: connections * 2 }, send))
const { user, system } = process.cpuUsage(before)
const seconds = (performance.now() - begun) / 1000
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1024 }))
pool.close()
