import type { Language } from '../index.ts'
import type { Said } from './remarks.ts'
import { fileRemarks } from './importRemarks.files.ts'

/**
 * A verdict on a row, a file or an option of an import in the reader's language. Rules speak English, as the API does; one that is
 * not known is never shown in a foreign language.
 */
export function importRemarkIn(lang: Language, message: string): string {
  if (lang === 'en') return message.charAt(0).toUpperCase() + message.slice(1)
  const found = known.find(([pattern]) => pattern.test(message))
  return found ? message.replace(found[0], lang === 'fi' ? found[1] : found[2]) : otherwise[lang]
}

const otherwise = {
  fi: 'Tätä kohtaa ei voi tuoda. Tarkista se.',
  sv: 'Den här uppgiften kan inte importeras. Kontrollera den.',
}

const emailExample = 'nimi@yritys.fi'

/** Rows (rules/importRow.ts, importBanRow.ts, importVerdict.ts and what they read with). */
const rowRemarks: Said = [
  [
    /^(?:Enter an e-mail address|An e-mail address must be text), such as .*$/,
    `Sähköpostiosoite puuttuu. Kirjoita se muodossa ${emailExample}.`,
    'E-postadressen saknas. Skriv den i formen namn@foretag.fi.',
  ],
  [
    /^An e-mail address needs an @.*$/,
    `Sähköpostiosoitteessa on oltava @-merkki, esimerkiksi ${emailExample}.`,
    'E-postadressen ska innehålla tecknet @, till exempel namn@foretag.fi.',
  ],
  [
    /^Enter one e-mail address only.*$/,
    'Anna vain yksi sähköpostiosoite riviä kohti.',
    'Ange bara en e-postadress per rad.',
  ],
  [
    /^The e-mail address is too long.*$/,
    'Sähköpostiosoite on liian pitkä: enintään 254 merkkiä, joista 64 ennen @-merkkiä.',
    'E-postadressen är för lång: högst 254 tecken, varav 64 före @-tecknet.',
  ],
  [
    /^The part before the @ is missing.*$/,
    `Osoitteesta puuttuu alku. Kirjoita se muodossa ${emailExample}.`,
    'Början av adressen saknas. Skriv den i formen namn@foretag.fi.',
  ],
  [
    /^The part before the @ may hold no letters.*$/,
    'Ennen @-merkkiä voi olla vain kirjaimia a–z. Anna toinen osoite.',
    'Före @-tecknet får bara bokstäverna a–z förekomma. Ange en annan adress.',
  ],
  [
    /^Write the address alone.*$/,
    "Kirjoita pelkkä osoite. Ennen @-merkkiä voi olla kirjaimia, numeroita ja merkit . _ - + '.",
    "Skriv bara adressen. Före @-tecknet får det finnas bokstäver, siffror och . _ - + '.",
  ],
  [
    /^Before the @ a dot.*$/,
    'Piste ei voi olla juuri ennen @-merkkiä eikä kaksi pistettä peräkkäin. Poista piste.',
    'En punkt får inte stå precis före @ eller bredvid en annan punkt. Ta bort punkten.',
  ],
  [
    /^The domain lacks its ending.*$/,
    'Osoitteesta puuttuu pääte, esimerkiksi .fi tai .com.',
    'Adressen saknar ändelse, till exempel .fi eller .com.',
  ],
  [
    /^The domain has an ending reserved.*$/,
    'Osoitteen pääte on varattu testeille, eikä sinne tule postia. Anna oikea osoite.',
    'Adressens ändelse är reserverad för test och tar inte emot post. Ange en riktig adress.',
  ],
  [
    /^The domain has an ending that does not exist.*$/,
    'Osoitteen päätettä ei ole olemassa. Tarkista se.',
    'Adressens ändelse finns inte. Kontrollera den.',
  ],
  [
    /^(?:The domain is not valid|A domain must be text|Enter a domain).*$/,
    'Verkkotunnus ei kelpaa. Tarkista oikeinkirjoitus, esimerkiksi yritys.fi.',
    'Domänen duger inte. Kontrollera stavningen, till exempel foretag.fi.',
  ],
  [
    /^A domain covers its subdomains.*$/,
    'Verkkotunnus kattaa myös alitunnuksensa: kirjoita se ilman *-merkkiä.',
    'En domän omfattar sina underdomäner: skriv den utan *.',
  ],
  [
    /^Many organisations have names.*$/,
    'Tämän tunnuksen alla on monen organisaation osoitteita: anna yhden organisaation verkkotunnus.',
    'Många organisationer har namn under den här domänen: ange en enskild organisations domän.',
  ],
  [
    /^Many people have their mail.*$/,
    'Moni käyttää tätä sähköpostipalvelua: kiellä yksittäisiä osoitteita.',
    'Många har sin post i den här tjänsten: förbjud enskilda adresser.',
  ],
  [
    /^The phone number is too long.*$/,
    'Puhelinnumero on liian pitkä: anna vain yksi numero.',
    'Telefonnumret är för långt: ange bara ett nummer.',
  ],
  [
    /^(?:The phone number is not valid|A phone number must be text|Enter a phone number).*$/,
    'Puhelinnumero ei kelpaa. Tarkista se, esimerkiksi +358 40 123 4567.',
    'Telefonnumret duger inte. Kontrollera det, till exempel +358 40 123 4567.',
  ],
  [
    /^.*business id.*$/i,
    'Y-tunnus ei kelpaa. Tarkista se, esimerkiksi 1234567-1.',
    'FO-numret duger inte. Kontrollera det, till exempel 1234567-1.',
  ],
  [
    /^(?:The )?\w+ is too long: shorten it to (\d+) characters\.$/,
    'Teksti on liian pitkä: lyhennä se enintään $1 merkkiin.',
    'Texten är för lång: förkorta den till högst $1 tecken.',
  ],
  [/^(?:The )?\w+ is empty: .*$/, 'Kohta on tyhjä: kirjoita siihen jotain.', 'Uppgiften är tom: skriv något.'],
  [
    /^This holds markup.*$/,
    'Tässä on HTML-merkintöjä: kirjoita se tavallisena tekstinä.',
    'Här finns HTML-kod: skriv det som vanlig text.',
  ],
  [
    /^The row has (\d+) cells and the header (\d+).*$/,
    'Rivillä on $1 solua ja otsikkorivillä $2: anna jokaiselle sarakkeelle solu.',
    'Raden har $1 celler och rubrikraden $2: ge varje kolumn en cell.',
  ],
  [
    /^Text stands behind a closing quote.*$/,
    'Lainausmerkin jälkeen on tekstiä: kahdenna solun sisäiset lainausmerkit.',
    'Det finns text efter ett citattecken: dubblera citattecknen i cellen.',
  ],
  [
    /^This stands further up in the file.*$/,
    'Sama on tiedostossa jo ylempänä: ensimmäinen rivi on voimassa.',
    'Samma uppgift finns redan högre upp i filen: den första raden gäller.',
  ],
  [/^The language is fi, sv or en\.$/, 'Kieli on fi, sv tai en.', 'Språket är fi, sv eller en.'],
  [
    /^Say by which rule this is permitted.*$/,
    'Kerro, mihin lupa perustuu: consent, existing_customer, duty_evidence tai legal_person.',
    'Ange vad tillståndet grundar sig på: consent, existing_customer, duty_evidence eller legal_person.',
  ],
  [
    /^Say how you know that this is permitted.*$/,
    'Kerro, mistä tiedät, että tämä on sallittu: tässä sarakkeessa tai kerran koko tiedostolle.',
    'Ange hur du vet att detta är tillåtet: i den här kolumnen eller en gång för hela filen.',
  ],
  [
    /^The evidence is too short.*$/,
    'Näyttö on liian lyhyt: kirjoita vähintään 10 merkillä, mistä asian tietää.',
    'Beviset är för kort: skriv med minst 10 tecken hur det är känt.',
  ],
  [
    /^This is no date.*$/,
    'Tämä ei ole päivämäärä: kirjoita se muodossa 28.2.2026.',
    'Detta är inget datum: skriv det som 28.2.2026.',
  ],
  [
    /^The date lies in the future.*$/,
    'Päivä on tulevaisuudessa: kirjoita, milloin suostumus annettiin.',
    'Datumet ligger i framtiden: skriv när samtycket gavs.',
  ],
  [
    /^This consent is too old.*$/,
    'Suostumus on liian vanha (24 kuukautta): kysy henkilöltä uudelleen.',
    'Samtycket är för gammalt (24 månader): fråga personen på nytt.',
  ],
  [
    /^The person's data may only be stored.*$/,
    'Henkilön tietojen käsittelyä on rajoitettu: jätä rivi pois.',
    'Behandlingen av personens uppgifter är begränsad: utelämna raden.',
  ],
  [
    /^The person or the company has forbidden.*$/,
    'Henkilö tai yritys on kieltänyt markkinoinnin: vain he itse voivat palata tilaamalla.',
    'Personen eller företaget har förbjudit marknadsföring: bara de själva kan komma tillbaka genom att prenumerera.',
  ],
  [
    /^The person has left the topic "([^"]*)".*$/,
    'Henkilö on perunut tilauksen ”$1”: vain hän itse voi palata. Tuo muut aiheet omana tiedostonaan.',
    'Personen har avslutat prenumerationen ”$1”: bara personen själv kan komma tillbaka. Importera andra ämnen i en egen fil.',
  ],
  [
    /^Another contact has this external id\.$/,
    'Toisella yhteystiedolla on jo tämä asiakasnumero.',
    'En annan kontakt har redan det här kundnumret.',
  ],
  [
    /^This is kept with the company.*$/,
    'Tämä on yrityksen tieto: anna rivillä myös yrityksen nimi tai Y-tunnus.',
    'Detta hör till företaget: ange också företagets namn eller FO-nummer.',
  ],
  [
    /^.*postal address.*$/,
    'Postiosoite ei kelpaa: kirjoita se muodossa nimi|katu 1|00100.',
    'Postadressen duger inte: skriv den som namn|gata 1|00100.',
  ],
  [
    /^The kind is one of .*$/,
    'Laji on email, domain, company, phone tai postal.',
    'Slaget är email, domain, company, phone eller postal.',
  ],
  [
    /^Use all, no_contact, .*$/,
    'Laajuus on all, no_contact, purpose:<tarkoitus> tai topic:<aihe>.',
    'Omfattningen är all, no_contact, purpose:<ändamål> eller topic:<ämne>.',
  ],
  [
    /^The reason is kept for ever.*$/,
    'Syy säilyy pysyvästi: kirjoita se ilman osoitetta.',
    'Orsaken sparas för alltid: skriv den utan adress.',
  ],
]

const known: Said = [...rowRemarks, ...fileRemarks]
