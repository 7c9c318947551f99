import PostalMime from 'postal-mime'
import type { Postilupa } from '../node.ts'

type Api = (method: string, path: string, body?: object) => Promise<{ id: string }>

const score = {
  fi: 'Kuinka todennäköisesti suosittelisit meitä kollegallesi?',
  sv: 'Hur sannolikt är det att du skulle rekommendera oss till en kollega?',
  en: 'How likely are you to recommend us to a colleague?',
}
const delivery = {
  fi: 'Kuinka tyytyväinen olet toimituksiimme?',
  sv: 'Hur nöjd är du med våra leveranser?',
  en: 'How satisfied are you with our deliveries?',
}
const words = {
  fi: 'Mitä voisimme tehdä paremmin?',
  sv: 'Vad kunde vi göra bättre?',
  en: 'What could we do better?',
}
const questions = [
  { id: 'score', kind: 'nps', text: score },
  { id: 'delivery', kind: 'csat', text: delivery },
  { id: 'words', kind: 'text', text: words },
]
const answers = [
  { score: '9', delivery: '5', words: 'Kiitos nopeista toimituksista!' },
  { score: '7', delivery: '4', words: '' },
  { score: '10', delivery: '4', words: 'Gärna leverans på måndagar.' },
]

/**
 * A survey from the invitation to the answers, through the API and the links of the messages.
 * @param sendNow schedules a mailing and says what became of it
 * @returns the path of its results
 */
export async function surveyDemo(
  { outbox }: Postilupa['deps'],
  api: Api,
  people: readonly string[],
  sendNow: (mailing: string) => Promise<string>,
): Promise<{ sent: string; path: string }> {
  const permissions = [{ topic: 'survey', rule: 'existing_customer', evidence: 'Asiakassuhde, tilaus 12.10.2026' }]
  for (const email of people) await api('POST', '/contacts', { email, source: 'Asiakasrekisteri', permissions })
  const survey = await api('POST', '/surveys', { name: 'Asiakastyytyväisyys 2026', questions })
  const content = {
    format: 'markdown',
    body: 'Hei,\n\nkerro meille, miten olemme onnistuneet. Vastaaminen vie minuutin.',
  }
  const mailing = { kind: 'survey', topic: 'survey', subject: 'Miten onnistuimme?', content, survey: survey.id }
  const sent = await sendNow((await api('POST', '/mailings', mailing)).id)
  for (const [n, link] of (await linksIn(outbox)).entries()) {
    const given = Object.entries(answers[n % answers.length] ?? {}).filter(([, value]) => value !== '')
    await fetch(link, { method: 'POST', body: new URLSearchParams(given) })
  }
  return { sent, path: `/admin/surveys/${survey.id}` }
}

/** The survey link of every invitation in the embedded outbox. */
async function linksIn(outbox: Postilupa['deps']['outbox']): Promise<string[]> {
  const links: string[] = []
  for (const { name } of (await outbox?.list(100)) ?? []) {
    const { text = '' } = await PostalMime.parse(new Uint8Array((await outbox?.read(name)) ?? []))
    const link = /https?:\/\/\S+\/s\/[\w.~-]+/.exec(text)?.[0]
    if (link !== undefined) links.push(link)
  }
  return links
}
