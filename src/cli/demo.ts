import { readFile } from 'node:fs/promises'
import type { Postilupa } from '../node.ts'
import { surveyDemo } from './demoSurvey.ts'

type Say = (text: string) => void

const companies = [
  {
    name: 'Rakennus Virtanen Oy',
    businessId: '2345678-0',
    form: 'legal_person',
    address: 'Työmaatie 3, 33100 Tampere',
    domains: ['rakennusvirtanen.example'],
    priceGroup: 'A',
  },
  {
    name: 'Nordbygg Ab',
    businessId: '3456780-6',
    form: 'legal_person',
    address: 'Strandvägen 8, 65100 Vasa',
    domains: ['nordbygg.example'],
    priceGroup: 'B',
  },
]

const bought = 'Ostaa meiltä tukia ja pultteja, puhelu 12.10.2026'
const people = [
  {
    email: 'maija.virtanen@rakennusvirtanen.example',
    name: 'Maija Virtanen',
    title: 'Ostopäällikkö',
    language: 'fi',
    rule: 'duty_evidence',
  },
  { email: 'ostot@rakennusvirtanen.example', name: 'Ostot', language: 'fi', rule: 'legal_person' },
  {
    email: 'anders.lind@nordbygg.example',
    name: 'Anders Lind',
    title: 'Inköpare',
    language: 'sv',
    rule: 'duty_evidence',
  },
  { email: 'info@nordbygg.example', name: 'Nordbygg', language: 'sv', rule: 'legal_person' },
  { email: 'kielto@hiljainen.example', name: 'Hiljainen', language: 'fi', rule: 'legal_person' },
]

const body = `# Hinnasto 12/2026

Hei {{ contact.name | default: "asiakas" }},

tässä ovat uudet hinnat.

{{ priceTable }}

Kysy lisää: vastaamme tähän viestiin.`

/**
 * Fills the service with a small Finnish company and does the main job once in front of the user, through the same HTTP API and
 * links that anybody uses: price list to those who may get it, the ban respected, one recipient leaving in one click.
 */
export async function showDemo({ deps }: Postilupa, url: string, key: string, say: Say): Promise<void> {
  const api = caller(url, key)
  say('\n1. Two companies, five contacts with the rule and the evidence for each, and one direct-marketing ban.')
  for (const company of companies) await api('POST', '/companies', company)
  for (const { rule, ...person } of people) {
    const permissions = [{ topic: 'price-list', rule, evidence: bought }]
    await api('POST', '/contacts', { ...person, source: 'Asiakasrekisteri', permissions })
  }
  await api('POST', '/bans', { kind: 'domain', value: 'hiljainen.example', reason: 'Pyydetty puhelimessa' })

  say(
    '2. A price list: the prices of June, the new ones as XLSX and PDF, and those of price group B; checked before they are sent:',
  )
  const list = await priceList(api)
  const mailing = await priceMailing(api, list)
  const check = await api('POST', `/mailings/${mailing}/check`)
  say(`   allowed ${check.counts.allowed}, stopped ${JSON.stringify(check.counts.stopped)}`)
  say('3. Scheduled for now. What became of it:')
  say(`   ${await sendNow(api, mailing)}`)

  say('4. Maija leaves with the one-click POST of her message (RFC 8058):')
  const link = await leavingLinkOf(deps, 'maija.virtanen@rakennusvirtanen.example')
  const answer = await fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
  say(`   POST ${link.slice(0, 60)}… → ${answer.status}`)
  say('5. The next price list skips her and says why:')
  say(`   ${await sendNow(api, await priceMailing(api, list))}`)

  say('6. A survey, and what three customers answered from their links:')
  const asked = people.map(({ email }) => email).filter((email) => !email.startsWith('maija'))
  const survey = await surveyDemo(deps, api, asked, (id) => sendNow(api, id))
  say(`   ${survey.sent}; results: ${url}${survey.path}`)
  say(
    `\nLook around: ${url}/admin/mailings, ${url}/admin/price-lists and ${url}/admin/outbox (sign in with the link above), ${url}/f/newsletter, ${url}/privacy`,
  )
}

type Answer = {
  id: string
  state: string
  counts: { allowed: number; stopped: object; sent: number }
  skippedBy: object
}
type Api = (method: string, path: string, body?: object | FormData) => Promise<Answer>

function caller(url: string, key: string): Api {
  return async (method, path, body) => {
    const form = body instanceof FormData
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body && !form ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const june = `Tuotenumero;Nimi;Hinta
4001;Kiinteä tuki 120 mm;12,90
4002;Säädettävä tuki 160 mm;18,50
4010;Pultti M12 × 80, 100 kpl;34,00
4011;Mutteri M12, 100 kpl;14,70
4100;Asennussarja;129,00
`
const groupB = `Tuotenumero;Nimi;Hinta
4001;Kiinteä tuki 120 mm;12,10
4010;Pultti M12 × 80, 100 kpl;31,90
`

async function priceList(api: Api): Promise<string> {
  const shipped = async (name: string, type: string) =>
    new File([await readFile(new URL(`../../demo/${name}`, import.meta.url))], name, { type })
  const version = async (fields: Record<string, string>, files: readonly File[]) => {
    const form = new FormData()
    for (const [name, value] of Object.entries({ name: 'Hinnasto', ...fields })) form.set(name, value)
    for (const file of files) form.append('file', file)
    return (await api('POST', '/price-lists', form)).id
  }
  await version({ validFrom: '2026-06-01' }, [new File([june], 'hinnasto-kesa.csv')])
  await version({ validFrom: '2026-12-01', priceGroup: 'B' }, [new File([groupB], 'hinnasto-b.csv')])
  return version({ validFrom: '2026-12-01' }, [
    await shipped('hinnasto.xlsx', XLSX),
    await shipped('hinnasto.pdf', 'application/pdf'),
  ])
}

async function priceMailing(api: Api, priceList: string): Promise<string> {
  const subject = 'Hinnasto 12/2026'
  const content = { format: 'markdown', body }
  const mailing = { kind: 'price_list', topic: 'price-list', subject, content, priceList, pricesOn: '2026-12-01' }
  return (await api('POST', '/mailings', mailing)).id
}

async function sendNow(api: Api, id: string): Promise<string> {
  await api('POST', `/mailings/${id}/schedule`, { at: 'now' })
  for (;;) {
    const { state, counts, skippedBy } = await api('GET', `/mailings/${id}`)
    if (state === 'finished') return `finished: sent ${counts.sent}, skipped ${JSON.stringify(skippedBy)}`
    await new Promise((done) => setTimeout(done, 200))
  }
}

/** The List-Unsubscribe address of the newest message to somebody, read from the embedded outbox as a mail client would. */
async function leavingLinkOf({ outbox }: Postilupa['deps'], address: string): Promise<string> {
  for (const { name } of (await outbox?.list(100)) ?? []) {
    const text = Buffer.from((await outbox?.read(name)) ?? []).toString()
    const link = /^List-Unsubscribe: <([^>]+)>/m.exec(text)?.[1]
    if (link && text.includes(`<${address}>`)) return link
  }
  throw new Error('the message is not in the outbox')
}
