import type { Language } from './index.ts'

/** What people read on a survey's page. */
const fi = {
  title: 'Asiakaskysely',
  voluntary: 'Vastaaminen on vapaaehtoista. Voit jättää kysymyksen väliin.',
  anonymous: (n: string) =>
    `Kysely on nimetön: vastauksia ei yhdistetä sinuun, ja tulokset näytetään vasta, kun vastaajia on vähintään ${n}. Älä kirjoita vapaaseen tekstiin nimiä.`,
  named: 'Vastauksesi tallennetaan niin, että sen voi yhdistää sinuun.',
  again: 'Olet jo vastannut. Uusi vastaus korvaa aiemman kokonaan.',
  preview: 'Tämä on esikatselu. Vastauksia ei tallenneta.',
  scale: {
    nps: ['0 = erittäin epätodennäköisesti', '10 = erittäin todennäköisesti'],
    csat: ['1 = erittäin tyytymätön', '5 = erittäin tyytyväinen'],
    ces: ['1 = täysin eri mieltä', '7 = täysin samaa mieltä'],
  },
  open: (time: string) => `Voit vastata ja muuttaa vastaustasi ${time} asti.`,
  send: 'Lähetä vastaus',
  thanksTitle: 'Kiitos vastauksestasi',
  thanks: 'Vastauksesi on tallennettu. Voit muuttaa sitä samasta linkistä niin kauan kuin kysely on auki.',
  thanksPreview: 'Näin vastaaja näkee kiitoksen. Mitään ei tallennettu.',
  change: 'Muuta vastausta',
  closedTitle: 'Kysely on päättynyt',
  closed: 'Kyselyyn ei voi enää vastata eikä vastausta muuttaa. Kiitos mielenkiinnostasi.',
  none: 'Vastaa ainakin yhteen kysymykseen.',
  unknown: 'Lomakkeessa oli kenttä, jota kysely ei tunne. Avaa kysely uudelleen viestin linkistä.',
}

const sv: typeof fi = {
  title: 'Kundenkät',
  voluntary: 'Det är frivilligt att svara. Du kan hoppa över frågor.',
  anonymous: (n) =>
    `Enkäten är anonym: svaren kopplas inte till dig, och resultaten visas först när minst ${n} har svarat. Skriv inga namn i fritexten.`,
  named: 'Ditt svar sparas så att det kan kopplas till dig.',
  again: 'Du har redan svarat. Ett nytt svar ersätter det tidigare helt.',
  preview: 'Det här är en förhandsvisning. Svaren sparas inte.',
  scale: {
    nps: ['0 = mycket osannolikt', '10 = mycket sannolikt'],
    csat: ['1 = mycket missnöjd', '5 = mycket nöjd'],
    ces: ['1 = helt av annan åsikt', '7 = helt av samma åsikt'],
  },
  open: (time) => `Du kan svara och ändra ditt svar till ${time}.`,
  send: 'Skicka svaret',
  thanksTitle: 'Tack för ditt svar',
  thanks: 'Ditt svar har sparats. Du kan ändra det med samma länk så länge enkäten är öppen.',
  thanksPreview: 'Så här ser den som svarar tacket. Ingenting sparades.',
  change: 'Ändra svaret',
  closedTitle: 'Enkäten är avslutad',
  closed: 'Det går inte längre att svara eller ändra svaret. Tack för ditt intresse.',
  none: 'Svara på minst en fråga.',
  unknown: 'Formuläret hade ett fält som enkäten inte känner till. Öppna enkäten på nytt med länken i meddelandet.',
}

const en: typeof fi = {
  title: 'Customer survey',
  voluntary: 'Answering is voluntary. You may skip any question.',
  anonymous: (n) =>
    `The survey is anonymous: answers are not linked to you, and results are shown only when at least ${n} people have answered. Please write no names in the free text.`,
  named: 'Your answer is kept in such a way that it can be linked to you.',
  again: 'You have answered already. A new answer replaces the earlier one as a whole.',
  preview: 'This is a preview. Answers are not kept.',
  scale: {
    nps: ['0 = very unlikely', '10 = very likely'],
    csat: ['1 = very dissatisfied', '5 = very satisfied'],
    ces: ['1 = strongly disagree', '7 = strongly agree'],
  },
  open: (time) => `You can answer, and change your answer, until ${time}.`,
  send: 'Send the answer',
  thanksTitle: 'Thank you for your answer',
  thanks: 'Your answer is saved. You can change it with the same link as long as the survey is open.',
  thanksPreview: 'This is what the person sees after answering. Nothing was kept.',
  change: 'Change the answer',
  closedTitle: 'The survey is closed',
  closed: 'It is no longer possible to answer or to change an answer. Thank you for your interest.',
  none: 'Answer at least one question.',
  unknown: 'The form had a field that the survey does not know. Open the survey again from the link in the message.',
}

export const surveyWords: Record<Language, typeof fi> = { fi, sv, en }
