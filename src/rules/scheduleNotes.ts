/** What a marketer is told when the chosen time falls on a change of the clocks. */
export type Note = { fi: string; sv: string; en: string }

/** @param asked "03:30", a time that the clocks skip; @param taken "04:30", the time after the shift */
export const gapNote = (asked: string, taken: string, offset: string, zone: string): Note => ({
  fi: `Kelloa siirretään silloin eteenpäin: kello ${asked} ei ole olemassa (${zone}). Lähetys alkaa kello ${taken} (UTC${offset}).`,
  sv: `Klockan ställs då fram: ${asked} finns inte (${zone}). Utskicket börjar klockan ${taken} (UTC${offset}).`,
  en: `The clocks go forward then: ${asked} does not exist (${zone}). Sending starts at ${taken} (UTC${offset}).`,
})

/** @param asked "03:30", a time that comes twice; @param first offset of the one taken, @param second of the other */
export const overlapNote = (asked: string, first: string, second: string, zone: string): Note => ({
  fi: `Kelloa siirretään silloin taaksepäin: kello ${asked} tulee kahdesti (${zone}). Lähetys alkaa ensimmäisellä (UTC${first}). Jälkimmäisen saa kirjoittamalla ajan perään ${second}.`,
  sv: `Klockan ställs då tillbaka: ${asked} inträffar två gånger (${zone}). Utskicket börjar den första gången (UTC${first}). Skriv ${second} efter tiden för att välja den andra.`,
  en: `The clocks go back then: ${asked} comes twice (${zone}). Sending starts the first time (UTC${first}). Write ${second} after the time to choose the second.`,
})
