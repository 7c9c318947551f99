import type { Said } from './remarks.ts'

/** The same for links, pictures, elements, MJML and styles (mail/markup.ts, mail/links.ts, mail/inert.ts, the MJML compiler). */
export const markupRemarks: Said = [
  [
    /^"(.*)" is not a mail address link$/s,
    'Linkki ”$1” ei ole sähköpostiosoite. Kirjoita se muodossa mailto:nimi@yritys.example.',
    'Länken ”$1” är ingen e-postadress. Skriv den som mailto:namn@yritys.example.',
  ],
  [
    /^"(.*)" is not a phone number link$/s,
    'Linkki ”$1” ei ole puhelinnumero. Kirjoita se muodossa tel:+358401234567.',
    'Länken ”$1” är inget telefonnummer. Skriv den som tel:+358401234567.',
  ],
  [
    /^"(.*)" is not an https:\/\/ picture address$/s,
    'Kuvan osoite ”$1” ei kelpaa. Käytä osoitetta, jonka alku on https://.',
    'Bildens adress ”$1” duger inte. Använd en adress som börjar med https://.',
  ],
  [
    /^"(.*)" is not a link that a message may carry.*/s,
    'Linkkiä ”$1” ei voi lähettää. Käytä alkua https://, http://, mailto: tai tel:.',
    'Länken ”$1” kan inte skickas. Börja med https://, http://, mailto: eller tel:.',
  ],
  [
    /^a message may carry (\d+) links; this is one more$/,
    'Viestissä on enintään $1 linkkiä; tämä on yli.',
    'Ett meddelande har högst $1 länkar; det här är en för mycket.',
  ],
  [/^every picture needs a text in "alt"$/, 'Anna kuvalle vaihtoehtoinen teksti.', 'Ge bilden en alternativ text.'],
  [
    /^lists or quotations are nested too deeply$/,
    'Luetteloita tai lainauksia on liikaa sisäkkäin.',
    'Listor eller citat är för djupt nästlade.',
  ],
  [/^elements are nested deeper than (\d+)$/, 'Elementtejä on yli $1 sisäkkäin.', 'Element är nästlade djupare än $1.'],
  [/^<(.*)> is not closed$/, '<$1> on sulkematta.', '<$1> är inte stängt.'],
  [
    /^<\/(.*?)> closes nothing: .*$/s,
    '</$1> ei sulje mitään. Tarkista elementtien järjestys.',
    '</$1> stänger ingenting. Kontrollera elementens ordning.',
  ],
  [/^the comment is not closed$/, 'Kommentti on sulkematta.', 'Kommentaren är inte stängd.'],
  [/^<(.*)> has (.*) twice$/, 'Elementissä <$1> on määrite $2 kahdesti.', '<$1> har attributet $2 två gånger.'],
  [
    /^<(.*)> has more than (\d+) attributes$/,
    'Elementissä <$1> on yli $2 määritettä.',
    '<$1> har fler än $2 attribut.',
  ],
  [
    /^<(.*)> is not well formed: .*$/,
    '<$1> on kirjoitettu väärin. Pane määritteiden arvot lainausmerkkeihin ja päätä elementti merkkiin >.',
    '<$1> är felskrivet. Sätt attributens värden inom citattecken och avsluta elementet med >.',
  ],
  [/^<(.*)> holds styles only.*$/, 'Elementissä <$1> voi olla vain tyylejä.', '<$1> kan bara innehålla stilar.'],
  [
    /^declarations \(DOCTYPE.*$/,
    'Määrittelyjä (DOCTYPE, ENTITY, CDATA, <?) ei voi käyttää.',
    'Deklarationer (DOCTYPE, ENTITY, CDATA, <?) kan inte användas.',
  ],
  [
    /^write &lt; for a "<" that begins no tag$/,
    'Kirjoita < muodossa &lt;, jos se ei aloita elementtiä.',
    'Skriv < som &lt; om det inte börjar ett element.',
  ],
  [
    /^unknown character reference (.*); write the character itself$/,
    'Merkkiviitettä $1 ei ole. Kirjoita merkki sellaisenaan.',
    'Teckenreferensen $1 finns inte. Skriv tecknet som det är.',
  ],
  [
    /^<(.*)> is not allowed in a message$/,
    'Elementtiä <$1> ei voi käyttää viestissä.',
    'Elementet <$1> kan inte användas i ett meddelande.',
  ],
  [
    /^"(.*)" is not allowed on <(.*)>$/,
    'Määritettä ”$1” ei voi käyttää elementissä <$2>.',
    'Attributet ”$1” kan inte användas i <$2>.',
  ],
  [
    /^this <meta> is not allowed$/,
    'Tätä <meta>-elementtiä ei voi käyttää.',
    'Det här <meta>-elementet kan inte användas.',
  ],
  // MJML and styles
  [
    /^an MJML content is one <mjml> element$/,
    'MJML-sisältö on yksi <mjml>-elementti.',
    'Ett MJML-innehåll är ett <mjml>-element.',
  ],
  [
    /^an MJML content has at most (\d+) components, not (\d+)$/,
    'MJML-sisällössä on enintään $1 osaa, nyt niitä on $2.',
    'Ett MJML-innehåll har högst $1 delar, nu är de $2.',
  ],
  [/^MJML cannot compile this$/, 'Tätä MJML-sisältöä ei voi koota.', 'Det här MJML-innehållet kan inte sättas ihop.'],
  [/^text stands in <mj-text>$/, 'Kirjoita teksti <mj-text>-elementin sisään.', 'Skriv texten inom <mj-text>.'],
  [/^<(.*)> cannot stand here$/, '<$1> ei voi olla tässä.', '<$1> kan inte stå här.'],
  [/^Element (\S+) doesn't exist or is not registered$/, 'Elementtiä $1 ei ole.', 'Elementet $1 finns inte.'],
  [
    /^(\S+) cannot be used inside (\S+), only inside: (.*)$/,
    '$1 ei voi olla elementissä $2. Se voi olla elementeissä $3.',
    '$1 kan inte stå i $2. Det kan stå i $3.',
  ],
  [
    /^Attributes? (.*) (?:is|are) illegal$/,
    'Määritettä $1 ei voi käyttää tässä.',
    'Attributet $1 kan inte användas här.',
  ],
  [
    /^Attribute (\S+) has invalid value: (.*?)(?: for type .*)?$/s,
    'Määritteen $1 arvo ei kelpaa: $2.',
    'Attributet $1 har ett ogiltigt värde: $2.',
  ],
  [/^"(.*)" is not allowed$/, 'Määritettä ”$1” ei voi käyttää.', 'Attributet ”$1” kan inte användas.'],
  [/^"(.*)" holds names only$/, 'Määritteessä ”$1” voi olla vain nimiä.', 'Attributet ”$1” kan bara innehålla namn.'],
  [
    /^"(.*)" holds one plain value$/,
    'Määritteessä ”$1” on yksi tavallinen arvo.',
    'Attributet ”$1” har ett enkelt värde.',
  ],
  [
    /^styles may not contain.*$/,
    'Tyyleissä ei voi olla merkkejä \\ ja <.',
    'I stilar kan tecknen \\ och < inte användas.',
  ],
  [
    /^this style property can run programs$/,
    'Tätä tyylimääritettä ei voi käyttää.',
    'Den här stilegenskapen kan inte användas.',
  ],
  [
    /^"(.*)\(\)" is not allowed in styles$/,
    'Tyyleissä ei voi käyttää funktiota $1().',
    'I stilar kan funktionen $1() inte användas.',
  ],
  [
    /^"@(.*)" is not allowed in styles$/,
    'Tyyleissä ei voi käyttää sääntöä @$1.',
    'I stilar kan regeln @$1 inte användas.',
  ],
]
