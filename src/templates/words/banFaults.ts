import type { Language } from './index.ts'

/** Why a ban source could not be used, and the mend, by the code of the fault; `detail` is a figure or two. */
const fi = {
  unreachable: () => 'Rekisteri ei vastaa. Tarkista osoite ja verkko.',
  tls: () => 'Rekisterin varmenteeseen ei voi luottaa. Tarkista, että se on voimassa ja osoitteelle annettu.',
  slow: () => 'Rekisteri vastaa liian hitaasti, joten yhteys katkaistiin.',
  status: (detail) => `Rekisteri vastasi tilalla ${detail}. Tarkista osoite ja tunnus.`,
  redirect: () => 'Rekisteri ohjaa toiseen osoitteeseen, jota ei seurata. Anna asetuksiin lopullinen osoite.',
  too_large: () => 'Luettelo on liian suuri luettavaksi.',
  no_file: () => 'Tiedostoa ei ole tai sitä ei voi lukea. Tarkista polku ja oikeudet.',
  not_here: () => 'Tiedostolähdettä ei voi lukea tässä ympäristössä. Käytä HTTP-rekisteriä.',
  interrupted: () => 'Haku keskeytyi. Se tehdään uudelleen.',
  web_page: () => 'Luettelon sijaan tuli verkkosivu, luultavasti virhe- tai kirjautumissivu.',
  media_type: (detail) => `Vastauksen tyyppi ${detail} ei ole JSON eikä CSV.`,
  encoding: () => 'Luettelo ei ole UTF-8-merkistöä.',
  garbled: () => 'Luettelo on vioittunut tai katkennut kesken, joten sitä ei otettu käyttöön.',
  changing: () => 'Tiedosto muuttui luettaessa. Kirjoita se toisella nimellä ja nimeä valmiina uudelleen.',
  count: (detail) => `Luettelossa on eri määrä kieltoja kuin se itse ilmoittaa (${pair(detail)}).`,
  empty: () => 'Luettelo on tyhjä, mitä pidetään virheenä.',
  shrunken: (detail) =>
    `Luettelo on kutistunut enemmän kuin sallitaan (${pair(detail)}). Jos se on oikein, nosta shrinkLimit-arvoa hetkeksi.`,
  replayed: (detail) => `Rekisteri tarjoaa vanhempaa versiota kuin ennen (${pair(detail)}).`,
  altered: (detail) => `Saman version ${detail} luettelo on lyhentynyt.`,
  entry: (detail) =>
    `Luettelon kieltoa numero ${detail} ei voi lukea tai se koskisi sivullisia. Korjauta se rekisterissä.`,
} satisfies Record<string, (detail: string) => string>

type FaultWords = Record<keyof typeof fi, (detail: string) => string>

const sv: FaultWords = {
  unreachable: () => 'Registret svarar inte. Kontrollera adressen och nätet.',
  tls: () => 'Registrets certifikat är inte pålitligt. Kontrollera att det gäller och är utfärdat för adressen.',
  slow: () => 'Registret svarar för långsamt, så förbindelsen bröts.',
  status: (detail) => `Registret svarade med status ${detail}. Kontrollera adressen och nyckeln.`,
  redirect: () =>
    'Registret hänvisar till en annan adress, som inte följs. Ange den slutliga adressen i inställningarna.',
  too_large: () => 'Listan är för stor för att läsas.',
  no_file: () => 'Filen saknas eller kan inte läsas. Kontrollera sökvägen och rättigheterna.',
  not_here: () => 'En filkälla kan inte läsas i den här miljön. Använd ett HTTP-register.',
  interrupted: () => 'Hämtningen avbröts. Den görs om.',
  web_page: () => 'I stället för en lista kom en webbsida, troligen en fel- eller inloggningssida.',
  media_type: (detail) => `Svarets typ ${detail} är varken JSON eller CSV.`,
  encoding: () => 'Listan är inte i UTF-8.',
  garbled: () => 'Listan är skadad eller avbruten, så den togs inte i bruk.',
  changing: () => 'Filen ändrades medan den lästes. Skriv den under ett annat namn och byt namn när den är klar.',
  count: (detail) => `Listan har ett annat antal förbud än den själv uppger (${pair(detail)}).`,
  empty: () => 'Listan är tom, vilket anses vara ett fel.',
  shrunken: (detail) =>
    `Listan har krympt mer än tillåtet (${pair(detail)}). Om det stämmer, höj shrinkLimit tillfälligt.`,
  replayed: (detail) => `Registret erbjuder en äldre version än förut (${pair(detail)}).`,
  altered: (detail) => `Listan för samma version ${detail} har blivit kortare.`,
  entry: (detail) =>
    `Förbud nummer ${detail} kan inte läsas eller skulle drabba utomstående. Låt rätta det i registret.`,
}

const en: FaultWords = {
  unreachable: () => 'The register does not answer. Check its address and the network.',
  tls: () => "The register's certificate cannot be trusted. Check that it is in force and made out for the address.",
  slow: () => 'The register answers too slowly, so the connection was cut.',
  status: (detail) => `The register answered with status ${detail}. Check the address and the token.`,
  redirect: () => 'The register redirects elsewhere, which is not followed. Configure its final address.',
  too_large: () => 'The list is too large to be read.',
  no_file: () => 'The file is not there or cannot be read. Check its path and permissions.',
  not_here: () => 'A file cannot be read in this environment. Use a register over HTTP.',
  interrupted: () => 'The fetch was interrupted. It is done again.',
  web_page: () => 'A web page came instead of a list, probably an error or log-in page.',
  media_type: (detail) => `The answer's type ${detail} is neither JSON nor CSV.`,
  encoding: () => 'The list is not UTF-8.',
  garbled: () => 'The list is garbled or cut off, so it was not used.',
  changing: () => 'The file changed while it was read. Write it under another name and rename it when it is whole.',
  count: (detail) => `The list has another number of bans than it says itself (${pair(detail)}).`,
  empty: () => 'The list is empty, which counts as a fault.',
  shrunken: (detail) =>
    `The list has shrunk by more than is allowed (${pair(detail)}). If that is right, raise shrinkLimit for a while.`,
  replayed: (detail) => `The register offers an older version than before (${pair(detail)}).`,
  altered: (detail) => `The list of the same version ${detail} has become shorter.`,
  entry: (detail) => `Ban number ${detail} cannot be read, or would hit strangers. Have it mended in the register.`,
}

/** `5 10` → "5 / 10": what came, and what it was held against. */
function pair(detail: string): string {
  return detail.replace(' ', ' / ')
}

const faults: Record<Language, FaultWords> = { fi, sv, en }

export function banFaultWords(language: Language, fault: { code: keyof FaultWords; detail?: string }): string {
  return faults[language][fault.code](fault.detail ?? '')
}
