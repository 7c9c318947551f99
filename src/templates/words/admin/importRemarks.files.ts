import type { Said } from './remarks.ts'

/** Files, headers and options (actions/receiveFile.ts, sheetRows.ts, rules/importColumns.ts, importOptions.ts, importMapping.ts). */
export const fileRemarks: Said = [
  [/^Send a file\.$|^Send the file .*$/, 'Valitse tiedosto.', 'Välj en fil.'],
  [/^Send one file\.$/, 'Valitse yksi tiedosto.', 'Välj en fil åt gången.'],
  [/^The file is empty\.$/, 'Tiedosto on tyhjä. Valitse toinen tiedosto.', 'Filen är tom. Välj en annan fil.'],
  [
    /^The file has a header and no rows\.$/,
    'Tiedostossa on vain otsikkorivi. Lisää rivejä.',
    'Filen har bara en rubrikrad. Lägg till rader.',
  ],
  [
    /^The first row is empty.*$/,
    'Ensimmäinen rivi on tyhjä: kirjoita siihen sarakkeiden otsikot.',
    'Den första raden är tom: skriv kolumnernas rubriker där.',
  ],
  [
    /^The file is too large.*$/,
    'Tiedosto on liian suuri: tuo alle 200 megatavua kerralla.',
    'Filen är för stor: importera mindre än 200 megabyte åt gången.',
  ],
  [
    /^The workbook is too large.*$|^The sheet is too large.*$/,
    'Taulukko on liian suuri: jaa se osiin tai tallenna se CSV-muodossa.',
    'Tabellen är för stor: dela upp den eller spara den som CSV.',
  ],
  [
    /^This is a web page.*$/,
    'Tämä on verkkosivu eikä taulukko: tallenna taulukko XLSX- tai CSV-muodossa.',
    'Detta är en webbsida, ingen tabell: spara tabellen som XLSX eller CSV.',
  ],
  [
    /^The file is no text.*$/,
    'Tiedosto ei ole taulukko: tallenna se XLSX- tai CSV-muodossa.',
    'Filen är ingen tabell: spara den som XLSX eller CSV.',
  ],
  [
    /^The file begins as UTF-8.*$/,
    'Tiedoston merkistö on rikki: tallenna se uudelleen CSV-muodossa (UTF-8).',
    'Filens teckenkodning är trasig: spara den på nytt som CSV (UTF-8).',
  ],
  [
    /^The file's name may hold no path\.$/,
    'Tiedoston nimessä ei voi olla polkua.',
    'Filnamnet får inte innehålla en sökväg.',
  ],
  [
    /^A quote that opens in row (\d+) is never closed\.$/,
    'Rivillä $1 alkavaa lainausmerkkiä ei suljeta. Lisää sulkeva lainausmerkki.',
    'Citattecknet som börjar på rad $1 avslutas aldrig. Lägg till ett avslutande citattecken.',
  ],
  [
    /^Row (\d+) has more than .*$/,
    'Rivi $1 on liian pitkä: katso, puuttuuko siitä lainausmerkki.',
    'Rad $1 är för lång: kontrollera om ett citattecken saknas där.',
  ],
  [
    /^This is no Excel workbook.*$/,
    'Tämä ei ole Excel-taulukko: tallenna taulukko XLSX- tai CSV-muodossa.',
    'Detta är ingen Excel-tabell: spara tabellen som XLSX eller CSV.',
  ],
  [
    /^This is a workbook of an older kind.*$/,
    'Taulukko on vanhaa muotoa (XLS tai XLSB): tallenna se XLSX-muodossa.',
    'Tabellen är i ett äldre format (XLS eller XLSB): spara den som XLSX.',
  ],
  [
    /^The workbook is protected.*$/,
    'Taulukko on suojattu salasanalla: tallenna se ilman salasanaa.',
    'Tabellen är skyddad med lösenord: spara den utan lösenord.',
  ],
  [
    /^The workbook holds macros.*$/,
    'Taulukossa on makroja: tallenna se XLSX-muodossa ilman makroja.',
    'Tabellen innehåller makron: spara den som XLSX utan makron.',
  ],
  [
    /^The workbook links to other.*$/,
    'Taulukko viittaa toisiin taulukoihin: katkaise linkit ja tallenna se uudelleen.',
    'Tabellen länkar till andra arbetsböcker: bryt länkarna och spara den på nytt.',
  ],
  [
    /^The workbook is damaged.*$/,
    'Taulukko on vioittunut: avaa se Excelissä ja tallenna uudelleen XLSX-muodossa.',
    'Tabellen är skadad: öppna den i Excel och spara den på nytt som XLSX.',
  ],
  [
    /^Cell ([A-Z]+\d+) has a formula without a value.*$/,
    'Solun $1 kaavalla ei ole arvoa: avaa taulukko Excelissä ja tallenna se uudelleen.',
    'Formeln i cell $1 saknar värde: öppna tabellen i Excel och spara den på nytt.',
  ],
  [
    /^The first sheet of the workbook is empty.*$/,
    'Ensimmäinen taulukko on tyhjä: siirrä tiedot sinne.',
    'Det första bladet är tomt: flytta uppgifterna dit.',
  ],
  [
    /^There is no column "email".*$/,
    'Mikään sarake ei ole sähköposti: valitse, missä sarakkeessa sähköpostiosoite on.',
    'Ingen kolumn är e-post: välj i vilken kolumn e-postadressen finns.',
  ],
  [
    /^The first row must name the columns kind and value.*$/,
    'Valitse joko sarakkeet laji ja arvo tai pelkkä sähköposti.',
    'Välj antingen kolumnerna slag och värde eller bara e-post.',
  ],
  [
    /^The file has more than (\d+) columns.*$/,
    'Tiedostossa on yli $1 saraketta: jätä vain ne, jotka tuodaan.',
    'Filen har fler än $1 kolumner: behåll bara dem som ska importeras.',
  ],
  [
    /^The column "[^"]*" stands there twice.*$/,
    'Sama merkitys on valittu kahdelle sarakkeelle: jätä yksi.',
    'Samma betydelse har valts för två kolumner: behåll en.',
  ],
  [
    /^Give the name in one column.*$/,
    'Anna nimi yhdessä sarakkeessa tai etunimi ja sukunimi kahdessa, mutta ei molempia.',
    'Ange namnet i en kolumn, eller förnamn och efternamn i två, men inte båda.',
  ],
  [
    /^The register lets none of .* hold this.*$/,
    'Valittujen aiheiden tarkoitukset eivät salli tätä tietoa: jätä sarake pois.',
    'De valda ämnenas ändamål tillåter inte den här uppgiften: utelämna kolumnen.',
  ],
  [
    /^Say where these contacts come from\.$/,
    'Kerro, mistä yhteystiedot ovat peräisin.',
    'Ange varifrån kontakterna kommer.',
  ],
  [/^There is no such topic.*$/, 'Aihetta ei ole. Valitse aihe listalta.', 'Ämnet finns inte. Välj ett i listan.'],
  [
    /^Say by which rule these may be mailed.*$|^The rule is one of .*$/,
    'Valitse, mihin lupa lähettää perustuu.',
    'Välj vad tillståndet att skicka grundar sig på.',
  ],
  [
    /^Say for which topics the rule and the evidence are\.$/,
    'Valitse aiheet, joita lupa koskee, tai tyhjennä peruste ja näyttö.',
    'Välj de ämnen som tillståndet gäller, eller töm grunden och beviset.',
  ],
  [
    /^This is kept for ever.*$/,
    'Lähde säilyy pysyvästi: kirjoita se ilman osoitetta.',
    'Källan sparas för alltid: skriv den utan adress.',
  ],
  [
    /^The file is not there any more.*$/,
    'Tiedostoa ei enää ole: lataa se uudelleen.',
    'Filen finns inte längre: ladda upp den igen.',
  ],
  [
    /^It was cancelled.*$/,
    'Tuonti keskeytettiin. Siihen asti käsitellyt rivit on tuotu.',
    'Importen avbröts. De rader som hann behandlas är importerade.',
  ],
  [
    /^The import stopped through a failure of ours.*$/,
    'Tuonti pysähtyi palvelun virheeseen. Käsitellyt rivit on tuotu. Yritä myöhemmin uudelleen.',
    'Importen stannade på grund av ett fel i tjänsten. De behandlade raderna är importerade. Försök igen senare.',
  ],
]
