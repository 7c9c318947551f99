import type { Language } from './index.ts'

/** The register's fields and legal bases, as people read them (GDPR's own terms in each language). */
export const fieldNames: Record<string, Record<Language, string>> = {
  name: { fi: 'nimi', sv: 'namn', en: 'name' },
  company: { fi: 'yritys', sv: 'företag', en: 'company' },
  title: {
    fi: 'titteli tai tehtävä yrityksessä',
    sv: 'titel eller uppgift i företaget',
    en: 'title or duty in the company',
  },
  workAddress: { fi: 'työosoite', sv: 'arbetsadress', en: 'work address' },
  companyAddress: { fi: 'yrityksen osoite', sv: 'företagets adress', en: 'company address' },
  workEmail: { fi: 'työsähköposti', sv: 'e-post i arbetet', en: 'work e-mail' },
  workPhone: { fi: 'työpuhelin', sv: 'telefon i arbetet', en: 'work phone' },
  marketingActivities: {
    fi: 'asiakkaaseen kohdistettu markkinointi ja siihen osallistuminen',
    sv: 'marknadsföring riktad till kunden och deltagande i den',
    en: 'marketing aimed at the customer and taking part in it',
  },
  formAnswers: {
    fi: 'lomakkeella annetut muut tiedot',
    sv: 'övriga uppgifter på blanketten',
    en: 'other answers on a form',
  },
  bans: { fi: 'suoramarkkinointikiellot', sv: 'förbud mot direktmarknadsföring', en: 'direct marketing bans' },
  purchaseHistory: { fi: 'ostohistoria', sv: 'köphistorik', en: 'purchase history' },
  relationshipRecords: {
    fi: 'ostot, peruutukset, toimitukset, palautteet, reklamaatiot ja asiakaspalvelutapahtumat',
    sv: 'köp, avbokningar, leveranser, respons, reklamationer och kundtjänstärenden',
    en: 'purchases, cancellations, deliveries, feedback, complaints and service events',
  },
  photo: { fi: 'valokuva', sv: 'fotografi', en: 'photo' },
}

export const basisNames: Record<string, Record<Language, string>> = {
  consent: { fi: 'suostumus', sv: 'samtycke', en: 'consent' },
  contract: { fi: 'sopimus', sv: 'avtal', en: 'contract' },
  legal_obligation: { fi: 'lakisääteinen velvoite', sv: 'rättslig förpliktelse', en: 'legal obligation' },
  legitimate_interest: { fi: 'oikeutettu etu', sv: 'berättigat intresse', en: 'legitimate interest' },
}
