// Local parts in lower case, the separators . _ - and trailing digits taken off, å ä ö written a a o as addresses do.
// Only words that name a duty or a desk: a title that one person holds (managing director) names that person.

const names = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/))

/** Desks and duties in Finnish, Swedish and English. */
export const roleNames = names(`
  info tiedustelut posti sahkoposti postia kirjaamo toimisto konttori vaihde keskus vastaanotto yhteys yhteydenotto
  yhteydenotot hallinto yritys firma myynti myyntitiimi yritysmyynti vienti vientimyynti jalkimyynti myyntipalvelu
  myymala kauppa verkkokauppa ostot osto ostaja ostajat ostopalvelu hankinta hankinnat tilaus tilaukset tilauskeskus
  tarjous tarjoukset tarjouspyynto tarjouspyynnot laskenta tarjouslaskenta asiakaspalvelu asiakastuki aspa palvelu
  palvelut lasku laskut laskutus ostolasku ostolaskut myyntilaskut verkkolasku verkkolaskut ostoreskontra
  myyntireskontra reskontra kirjanpito talous taloushallinto talousosasto maksut perinta palkat palkanlaskenta
  palkkahallinto markkinointi viestinta tiedotus mainonta media lehdisto toimitus uutiskirje tapahtumat koulutus
  koulutukset huolto huoltopalvelu korjaamo takuu takuut varaosat varaosa varasto logistiikka lahettamo kuljetus
  kuljetukset rahti ajojarjestely tuotanto tehdas tekniikka tekninentuki tuki helpdesk atk it ict tietohallinto
  tietosuoja tietoturva henkilosto henkilostohallinto hr rekry rekrytointi tyopaikat palaute palautteet reklamaatio
  reklamaatiot varaukset varaus ajanvaraus neuvonta projektit suunnittelu vuokraus laatu turvallisuus tyosuojelu
  ymparisto kiinteisto kiinteistot isannointi paivystys kassa arkisto johto hallitus ryhma tiimi
  forsaljning order orders ordrar bestallning bestallningar inkop offert offerter faktura fakturor fakturering
  leverantorsreskontra ekonomi ekonomiavdelningen bokforing kundtjanst kundservice kontor kontoret vaxel registrator
  reception marknad marknadsforing lager logistik personal lon reklamation reklamationer verkstad reservdelar utbildning
  sales salesteam office mail email post contact contacts contactus hello hei moi hej hi admin administration
  administrator accounts accounting accountspayable accountsreceivable ap ar billing invoice invoices invoicing finance
  payroll purchasing purchase purchases procurement buyer buyers sourcing quote quotes quotation quotations offers
  customerservice customersupport customercare service services support help team marketing communications press pr news
  newsletter events booking bookings reservation reservations training jobs job careers recruitment recruiting
  warehouse logistics shipping freight dispatch delivery deliveries export import production factory engineering quality
  warranty claims returns spareparts parts enquiries enquiry inquiries inquiry feedback legal compliance privacy gdpr dpo
  security safety shop store webshop webstore web www webmaster hostmaster sysadmin operations ops dev development
  partner partners company group general reservationsdesk frontdesk
`)

/**
 * What may stand beside a role without making it a person's: countries, languages, regions and larger towns.
 * Towns that are common surnames too are left out.
 */
export const placeNames = names(`
  fi fin finland suomi sv se swe sweden sverige ruotsi en eng ee est estonia eesti viro no nor norway norja dk den denmark
  tanska de ger germany saksa lv lt eu europe uk us nordic nordics baltic baltics global international int
  helsinki helsingfors espoo esbo vantaa vanda tampere tammerfors turku abo oulu uleaborg jyvaskyla kuopio pori
  kouvola joensuu lappeenranta hameenlinna vaasa vasa rovaniemi seinajoki mikkeli porvoo borga kokkola
  karleby hyvinkaa lohja jarvenpaa rauma kajaani kerava savonlinna kangasala raisio raasepori ekenas maarianhamina
  mariehamn aland pietarsaari jakobstad stockholm goteborg malmo tallinn oslo copenhagen
  etela pohjoinen ita lansi south north east
`)

/** Mailboxes that nobody reads, or that are read for other things than post (RFC 2142, RFC 5321 section 4.5.1). */
export const machineNames = names(`
  postmaster abuse mailerdaemon noreply donotreply eivastausta eivastata alavastaa svaraej svarainte
`)
