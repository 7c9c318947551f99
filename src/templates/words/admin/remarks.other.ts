import type { Said } from './remarks.ts'

/** The same for files (rules/attachment.ts, actions/attachFile.ts) and for what a mailing's state forbids (rules/mailing.ts). */
export const otherRemarks: Said = [
  // Files
  [/^The file is empty\.$/, 'Tiedosto on tyhjä. Valitse toinen tiedosto.', 'Filen är tom. Välj en annan fil.'],
  [
    /^(?:The file is larger than|A file may have) (\d+) MiB\.$/,
    'Tiedosto on liian suuri: enintään $1 megatavua.',
    'Filen är för stor: högst $1 megabyte.',
  ],
  [
    /^The files of one mailing may have (\d+) MiB together\.$/,
    'Liitteet ovat yhdessä liian suuret: enintään $1 megatavua. Poista jokin liite.',
    'Bilagorna är för stora tillsammans: högst $1 megabyte. Ta bort någon bilaga.',
  ],
  [
    /^Files of this kind cannot be attached\. Send (.*)\.$/,
    'Tällaista tiedostoa ei voi liittää. Sallitut päätteet ovat $1.',
    'Den här sortens fil kan inte bifogas. Tillåtna filändelser är $1.',
  ],
  [
    /^The content of the file is of another kind.*$/,
    'Tiedoston sisältö ei vastaa nimen päätettä. Tallenna tiedosto uudelleen oikeassa muodossa.',
    'Filens innehåll motsvarar inte ändelsen i namnet. Spara filen på nytt i rätt format.',
  ],
  [
    /^The PDF is encrypted.*$/,
    'PDF on suojattu salasanalla. Tallenna se ilman salasanaa.',
    'PDF-filen är skyddad med lösenord. Spara den utan lösenord.',
  ],
  [
    /^The file holds macros.*$/,
    'Tiedostossa on makroja. Tallenna se ilman makroja.',
    'Filen innehåller makron. Spara den utan makron.',
  ],
  [/^The picture is larger than.*$/, 'Kuva on liian suuri. Pienennä sitä.', 'Bilden är för stor. Förminska den.'],
  [
    /^The picture (\S+) is not there.*$/,
    'Kuvaa $1 ei ole enää. Lisää kuva uudelleen tai poista se sisällöstä.',
    'Bilden $1 finns inte längre. Lägg till bilden på nytt eller ta bort den ur innehållet.',
  ],
  [/^There is no such file\.$/, 'Tiedostoa ei ole enää.', 'Filen finns inte längre.'],
  // Price lists and surveys
  [
    /^The mailing names no price list.*$/,
    'Hinnastoa ei ole valittu: viestiin ei tule hintoja. Valitse hinnasto sisällön kohdasta.',
    'Ingen prislista är vald: meddelandet får inga priser. Välj en prislista i innehållet.',
  ],
  [
    /^The price list has no version that can be sent.*$/,
    'Hinnastossa ei ole versiota, jonka voi lähettää. Lisää versio tai valitse sarakkeet odottavasta versiosta.',
    'Prislistan har ingen version som kan skickas. Lägg till en version eller välj kolumnerna i den som väntar.',
  ],
  [
    /^The version for everybody is gone\.$/,
    'Kaikille tarkoitettua hinnastoversiota ei ole enää. Lisää uusi.',
    'Prislistans version för alla finns inte längre. Lägg till en ny.',
  ],
  [
    /^The version for the price group (.*) is gone\.$/s,
    'Hintaryhmän $1 hinnastoversiota ei ole enää. Lisää uusi.',
    'Prislistans version för prisgruppen $1 finns inte längre. Lägg till en ny.',
  ],
  [
    /^The version for everybody has no rows and no files\.$/,
    'Kaikille tarkoitetussa hinnastoversiossa ei ole rivejä eikä tiedostoja.',
    'Prislistans version för alla har varken rader eller filer.',
  ],
  [
    /^The version for the price group (.*) has no rows and no files\.$/s,
    'Hintaryhmän $1 hinnastoversiossa ei ole rivejä eikä tiedostoja.',
    'Prislistans version för prisgruppen $1 har varken rader eller filer.',
  ],
  [
    /^The prices for everybody are (\d+) days old.*$/,
    'Kaikille tarkoitetut hinnat ovat $1 päivää vanhoja. Tarkista, pitävätkö ne yhä paikkansa.',
    'Priserna för alla är $1 dagar gamla. Kontrollera att de ännu gäller.',
  ],
  [
    /^The prices for the price group (.*) are (\d+) days old.*$/s,
    'Hintaryhmän $1 hinnat ovat $2 päivää vanhoja. Tarkista, pitävätkö ne yhä paikkansa.',
    'Priserna för prisgruppen $1 är $2 dagar gamla. Kontrollera att de ännu gäller.',
  ],
  [
    /^The prices for everybody come into force only on (.*)\.$/,
    'Kaikille tarkoitetut hinnat tulevat voimaan vasta $1.',
    'Priserna för alla träder i kraft först $1.',
  ],
  [
    /^The prices for the price group (.*) come into force only on (.*)\.$/s,
    'Hintaryhmän $1 hinnat tulevat voimaan vasta $2.',
    'Priserna för prisgruppen $1 träder i kraft först $2.',
  ],
  [
    /^The version for everybody valid from (\S+) waits for its columns.*$/,
    'Kaikille tarkoitettu hinnastoversio ($1) odottaa sarakkeiden kohdistamista, joten sitä ei lähetetä. Kohdista sarakkeet tai poista versio.',
    'Prislistans version för alla ($1) väntar på sina kolumner och skickas inte. Ange kolumnerna eller ta bort versionen.',
  ],
  [
    /^The version for the price group (.*) valid from (\S+) waits for its columns.*$/s,
    'Hintaryhmän $1 hinnastoversio ($2) odottaa sarakkeiden kohdistamista, joten sitä ei lähetetä. Kohdista sarakkeet tai poista versio.',
    'Prislistans version för prisgruppen $1 ($2) väntar på sina kolumner och skickas inte. Ange kolumnerna eller ta bort versionen.',
  ],
  [
    /^(\d+) people in the audience have no version.*$/,
    'Kohderyhmästä $1 jää ilman hinnastoa, joten he eivät saa viestiä. Lisää versio kaikille tai heidän hintaryhmälleen.',
    'I målgruppen blir $1 utan prislista och får därför inte meddelandet. Lägg till en version för alla eller för deras prisgrupp.',
  ],
  [
    /^Name the survey that this mailing invites to\.$/,
    'Valitse sisällön kohdasta, mihin kyselyyn kutsutaan.',
    'Välj i innehållet vilken enkät det är fråga om.',
  ],
  [
    /^The survey (?:is|will be|takes) .*$/,
    'Kysely ei ota enää vastauksia lähetyshetkellä. Avaa kysely tai valitse toinen.',
    'Enkäten tar inte längre emot svar vid utskicket. Öppna den eller välj en annan.',
  ],
  // States
  [
    /^It was scheduled meanwhile and is frozen\.$/,
    'Lähetys ajastettiin sillä välin, joten sitä ei voi enää muuttaa.',
    'Utskicket tidsinställdes under tiden och kan inte längre ändras.',
  ],
  [
    /^Its content is frozen\..*$|^The mailing is \w+\. Its content is frozen\..*$/,
    'Ajastettua lähetystä ei voi muuttaa. Kopioi se ja muokkaa kopiota.',
    'Ett tidsinställt utskick kan inte ändras. Kopiera det och redigera kopian.',
  ],
  [
    /^Somebody (changed|else changes) .*$/,
    'Joku muu muutti lähetystä sillä välin. Avaa se uudelleen.',
    'Någon annan ändrade utskicket under tiden. Öppna det på nytt.',
  ],
  [
    /^Some deliveries are uncertain\. Resend or accept them first\.$/,
    'Osasta viestejä ei tiedetä, lähtivätkö ne. Päätä ensin niistä.',
    'För en del meddelanden är det okänt om de skickades. Bestäm först om dem.',
  ],
  [
    /^A required ban source is not fresh.*$/,
    'Pakollinen kieltorekisteri ei ole ajan tasalla. Lähetys jatkuu itsestään, kun se on haettu.',
    'Ett obligatoriskt förbudsregister är inte aktuellt. Utskicket fortsätter av sig självt när det har hämtats.',
  ],
  [
    /^The mailing is \w+\. .*$/,
    'Lähetyksen tila on muuttunut, eikä tätä voi enää tehdä.',
    'Utskickets läge har ändrats, så det här går inte längre.',
  ],
]
