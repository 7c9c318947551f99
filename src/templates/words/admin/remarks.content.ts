import type { Said } from './remarks.ts'

/** Each pattern takes the whole of one remark on a subject, a length or a merge tag (mail/content.ts, mail/merge*.ts). */
export const contentRemarks: Said = [
  // Subject and length
  [
    /^the subject would be empty for whoever lacks.*/,
    'Aihe jäisi tyhjäksi, jos tieto puuttuu. Anna kentälle oletus: | default: "asiakas".',
    'Ämnet blir tomt om uppgiften saknas. Ge fältet ett standardvärde: | default: "kund".',
  ],
  [
    /^a subject is one line without control.*/,
    'Aihe on yksi rivi ilman erikoismerkkejä.',
    'Ämnet är en rad utan specialtecken.',
  ],
  [/^the subject is missing$/, 'Kirjoita aihe.', 'Skriv ett ämne.'],
  [/^a subject has at most (\d+) characters$/, 'Aiheessa on enintään $1 merkkiä.', 'Ämnet har högst $1 tecken.'],
  [
    /^raw and comment cannot be used here$/,
    'Aiheessa ei voi käyttää komentoja raw ja comment.',
    'I ämnet kan man inte använda raw och comment.',
  ],
  [
    /^a content has at most (\d+) KiB$/,
    'Sisältö on liian pitkä: enintään $1 kilotavua.',
    'Innehållet är för långt: högst $1 kilobyte.',
  ],
  [
    /^this control character cannot be sent$/,
    'Tässä on näkymätön merkki, jota ei voi lähettää. Poista se.',
    'Här finns ett osynligt tecken som inte kan skickas. Ta bort det.',
  ],
  [
    /^nothing is left for the plain-text part: write some text$/,
    'Kirjoita viestiin tekstiä.',
    'Skriv text i meddelandet.',
  ],
  [
    /^the message is so long that some mail programs.*/,
    'Viesti on niin pitkä, että jotkin sähköpostiohjelmat piilottavat sen lopun.',
    'Meddelandet är så långt att en del e-postprogram döljer slutet.',
  ],
  // Merge tags
  [
    /^(.+) stays empty for whoever lacks it; a default helps$/,
    '$1 jää tyhjäksi, jos tieto puuttuu. Oletus auttaa, esimerkiksi | default: "asiakas".',
    '$1 blir tomt om uppgiften saknas. Ett standardvärde hjälper, till exempel | default: "kund".',
  ],
  [
    /^the merge tags cannot be put together$/,
    'Yhdistämiskentät eivät sovi yhteen.',
    'Kopplingsfälten passar inte ihop.',
  ],
  [
    /^unknown field "(.*?)"; the fields are (.*)$/s,
    'Kenttää ”$1” ei ole. Sallitut kentät näkyvät kohdassa Yhdistämiskentät.',
    'Fältet ”$1” finns inte. De tillåtna fälten visas under Kopplingsfält.',
  ],
  [
    /^"(.*)" may not be used in a mailing of this purpose$/,
    'Kenttää ”$1” ei saa käyttää tähän tarkoitukseen. Poista se.',
    'Fältet ”$1” får inte användas för det här ändamålet. Ta bort det.',
  ],
  [/^"(.*)" can only stand alone, as (.*)$/, '”$1” on aina yksin: $2.', '”$1” står alltid ensamt: $2.'],
  [
    /^"(.*)" stands alone: no filters$/,
    '”$1” on aina yksin, ilman suodattimia.',
    '”$1” står alltid ensamt, utan filter.',
  ],
  [
    /^"(.*)" cannot be used in a merge tag$/s,
    'Merkkiä ”$1” ei voi käyttää yhdistämiskentässä.',
    'Tecknet ”$1” kan inte användas i ett kopplingsfält.',
  ],
  [/^"(.*)" cannot be used here$/, 'Kenttää ”$1” ei voi käyttää tässä.', 'Fältet ”$1” kan inte användas här.'],
  [/^"(.*)" is not expected here$/s, '”$1” ei kuulu tähän.', '”$1” hör inte hemma här.'],
  [/^"viewUrl" is reserved.*/, 'Kenttää ”viewUrl” ei voi vielä käyttää.', 'Fältet ”viewUrl” kan inte användas ännu.'],
  [
    /^a mailing links to \{\{ unsubscribeUrl \}\} only.*/,
    'Käytä kenttää {{ unsubscribeUrl }}: omien tietojen sivulle ei voi linkittää lähetyksestä.',
    'Använd fältet {{ unsubscribeUrl }}: från ett utskick kan man inte länka till sidan med egna uppgifter.',
  ],
  [/^the merge tag is not complete$/, 'Yhdistämiskenttä on kesken.', 'Kopplingsfältet är inte färdigt.'],
  [
    /^the merge tag that begins here is not closed or has no name$/,
    'Tästä alkava yhdistämiskenttä on sulkematta tai nimeämättä.',
    'Kopplingsfältet som börjar här är inte stängt eller saknar namn.',
  ],
  [
    /^a filter is missing after "\|"$/,
    'Merkin | jäljestä puuttuu suodatin, esimerkiksi default: "asiakas".',
    'Efter | saknas ett filter, till exempel default: "kund".',
  ],
  [/^unknown filter "(.*)"$/s, 'Suodatinta ”$1” ei ole.', 'Filtret ”$1” finns inte.'],
  [
    /^filter "(.*)" takes (.*) values, not (\d+)$/,
    'Suodattimen ”$1” arvojen määrä on väärä ($3).',
    'Filtret ”$1” har fel antal värden ($3).',
  ],
  [/^\{% (\w*) %\} is not closed$/, '{% $1 %} on sulkematta.', '{% $1 %} är inte stängt.'],
  [/^\{% (\w*) %\} takes no value$/, '{% $1 %} ei ota arvoa.', '{% $1 %} tar inget värde.'],
  [
    /^\{% (\w*) %\} belongs to no open condition here$/,
    '{% $1 %} ei kuulu mihinkään avoimeen ehtoon.',
    '{% $1 %} hör inte till något öppet villkor.',
  ],
  [/^unknown tag "(.*)"$/s, 'Komentoa ”$1” ei ole.', 'Kommandot ”$1” finns inte.'],
  [
    /^"(.*)" is for everybody and cannot depend on a condition$/,
    '”$1” kuuluu kaikille, joten se ei voi olla ehdon sisällä.',
    '”$1” gäller alla och kan inte bero på ett villkor.',
  ],
  [
    /^"(.*)" is a paragraph and cannot stand here$/,
    '”$1” on oma kappaleensa eikä voi olla tässä.',
    '”$1” är ett eget stycke och kan inte stå här.',
  ],
  [
    /^a condition cannot stand in a label, link or code$/,
    'Ehto ei voi olla linkissä, painikkeessa tai koodissa.',
    'Ett villkor kan inte stå i en länk, en knapp eller kod.',
  ],
  [
    /^merge tags cannot stand in "(.*)"$/,
    'Yhdistämiskenttä ei voi olla määritteessä ”$1”.',
    'Ett kopplingsfält kan inte stå i attributet ”$1”.',
  ],
  [
    /^a merge tag appeared that nobody wrote$/,
    'Sisältöön syntyi yhdistämiskenttä, jota kukaan ei kirjoittanut. Tarkista aaltosulkeet.',
    'Det uppstod ett kopplingsfält som ingen har skrivit. Kontrollera klammerparenteserna.',
  ],
  [
    /^only fields can stand in "(.*)"$/,
    'Määritteessä ”$1” voi olla vain kenttiä.',
    'I attributet ”$1” kan bara fält stå.',
  ],
  [
    /^a link is either written out or .*$/,
    'Kirjoita linkki kokonaan, tai käytä pelkkää kenttää {{ unsubscribeUrl }}.',
    'Skriv länken helt ut, eller använd bara fältet {{ unsubscribeUrl }}.',
  ],
  [
    /^a condition begins and ends in the same paragraph.*$/,
    'Ehto alkaa ja päättyy samassa kappaleessa tai elementissä. Omilla riveillään komennot ovat samalla sisennyksellä.',
    'Ett villkor börjar och slutar i samma stycke eller element. På egna rader har kommandona samma indrag.',
  ],
  [
    /^"priceTable" needs a line of its own.*$/,
    'Kirjoita {{ priceTable }} omalle rivilleen niin, että sen ylä- ja alapuolella on tyhjä rivi.',
    'Skriv {{ priceTable }} på en egen rad med en tom rad före och efter.',
  ],
]
