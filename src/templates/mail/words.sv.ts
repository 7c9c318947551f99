import { lifetime } from './html.ts'
import type { MailWords } from './words.ts'

/** What messages say in Swedish. */
export const sv: MailWords = {
  marking: { marketing: (company) => `Reklam – ${company}`, research: (company) => `Kundenkät – ${company}` },
  testMark: 'Test',
  businessId: 'FO-nummer',
  privacy: 'Dataskyddsbeskrivning',
  mailingList: (topic) =>
    `Du får det här meddelandet eftersom dina kontaktuppgifter finns på vår utskickslista ”${topic}”.`,
  source: 'Källan till dina kontaktuppgifter:',
  objection: {
    marketing: {
      heading: 'Din rätt att förbjuda direktmarknadsföring',
      text: 'Du kan när som helst, kostnadsfritt och utan att ange skäl invända mot att dina personuppgifter behandlas för direktmarknadsföring. Vi följer förbudet genast.',
      link: 'Avsluta prenumerationen eller förbjud all direktmarknadsföring',
    },
    research: {
      heading: 'Din rätt att tacka nej till enkäter',
      text: 'Det är frivilligt att svara. Du kan när som helst, kostnadsfritt och utan att ange skäl invända mot att din e-postadress används för enkäter och direktmarknadsföring. Vi följer förbudet genast.',
      link: 'Tacka nej till enkäter eller till all direktmarknadsföring',
    },
  },
  survey: { answer: 'Besvara enkäten', reminder: 'Påminnelse' },
  confirmation: {
    subject: 'Bekräfta din prenumeration',
    heading: 'Bekräfta din prenumeration',
    text: ['Till den här e-postadressen har någon begärt:'],
    button: 'Bekräfta prenumerationen',
    after: ['Prenumerationen börjar först när du bekräftar den. Knappen öppnar en sida där du kan göra det.'],
    validity: (hours) => `Länken gäller i ${lifetime(hours, 'timmar', 'dagar')}.`,
    notYou:
      'Var det inte du? Då behöver du inte göra någonting: utan bekräftelse skickar vi inte det som begärts, och din adress raderas. Du kan också ta tillbaka begäran genast:',
    cancel: 'Ta tillbaka begäran',
  },
  confirmationDespiteBan: {
    subject: 'Bekräfta din begäran',
    heading: 'Bekräfta din begäran',
    text: [
      'För den här e-postadressen har vi tidigare fått ett förbud eller en avslutad prenumeration, och förbudet gäller. Nu har någon begärt:',
    ],
    button: 'Bekräfta prenumerationen',
    after: [
      'Om du bekräftar viker förbudet endast för den här prenumerationen. I övrigt gäller det fortfarande. Om du inte bekräftar ändras ingenting.',
    ],
    validity: (hours) => `Länken gäller i ${lifetime(hours, 'timmar', 'dagar')}.`,
    notYou:
      'Var det inte du? Då behöver du inte göra någonting: förbudet gäller fortfarande. Du kan också ta tillbaka begäran genast:',
    cancel: 'Ta tillbaka begäran',
  },
  welcome: {
    subject: 'Din prenumeration är bekräftad',
    heading: 'Tack, din prenumeration är bekräftad',
    text: ['I fortsättningen skickar vi dig:'],
    after: ['Du kan när som helst avsluta prenumerationen via länken i varje meddelande.'],
    preferences: 'Kommunikationsinställningar',
  },
  manageLink: {
    subject: 'Länk till dina kommunikationsinställningar',
    heading: 'Dina kommunikationsinställningar',
    text: ['Med den här länken ser och ändrar du dina prenumerationer och övriga uppgifter.'],
    button: 'Öppna kommunikationsinställningarna',
    after: [
      'Skicka inte länken vidare, eftersom den öppnar dina uppgifter.',
      'Bad du inte om länken? Då kan du bortse från meddelandet: ingenting ändras.',
    ],
    validity: (hours) => `Länken gäller i ${lifetime(hours, 'timmar', 'dagar')}.`,
  },
  banNotice: {
    subject: 'Förbudet mot direktmarknadsföring är registrerat',
    heading: 'Förbudet mot direktmarknadsföring är registrerat',
    text: [
      'Vi skickar inte längre direktmarknadsföring eller enkäter till den här adressen. Förbudet gäller tills vidare, och du behöver inte göra något mer.',
    ],
    mistake: 'Om förbudet har getts av misstag eller av någon annan än du kan du ta tillbaka det:',
    undo: 'Ta tillbaka förbudet',
  },
  signIn: {
    subject: 'Inloggningslänk',
    heading: 'Logga in i tjänsten',
    text: ['Logga in i tjänsten med den här länken.'],
    button: 'Logga in',
    after: ['Försökte du inte logga in? Öppna inte länken; utan den kommer ingen in.'],
    validity: (minutes) => `Länken fungerar en gång och gäller i ${minutes} minuter.`,
  },
  registration: {
    registered: {
      subject: 'Anmälan bekräftad',
      heading: 'Din anmälan är bekräftad',
      text: ['Välkommen! Du är anmäld till:'],
      button: 'Ändra eller återkalla anmälan',
    },
    waiting: {
      subject: 'Du står på väntelistan',
      heading: 'Du står på väntelistan',
      text: ['Evenemanget är fullt och du har satts på väntelistan. Vi meddelar om en plats blir ledig.'],
      button: 'Ändra eller återkalla anmälan',
    },
    changed: {
      subject: 'Uppgifterna om evenemanget har ändrats',
      heading: 'Uppgifterna om evenemanget har ändrats',
      text: ['Du är anmäld till ett evenemang vars uppgifter nu är:'],
      button: 'Ändra eller återkalla anmälan',
    },
    cancelled: {
      subject: 'Anmälan återkallad',
      heading: 'Din anmälan är återkallad',
      text: ['Din anmälan är återkallad till:'],
    },
    when: 'Tid',
    where: 'Plats',
  },
  enquiryReceipt: {
    subject: 'Vi har fått ditt meddelande',
    heading: 'Tack för ditt meddelande',
    text: ['Vi har fått ditt meddelande och svarar så snart som möjligt.'],
  },
  enquiry: {
    subject: (form) => `Ny kontakt: ${form}`,
    heading: 'Ny kontakt',
    button: 'Öppna ärendet',
    name: 'Namn',
    company: 'Företag',
    title: 'Uppgift',
    phone: 'Telefon',
    email: 'E-post',
    yes: 'Ja',
  },
  alert: { subject: (title) => `Larm: ${title}`, button: 'Öppna tjänsten' },
  test: {
    subject: 'Testmeddelande',
    heading: 'E-posten fungerar',
    text: ['Det här är ett testmeddelande. Om du läser det kan tjänsten skicka e-post.'],
  },
}
