import type { Language } from '../index.ts'

/** Texts of the embedded outbox. */
const fi = {
  outbox: 'Lähtevät viestit',
  refresh: 'Päivitä',
  none: 'Täällä ei ole vielä mitään.',
  more: 'Näytä lisää',
  subject: 'Aihe',
  to: 'Vastaanottaja',
  at: 'Aika',
  headers: 'Otsikkokentät',
  header: 'Kenttä',
  value: 'Arvo',
  text: 'Tekstiosa',
  html: 'HTML-osa',
  attachments: 'Liitteet',
  source: 'Koko viesti sellaisenaan',
  noSubject: '(ei aihetta)',
}

const sv: typeof fi = {
  outbox: 'Utgående meddelanden',
  refresh: 'Uppdatera',
  none: 'Här finns ingenting ännu.',
  more: 'Visa fler',
  subject: 'Ämne',
  to: 'Mottagare',
  at: 'Tid',
  headers: 'Meddelandehuvuden',
  header: 'Fält',
  value: 'Värde',
  text: 'Textdel',
  html: 'HTML-del',
  attachments: 'Bilagor',
  source: 'Hela meddelandet som det är',
  noSubject: '(inget ämne)',
}

const en: typeof fi = {
  outbox: 'Outbox',
  refresh: 'Refresh',
  none: 'There is nothing here yet.',
  more: 'Show more',
  subject: 'Subject',
  to: 'Recipient',
  at: 'Time',
  headers: 'Headers',
  header: 'Header',
  value: 'Value',
  text: 'Text part',
  html: 'HTML part',
  attachments: 'Attachments',
  source: 'The whole message as it is',
  noSubject: '(no subject)',
}

export const outboxWords: Record<Language, typeof fi> = { fi, sv, en }
