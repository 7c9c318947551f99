import type { Language } from '../index.ts'

/** The page of outside ban registers. */
const fi = {
  title: 'Kieltorekisterit',
  intro:
    'Ulkoiset kieltorekisterit haetaan itsestään. Jos pakollinen rekisteri ei ole ajan tasalla, markkinointi ja kyselyt odottavat ja jatkuvat itsestään, kun rekisteri on taas saatu.',
  empty: 'Ulkoisia kieltorekistereitä ei ole. Ylläpitäjä määrittelee ne asetuksella BAN_SOURCES.',
  kinds: { file: 'tiedosto', http: 'HTTP-rekisteri' },
  fresh: 'ajan tasalla',
  stale: 'ei ajan tasalla',
  holds: 'Lähetykset odottavat tätä rekisteriä.',
  harmless: 'Rekisteri ei ole pakollinen, joten lähetykset eivät odota sitä.',
  required: 'Pakollinen',
  kind: 'Laji',
  entries: 'Kieltoja',
  version: 'Versio',
  fetchedAt: 'Viimeisin kelvollinen',
  validUntil: 'Ajan tasalla asti',
  triedAt: 'Viimeisin yritys',
  nextAt: 'Seuraava haku',
  error: 'Viimeisin virhe',
  never: 'ei vielä',
  sync: (name: string) => `Hae ${name} nyt`,
  done: {
    synced: 'Rekisteri haettiin, ja se on ajan tasalla.',
    failed: 'Rekisterin haku ei onnistunut. Syy näkyy rekisterin kohdalla.',
  } as Record<string, string>,
}

const sv: typeof fi = {
  title: 'Förbudsregister',
  intro:
    'Externa förbudsregister hämtas av sig själva. Om ett obligatoriskt register inte är aktuellt väntar marknadsföring och enkäter, och de fortsätter av sig själva när registret har hämtats igen.',
  empty: 'Det finns inga externa förbudsregister. Administratören anger dem i inställningen BAN_SOURCES.',
  kinds: { file: 'fil', http: 'HTTP-register' },
  fresh: 'aktuellt',
  stale: 'inte aktuellt',
  holds: 'Utskicken väntar på det här registret.',
  harmless: 'Registret är inte obligatoriskt, så utskicken väntar inte på det.',
  required: 'Obligatoriskt',
  kind: 'Slag',
  entries: 'Förbud',
  version: 'Version',
  fetchedAt: 'Senaste godkända',
  validUntil: 'Aktuellt till',
  triedAt: 'Senaste försök',
  nextAt: 'Nästa hämtning',
  error: 'Senaste fel',
  never: 'inte ännu',
  sync: (name) => `Hämta ${name} nu`,
  done: {
    synced: 'Registret hämtades och är aktuellt.',
    failed: 'Registret kunde inte hämtas. Orsaken visas vid registret.',
  },
}

const en: typeof fi = {
  title: 'Ban registers',
  intro:
    'External ban registers are fetched by themselves. While a required one is not up to date, marketing and surveys wait, and they go on by themselves when it has been fetched again.',
  empty: 'There are no external ban registers. The operator names them in the setting BAN_SOURCES.',
  kinds: { file: 'file', http: 'HTTP register' },
  fresh: 'up to date',
  stale: 'not up to date',
  holds: 'Mailings wait for this register.',
  harmless: 'The register is not required, so mailings do not wait for it.',
  required: 'Required',
  kind: 'Kind',
  entries: 'Bans',
  version: 'Version',
  fetchedAt: 'Last good one',
  validUntil: 'Up to date until',
  triedAt: 'Last attempt',
  nextAt: 'Next fetch',
  error: 'Last error',
  never: 'not yet',
  sync: (name) => `Fetch ${name} now`,
  done: {
    synced: 'The register was fetched and is up to date.',
    failed: 'The register could not be fetched. The reason stands with the register.',
  },
}

export const banSourceWords: Record<Language, typeof fi> = { fi, sv, en }
