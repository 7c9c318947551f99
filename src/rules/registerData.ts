import type { Purpose, PurposeKey, Register, RetentionRule } from './register.ts'

/** Raised whenever the default table changes, so that a proof can name the table that was in force. */
export const REGISTER_VERSION = '1'

const months = (
  subject: RetentionRule['subject'],
  clock: RetentionRule['clock'],
  count: number,
  then: RetentionRule['then'] = 'erase',
): RetentionRule => ({ subject, clock, period: { unit: 'months', count }, then })

const contactKept: Purpose['kept'] = {
  fi: 'Niin kauan kuin yhteystiedot ovat voimassa, palvelu sitä edellyttää ja takuuehdot sitä vaativat.',
  sv: 'Så länge kontaktuppgifterna är giltiga, tjänsten förutsätter det och garantivillkoren kräver det.',
  en: 'While the contact details are valid, as long as the service needs, and as the warranty terms require.',
}

const serviceKept: Purpose['kept'] = {
  fi: 'Niin kauan kuin palvelu sitä edellyttää.',
  sv: 'Så länge tjänsten förutsätter det.',
  en: 'As long as the service needs.',
}

const purposes: Record<PurposeKey, Purpose> = {
  customer_events: {
    name: {
      fi: 'Asiakastilaisuudet ja niihin rekisteröityminen',
      sv: 'Kundevenemang och anmälan till dem',
      en: 'Customer events and registration for them',
    },
    description: {
      fi: 'Asiakastilaisuuksien järjestäminen, kutsut, ilmoittautumiset ja jälkihoito. Tiedot riippuvat tilaisuudesta.',
      sv: 'Anordnande av kundevenemang, inbjudningar, anmälningar och uppföljning. Uppgifterna beror på evenemanget.',
      en: 'Arranging customer events, invitations, registrations and follow-up. The data depend on the event.',
    },
    fields: ['name', 'company', 'title', 'workAddress', 'workEmail', 'workPhone', 'marketingActivities'],
    bases: ['legitimate_interest'],
    kept: {
      fi: 'Niin kauan kuin yhteystiedot ovat voimassa ja tilaisuuden järjestäminen ja jälkihoito sitä edellyttävät.',
      sv: 'Så länge kontaktuppgifterna är giltiga och evenemanget och dess uppföljning förutsätter det.',
      en: 'While the contact details are valid and as long as arranging the event and its follow-up need.',
    },
    retention: [months('data', 'event_ended', 12), months('participation_history', 'other_purposes_ended', 0)],
  },
  direct_marketing: {
    name: {
      fi: 'Suoramarkkinointi, verkkolomakkeet, uutiskirjeet',
      sv: 'Direktmarknadsföring, webbformulär, nyhetsbrev',
      en: 'Direct marketing, web forms, newsletters',
    },
    description: {
      fi: 'Uutiskirjeet ja muu suoramarkkinointi, verkkolomakkeilla annetut tiedot ja suoramarkkinointikiellot.',
      sv: 'Nyhetsbrev och annan direktmarknadsföring, uppgifter från webbformulär och direktmarknadsföringsförbud.',
      en: 'Newsletters and other direct marketing, what was given on web forms, and direct marketing bans.',
    },
    fields: ['name', 'workEmail', 'workPhone', 'formAnswers', 'bans'],
    bases: ['legitimate_interest'],
    kept: {
      fi: 'Niin kauan kuin palvelu sitä edellyttää. Uutiskirjeen voi peruuttaa milloin tahansa.',
      sv: 'Så länge tjänsten förutsätter det. Nyhetsbrevet kan avslutas när som helst.',
      en: 'As long as the service needs. A newsletter can be cancelled at any time.',
    },
    retention: [
      months('data', 'last_affirmation', 24),
      months('data', 'duty_verified', 24),
      { subject: 'pending_sign_up', clock: 'sign_up_requested', period: { unit: 'days', count: 7 }, then: 'erase' },
      months('enquiry', 'case_closed', 12),
    ],
  },
  customer_service: {
    name: { fi: 'Asiakaspalvelu', sv: 'Kundservice', en: 'Customer service' },
    description: {
      fi: 'Yhteydenottoihin vastaaminen ja asiakkaan asian hoitaminen.',
      sv: 'Besvarande av kontakter och skötsel av kundens ärende.',
      en: 'Answering enquiries and taking care of the customer’s matter.',
    },
    fields: ['name', 'company', 'workEmail', 'workAddress', 'workPhone'],
    bases: ['contract', 'legitimate_interest'],
    kept: serviceKept,
    retention: [months('data', 'case_closed', 12)],
  },
  customer_relationship: {
    name: {
      fi: 'Asiakkuuden hoito, sopimukset, takuu',
      sv: 'Kundrelationer, avtal, garanti',
      en: 'Customer relationship, contracts, warranty',
    },
    description: {
      fi: 'Asiakassuhteen ja sopimusten hoitaminen takuuaika mukaan lukien.',
      sv: 'Skötsel av kundrelationen och avtalen, garantitiden medräknad.',
      en: 'Managing the customer relationship and its contracts, warranty period included.',
    },
    fields: [
      'name',
      'company',
      'title',
      'workEmail',
      'workAddress',
      'workPhone',
      'purchaseHistory',
      'relationshipRecords',
    ],
    bases: ['contract'],
    kept: contactKept,
    retention: [months('data', 'contract_ended', 36), months('data', 'warranty_ended', 36)],
  },
  offers_deliveries: {
    name: { fi: 'Tarjoukset ja toimitukset', sv: 'Offerter och leveranser', en: 'Offers and deliveries' },
    description: {
      fi: 'Pyydettyjen tarjousten tekeminen ja tilausten toimittaminen takuuaika mukaan lukien.',
      sv: 'Begärda offerter och leverans av beställningar, garantitiden medräknad.',
      en: 'Making the offers that were asked for and delivering orders, warranty period included.',
    },
    fields: ['name', 'company', 'title', 'workEmail', 'workAddress', 'workPhone', 'purchaseHistory'],
    bases: ['contract'],
    kept: contactKept,
    retention: [
      months('offer', 'offer_lapsed', 12),
      months('delivery', 'delivery_made', 12),
      months('delivery', 'warranty_ended', 0),
    ],
  },
  feedback_complaints: {
    name: { fi: 'Palautteet ja reklamaatiot', sv: 'Respons och reklamationer', en: 'Feedback and complaints' },
    description: {
      fi: 'Palautteiden ja reklamaatioiden käsittely ja niihin vastaaminen.',
      sv: 'Behandling av respons och reklamationer samt svar på dem.',
      en: 'Handling and answering feedback and complaints.',
    },
    fields: [
      'name',
      'company',
      'title',
      'workEmail',
      'workAddress',
      'workPhone',
      'purchaseHistory',
      'relationshipRecords',
    ],
    bases: ['contract', 'legitimate_interest'],
    kept: contactKept,
    retention: [months('data', 'handled', 24)],
  },
  customer_photos: {
    name: {
      fi: 'Asiakasvalokuvat markkinoinnissa',
      sv: 'Kundfotografier i marknadsföringen',
      en: 'Customer photographs in marketing',
    },
    description: {
      fi: 'Asiakkaista otettujen valokuvien käyttö markkinoinnissa kuvattavan suostumuksella.',
      sv: 'Användning av fotografier av kunder i marknadsföringen med den fotograferades samtycke.',
      en: 'Using photographs of customers in marketing with the consent of the person shown.',
    },
    fields: ['name', 'photo'],
    bases: ['consent'],
    kept: {
      fi: 'Niin kauan kuin suostumus on voimassa.',
      sv: 'Så länge samtycket gäller.',
      en: 'While the consent exists.',
    },
    retention: [months('photo', 'consent_withdrawn', 0), months('proof', 'consent_withdrawn', 36)],
  },
  invoicing: {
    name: { fi: 'Laskutus', sv: 'Fakturering', en: 'Invoicing' },
    description: {
      fi: 'Laskutus ja lakisääteinen kirjanpito.',
      sv: 'Fakturering och lagstadgad bokföring.',
      en: 'Invoicing and the bookkeeping that the law requires.',
    },
    fields: ['name', 'company', 'title', 'workEmail', 'workPhone'],
    bases: ['contract', 'legitimate_interest', 'legal_obligation'],
    kept: {
      fi: 'Asiakassuhteen ja yhteystietojen voimassaolon ajan sekä kirjanpitolain mukaiset kuusi vuotta.',
      sv: 'Under kundrelationen och så länge uppgifterna är giltiga samt sex år enligt bokföringslagen.',
      en: 'While the customer relationship lasts and the details are valid, and six years by the Accounting Act.',
    },
    retention: [
      { subject: 'invoice', clock: 'invoice_dated', period: { unit: 'fiscal_years', count: 6 }, then: 'erase' },
    ],
  },
  surveys: {
    name: {
      fi: 'Markkinatutkimus, asiakastyytyväisyys',
      sv: 'Marknadsundersökningar, kundnöjdhet',
      en: 'Market research, customer satisfaction',
    },
    description: {
      fi: 'Markkinatutkimusten ja asiakastyytyväisyyskyselyiden lähettäminen.',
      sv: 'Utskick av marknadsundersökningar och kundnöjdhetsenkäter.',
      en: 'Sending market research and customer satisfaction surveys.',
    },
    fields: ['workEmail'],
    bases: ['legitimate_interest'],
    kept: {
      fi: 'Niin kauan kuin tiedot ovat käyttökelpoisia.',
      sv: 'Så länge uppgifterna är användbara.',
      en: 'While the data are usable.',
    },
    retention: [months('invitation', 'survey_closed', 6)],
  },
  price_list: {
    name: { fi: 'Hinnastopostitus', sv: 'Utskick av prislistor', en: 'Price-list mailing' },
    description: {
      fi: 'Hinnastojen lähettäminen asiakasyritysten yhteyshenkilöille.',
      sv: 'Utskick av prislistor till kundföretagens kontaktpersoner.',
      en: 'Sending price lists to the contact persons of customer companies.',
    },
    fields: ['name', 'company', 'title', 'companyAddress', 'workPhone', 'workEmail'],
    bases: ['legitimate_interest'],
    kept: {
      fi: 'Niin kauan kuin yhteystiedot ovat voimassa.',
      sv: 'Så länge kontaktuppgifterna är giltiga.',
      en: 'While the contact details are valid.',
    },
    retention: [months('data', 'details_verified', 12, 'reverify')],
  },
}

/** The default register: the controller's published table, word for word in its fields, bases and periods. */
export const defaultRegister: Register = { version: REGISTER_VERSION, purposes }
