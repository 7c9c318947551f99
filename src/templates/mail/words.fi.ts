import { lifetime } from './html.ts'
import type { MailWords } from './words.ts'

/** What messages say in Finnish. */
export const fi: MailWords = {
  marking: { marketing: (company) => `Mainos – ${company}`, research: (company) => `Asiakaskysely – ${company}` },
  testMark: 'Testi',
  businessId: 'Y-tunnus',
  privacy: 'Tietosuojaseloste',
  mailingList: (topic) => `Saat tämän viestin, koska yhteystietosi ovat postituslistallamme ”${topic}”.`,
  source: 'Yhteystietojesi lähde:',
  objection: {
    marketing: {
      heading: 'Oikeutesi kieltää suoramarkkinointi',
      text: 'Voit milloin tahansa, maksutta ja perusteluja antamatta vastustaa henkilötietojesi käsittelyä suoramarkkinointia varten. Noudatamme kieltoa heti.',
      link: 'Peruuta tilaus tai kiellä kaikki suoramarkkinointi',
    },
    research: {
      heading: 'Oikeutesi kieltäytyä kyselyistä',
      text: 'Vastaaminen on vapaaehtoista. Voit milloin tahansa, maksutta ja perusteluja antamatta vastustaa sähköpostiosoitteesi käyttöä kyselyihin ja suoramarkkinointiin. Noudatamme kieltoa heti.',
      link: 'Kieltäydy kyselyistä tai kaikesta suoramarkkinoinnista',
    },
  },
  survey: { answer: 'Vastaa kyselyyn', reminder: 'Muistutus' },
  confirmation: {
    subject: 'Vahvista tilauksesi',
    heading: 'Vahvista tilauksesi',
    text: ['Tähän sähköpostiosoitteeseen on pyydetty:'],
    button: 'Vahvista tilaus',
    after: ['Tilaus alkaa vasta, kun vahvistat sen. Painike avaa sivun, jolla vahvistus tehdään.'],
    validity: (hours) => `Linkki on voimassa ${lifetime(hours, 'tuntia', 'päivää')}.`,
    notYou:
      'Etkö pyytänyt tätä itse? Sinun ei tarvitse tehdä mitään: ilman vahvistusta emme lähetä tilattuja viestejä, ja osoitteesi poistetaan. Voit myös perua pyynnön heti:',
    cancel: 'Peru pyyntö',
  },
  confirmationDespiteBan: {
    subject: 'Vahvista pyyntösi',
    heading: 'Vahvista pyyntösi',
    text: [
      'Tälle sähköpostiosoitteelle on aiemmin annettu kielto tai peruttu tilaus, ja kielto on voimassa. Nyt osoitteeseen on pyydetty:',
    ],
    button: 'Vahvista tilaus',
    after: [
      'Jos vahvistat tilauksen, kielto väistyy vain sen osalta. Muilta osin kielto jää voimaan. Jos et vahvista, mikään ei muutu.',
    ],
    validity: (hours) => `Linkki on voimassa ${lifetime(hours, 'tuntia', 'päivää')}.`,
    notYou:
      'Etkö pyytänyt tätä itse? Sinun ei tarvitse tehdä mitään: kielto pysyy voimassa. Voit myös perua pyynnön heti:',
    cancel: 'Peru pyyntö',
  },
  welcome: {
    subject: 'Tilauksesi on vahvistettu',
    heading: 'Kiitos, tilauksesi on vahvistettu',
    text: ['Lähetämme sinulle jatkossa:'],
    after: ['Voit perua tilauksen milloin tahansa jokaisessa viestissä olevasta linkistä.'],
    preferences: 'Viestintäasetukset',
  },
  manageLink: {
    subject: 'Linkki viestintäasetuksiisi',
    heading: 'Viestintäasetuksesi',
    text: ['Tällä linkillä näet ja muutat tilauksesi ja muut tietosi.'],
    button: 'Avaa viestintäasetukset',
    after: [
      'Älä välitä linkkiä eteenpäin, sillä se avaa sinun tietosi.',
      'Etkö pyytänyt linkkiä? Voit jättää viestin huomiotta: mikään ei muutu.',
    ],
    validity: (hours) => `Linkki on voimassa ${lifetime(hours, 'tuntia', 'päivää')}.`,
  },
  banNotice: {
    subject: 'Suoramarkkinointikielto on kirjattu',
    heading: 'Suoramarkkinointikielto on kirjattu',
    text: [
      'Emme enää lähetä tähän osoitteeseen suoramarkkinointia emmekä kyselyjä. Kielto on voimassa toistaiseksi, eikä sinun tarvitse tehdä mitään muuta.',
    ],
    mistake: 'Jos kielto on annettu erehdyksessä tai et antanut sitä itse, voit perua sen:',
    undo: 'Peru kielto',
  },
  signIn: {
    subject: 'Kirjautumislinkki',
    heading: 'Kirjaudu palveluun',
    text: ['Kirjaudu palveluun tällä linkillä.'],
    button: 'Kirjaudu',
    after: ['Etkö yrittänyt kirjautua? Älä avaa linkkiä; ilman sitä kukaan ei pääse sisään.'],
    validity: (minutes) => `Linkki toimii yhden kerran ja on voimassa ${minutes} minuuttia.`,
  },
  registration: {
    registered: {
      subject: 'Ilmoittautuminen vahvistettu',
      heading: 'Ilmoittautumisesi on vahvistettu',
      text: ['Tervetuloa! Olet ilmoittautunut tilaisuuteen:'],
      button: 'Muuta tai peru ilmoittautuminen',
    },
    waiting: {
      subject: 'Olet jonotuslistalla',
      heading: 'Olet jonotuslistalla',
      text: ['Tilaisuus on täynnä, ja sinut on lisätty jonotuslistalle. Ilmoitamme, jos paikka vapautuu.'],
      button: 'Muuta tai peru ilmoittautuminen',
    },
    changed: {
      subject: 'Tilaisuuden tiedot ovat muuttuneet',
      heading: 'Tilaisuuden tiedot ovat muuttuneet',
      text: ['Olet ilmoittautunut tilaisuuteen, jonka tiedot ovat nyt:'],
      button: 'Muuta tai peru ilmoittautuminen',
    },
    cancelled: {
      subject: 'Ilmoittautuminen peruttu',
      heading: 'Ilmoittautumisesi on peruttu',
      text: ['Ilmoittautumisesi on peruttu tilaisuudesta:'],
    },
    when: 'Aika',
    where: 'Paikka',
  },
  enquiryReceipt: {
    subject: 'Olemme saaneet viestisi',
    heading: 'Kiitos viestistäsi',
    text: ['Olemme saaneet viestisi ja vastaamme siihen mahdollisimman pian.'],
  },
  enquiry: {
    subject: (form) => `Uusi yhteydenotto: ${form}`,
    heading: 'Uusi yhteydenotto',
    button: 'Avaa yhteydenotto',
    name: 'Nimi',
    company: 'Yritys',
    title: 'Tehtävä',
    phone: 'Puhelin',
    email: 'Sähköposti',
    yes: 'Kyllä',
  },
  alert: { subject: (title) => `Hälytys: ${title}`, button: 'Avaa palvelu' },
  test: {
    subject: 'Testiviesti',
    heading: 'Sähköposti toimii',
    text: ['Tämä on testiviesti. Jos luet tätä, palvelu pystyy lähettämään sähköpostia.'],
  },
}
