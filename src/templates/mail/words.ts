/** The words of every message in Finnish, Swedish and English. A missing key fails the type check. */
export type Language = 'fi' | 'sv' | 'en'

export type Notice = { subject: string; heading: string; text: string[]; button?: string; after?: string[] }

export type MailWords = {
  marking: { marketing(company: string): string; research(company: string): string }
  testMark: string
  businessId: string
  privacy: string
  mailingList(topic: string): string
  source: string
  objection: Record<'marketing' | 'research', { heading: string; text: string; link: string }>
  survey: { answer: string }
  orCopy: string
  confirmation: Notice & { validity(hours: number): string; notYou: string; cancel: string }
  confirmationDespiteBan: Notice & { validity(hours: number): string; notYou: string; cancel: string }
  welcome: Notice & { preferences: string }
  manageLink: Notice & { validity(hours: number): string }
  banNotice: Notice & { mistake: string; undo: string }
  signIn: Notice & { validity(minutes: number): string }
  registration: Record<'registered' | 'waiting' | 'changed' | 'cancelled', Notice> & { when: string; where: string }
  enquiryReceipt: Notice
  enquiry: { subject(form: string): string; heading: string; button: string }
  alert: { subject(title: string): string; button: string }
  test: Notice
}

const fi: MailWords = {
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
  survey: { answer: 'Vastaa kyselyyn' },
  orCopy: 'Jos painike ei toimi, kopioi tämä osoite selaimeen:',
  confirmation: {
    subject: 'Vahvista tilauksesi',
    heading: 'Vahvista tilauksesi',
    text: ['Tähän sähköpostiosoitteeseen on pyydetty:'],
    button: 'Vahvista tilaus',
    after: ['Tilaus alkaa vasta, kun vahvistat sen. Painike avaa sivun, jolla vahvistus tehdään.'],
    validity: (hours) => `Linkki on voimassa ${hours} tuntia.`,
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
    validity: (hours) => `Linkki on voimassa ${hours} tuntia.`,
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
    validity: (hours) => `Linkki on voimassa ${hours} tuntia.`,
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
  },
  alert: { subject: (title) => `Hälytys: ${title}`, button: 'Avaa palvelu' },
  test: {
    subject: 'Testiviesti',
    heading: 'Sähköposti toimii',
    text: ['Tämä on testiviesti. Jos luet tätä, palvelu pystyy lähettämään sähköpostia.'],
  },
}

