import type { Language } from '../words/index.ts'
import { Page, type PageProps } from './page.tsx'

const words: Record<Language, { title: string; text(company: string): string }> = {
  fi: {
    title: 'Tiedosto ei ole enää saatavilla',
    text: (company) =>
      `Linkin voimassaolo on päättynyt, tai tiedosto on korvattu uudella. Pyydä ajantasainen hinnasto vastaamalla viestiin, jossa linkki oli, tai ottamalla yhteyttä: ${company}.`,
  },
  sv: {
    title: 'Filen är inte längre tillgänglig',
    text: (company) =>
      `Länken har gått ut, eller filen har ersatts av en ny. Be om den aktuella prislistan genom att svara på meddelandet med länken, eller kontakta ${company}.`,
  },
  en: {
    title: 'The file is no longer available',
    text: (company) =>
      `The link has expired, or the file was replaced by a new one. Ask for the current price list by replying to the message with the link, or contact ${company}.`,
  },
}

/** The link to a file came too late. */
export const FileGonePage = (props: PageProps) => {
  const w = words[props.lang]
  return (
    <Page {...props} title={w.title}>
      <p>{w.text(props.company.name)}</p>
    </Page>
  )
}