const sv: MailWords = {
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
  survey: { answer: 'Besvara enkäten' },
  orCopy: 'Om knappen inte fungerar kan du kopiera den här adressen till webbläsaren:',
  confirmation: {
    subject: 'Bekräfta din prenumeration',
    heading: 'Bekräfta din prenumeration',
    text: ['Till den här e-postadressen har någon begärt:'],
    button: 'Bekräfta prenumerationen',
    after: ['Prenumerationen börjar först när du bekräftar den. Knappen öppnar en sida där du kan göra det.'],
    validity: (hours) => `Länken gäller i ${hours} timmar.`,
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
    validity: (hours) => `Länken gäller i ${hours} timmar.`,
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
    validity: (hours) => `Länken gäller i ${hours} timmar.`,
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
  enquiry: { subject: (form) => `Ny kontakt: ${form}`, heading: 'Ny kontakt', button: 'Öppna ärendet' },
  alert: { subject: (title) => `Larm: ${title}`, button: 'Öppna tjänsten' },
  test: {
    subject: 'Testmeddelande',
    heading: 'E-posten fungerar',
    text: ['Det här är ett testmeddelande. Om du läser det kan tjänsten skicka e-post.'],
  },
}

const en: MailWords = {
  marking: {
    marketing: (company) => `Advertisement – ${company}`,
    research: (company) => `Customer survey – ${company}`,
  },
  testMark: 'Test',
  businessId: 'Business ID',
  privacy: 'Privacy notice',
  mailingList: (topic) =>
    `You are receiving this message because your contact details are on our mailing list “${topic}”.`,
  source: 'Where we got your contact details:',
  objection: {
    marketing: {
      heading: 'Your right to opt out of direct marketing',
      text: 'You can object to the use of your personal data for direct marketing at any time, free of charge and without giving a reason. We will stop at once.',
      link: 'Unsubscribe or opt out of all direct marketing',
    },
    research: {
      heading: 'Your right to decline surveys',
      text: 'Answering is voluntary. You can object to the use of your e-mail address for surveys and direct marketing at any time, free of charge and without giving a reason. We will stop at once.',
      link: 'Decline surveys or opt out of all direct marketing',
    },
  },
  survey: { answer: 'Answer the survey' },
  orCopy: 'If the button does not work, copy this address into your browser:',
  confirmation: {
    subject: 'Confirm your subscription',
    heading: 'Confirm your subscription',
    text: ['A request was made for this e-mail address to receive:'],
    button: 'Confirm subscription',
    after: ['Nothing starts before you confirm. The button opens a page where you can do so.'],
    validity: (hours) => `The link is valid for ${hours} hours.`,
    notYou:
      'Was this not you? You do not need to do anything: without confirmation we do not send what was requested, and your address is deleted. You can also cancel the request at once:',
    cancel: 'Cancel the request',
  },
  confirmationDespiteBan: {
    subject: 'Confirm your request',
    heading: 'Confirm your request',
    text: [
      'We have an earlier opt-out or cancelled subscription on record for this e-mail address, and it is in force. A request has now been made to receive:',
    ],
    button: 'Confirm subscription',
    after: [
      'If you confirm, the opt-out is lifted for this subscription only. Otherwise it stays in force. If you do not confirm, nothing changes.',
    ],
    validity: (hours) => `The link is valid for ${hours} hours.`,
    notYou:
      'Was this not you? You do not need to do anything: the opt-out stays in force. You can also cancel the request at once:',
    cancel: 'Cancel the request',
  },
  welcome: {
    subject: 'Your subscription is confirmed',
    heading: 'Thank you, your subscription is confirmed',
    text: ['From now on we will send you:'],
    after: ['You can unsubscribe at any time through the link in every message.'],
    preferences: 'Communication preferences',
  },
  manageLink: {
    subject: 'Link to your communication preferences',
    heading: 'Your communication preferences',
    text: ['Use this link to see and change your subscriptions and your other data.'],
    button: 'Open communication preferences',
    after: [
      'Do not forward the link: it opens your data.',
      'Did you not ask for the link? You can ignore this message: nothing changes.',
    ],
    validity: (hours) => `The link is valid for ${hours} hours.`,
  },
  banNotice: {
    subject: 'Your direct marketing opt-out is recorded',
    heading: 'Your direct marketing opt-out is recorded',
    text: [
      'We no longer send direct marketing or surveys to this address. The opt-out is valid until further notice, and you do not need to do anything else.',
    ],
    mistake: 'If this was a mistake, or if it was not you, you can undo it:',
    undo: 'Undo the opt-out',
  },
  signIn: {
    subject: 'Sign-in link',
    heading: 'Sign in',
    text: ['Use this link to sign in to the service.'],
    button: 'Sign in',
    after: ['Did you not try to sign in? Do not open the link; without it nobody gets in.'],
    validity: (minutes) => `The link works once and is valid for ${minutes} minutes.`,
  },
  registration: {
    registered: {
      subject: 'Registration confirmed',
      heading: 'Your registration is confirmed',
      text: ['Welcome! You are registered for:'],
      button: 'Change or cancel my registration',
    },
    waiting: {
      subject: 'You are on the waiting list',
      heading: 'You are on the waiting list',
      text: ['The event is full and you are on the waiting list. We will let you know if a place becomes free.'],
      button: 'Change or cancel my registration',
    },
    changed: {
      subject: 'The event details have changed',
      heading: 'The event details have changed',
      text: ['You are registered for an event whose details are now:'],
      button: 'Change or cancel my registration',
    },
    cancelled: {
      subject: 'Registration cancelled',
      heading: 'Your registration is cancelled',
      text: ['Your registration is cancelled for:'],
    },
    when: 'Time',
    where: 'Place',
  },
  enquiryReceipt: {
    subject: 'We have received your message',
    heading: 'Thank you for your message',
    text: ['We have received your message and will reply as soon as we can.'],
  },
  enquiry: { subject: (form) => `New enquiry: ${form}`, heading: 'New enquiry', button: 'Open the enquiry' },
  alert: { subject: (title) => `Alert: ${title}`, button: 'Open the service' },
  test: {
    subject: 'Test message',
    heading: 'E-mail works',
    text: ['This is a test message. If you can read it, the service is able to send e-mail.'],
  },
}

export const mailWords: Record<Language, MailWords> = { fi, sv, en }
