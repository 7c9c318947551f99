/** What happened, and what can be done about it, by the reason's key (rules/facts.ts, rules/failures.ts, store/mailings.ts). */
export const reasonsFi = {
  // The gate's reasons, for one recipient
  unknown: ['lupaa ei voitu varmistaa', 'Epäselvässä tilanteessa ei lähetetä. Katso vastaanottajan tiedot.'],
  erased: ['tiedot on poistettu', 'Yhteystieto on poistettu, joten viestiä ei lähetetä.'],
  restricted: ['käsittelyä on rajoitettu', 'Henkilön tietoja saa vain säilyttää, kunnes rajoitus puretaan.'],
  no_contact: ['ei saa ottaa yhteyttä', 'Henkilö on kieltänyt kaikki yhteydenotot.'],
  complaint: ['vastaanottaja ilmoitti viestin häiritseväksi', 'Hänelle ei lähetetä enää mitään.'],
  banned: ['suoramarkkinointikielto', 'Vain henkilö itse voi palata tilaamalla uudelleen lomakkeella.'],
  loose_match: [
    'osoite vastaa kiellettyä osoitetta',
    'Saman osoitteen toinen kirjoitusasu on kiellettyjen luettelossa.',
  ],
  banned_topic: ['vastaanottaja on poistunut tästä aiheesta', 'Vain hänen oma tilauksensa avaa aiheen uudelleen.'],
  external_ban: [
    'kielto ulkoisessa rekisterissä',
    'Tarvitaan henkilön oma, kieltoa myöhempi ja vahvistettu suostumus.',
  ],
  dead_address: ['osoite ei toimi', 'Pyydä uusi osoite ja korjaa yhteystieto.'],
  never_mailed: ['osoitteeseen ei lähetetä', 'Osoitetta ei lue kukaan. Vaihda yhteystietoon henkilön osoite.'],
  not_staff: ['vastaanottaja ei ole käyttäjä', 'Testiviestin voi lähettää vain käyttäjälle.'],
  unsubscribed: ['tilaus on peruutettu', 'Vain henkilön oma tilaus avaa aiheen uudelleen.'],
  consent_expired: ['suostumus on vanhentunut', 'Pyydä suostumus uudelleen.'],
  invoice_address: ['laskutusosoite', 'Laskutusosoitteeseen saa markkinoida vain suostumuksella.'],
  no_permission: [
    'ei lupaa sähköiseen suoramarkkinointiin',
    'Kirjaa lupa yhteystietoon tai pyydä suostumus lomakkeella.',
  ],
  no_basis: ['ei käsittelyn oikeusperustetta', 'Kirjaa yhteystietoon, mihin käsittely perustuu.'],
  field_not_allowed: ['viestissä on tieto, jota tarkoitus ei salli', 'Poista kenttä viestin sisällöstä.'],
  frequency_cap: ['liian monta viestiä lyhyessä ajassa', 'Odota: vastaanottaja on saanut jo sallitun määrän viestejä.'],
  no_price_list: [
    'hinnastossa ei ole versiota tälle hintaryhmälle',
    'Lisää hinnastoon hintaryhmän versio tai kaikille yhteinen versio.',
  ],
  survey_closed: ['kysely oli jo päättynyt', 'Tee uusi kysely ja kutsu siihen.'],
  answered: ['vastaanottaja on jo vastannut kyselyyn', 'Muistutusta ei tarvita.'],
  // What holds or pauses a whole mailing
  source_stale: [
    'pakollinen kieltorekisteri ei ole ajan tasalla',
    'Lähetys jatkuu itsestään heti, kun rekisteri on saatu haettua. Tilanne näkyy kohdassa Kieltorekisterit.',
  ],
  held: ['kaikki lähettäminen on pysäytetty', 'Ylläpitäjä on pysäyttänyt lähettämisen ja vapauttaa sen.'],
  price_list_old: [
    'hinnat ovat vanhentuneet',
    'Hinnaston uusin versio on vanhempi kuin toistuva lähetys sallii. Lisää uusi versio ja lähetä kopio, tai paina Jatka, niin vanhat hinnat lähtevät nyt.',
  ],
  too_late: [
    'lähetysaika meni ohi',
    'Palvelu ei ollut käynnissä ajoissa. Jos viesti on yhä ajankohtainen, paina Jatka, niin se lähtee nyt. Muuten peru lähetys.',
  ],
  person: ['käyttäjä keskeytti', 'Paina Jatka, kun lähetys saa jatkua.'],
  uncertain: [
    'osan perillemenosta ei ole tietoa',
    'Päätä alla, lähetetäänkö nämä viestit uudelleen vai merkitäänkö ne lähetetyiksi.',
  ],
  relay_refused: [
    'sähköpostipalvelin ei ota viestejä vastaan',
    'Pyydä ylläpitäjää tarkistamaan palvelin ja paina sitten Jatka.',
  ],
  tls: [
    'salattu yhteys sähköpostipalvelimeen ei onnistu',
    'Pyydä ylläpitäjää tarkistamaan yhteys ja paina sitten Jatka.',
  ],
  auth: ['sähköpostipalvelin ei hyväksy tunnuksia', 'Pyydä ylläpitäjää tarkistamaan tunnukset ja paina sitten Jatka.'],
  sender_refused: [
    'sähköpostipalvelin ei hyväksy lähettäjää',
    'Tarkista lähettäjän osoite ylläpitäjän kanssa ja paina sitten Jatka.',
  ],
  too_big: ['viesti on palvelimelle liian suuri', 'Peru lähetys, kopioi se ja pienennä liitteitä.'],
  policy: [
    'vastaanottava palvelin torjui viestin käytäntönsä vuoksi',
    'Pyydä ylläpitäjää tarkistamaan lähettäjän maine ja SPF-, DKIM- ja DMARC-tiedot.',
  ],
  content: ['palvelin torjui viestin sisällön', 'Peru lähetys, kopioi se ja muuta sisältöä.'],
  broken: ['viestin sisältöä ei voitu koota', 'Peru lähetys, kopioi se ja tallenna sisältö ja liitteet uudelleen.'],
  // What became of one delivery
  cancelled: ['lähetys peruttiin', 'Viesti ei lähtenyt, koska lähetys peruttiin.'],
  withdrawn: ['suostumus peruttiin', 'Henkilö perui suostumuksensa ennen lähetystä.'],
  crash: ['palvelu pysähtyi kesken lähetyksen', 'Ei tiedetä, lähtikö viesti.'],
  no_answer: ['palvelin ei vahvistanut vastaanottoa', 'Ei tiedetä, lähtikö viesti.'],
  deferred: ['palvelin pyysi yrittämään myöhemmin', 'Yritämme uudelleen itsestään.'],
  accepted_uncertain: ['merkitty lähetetyksi', 'Perillemenosta ei ole vahvistusta.'],
  bad_value: ['vastaanottajan tietoa ei voi panna viestiin', 'Korjaa tieto yhteystiedoissa.'],
  no_such_address: ['osoitetta ei ole', 'Pyydä uusi osoite ja korjaa yhteystieto.'],
  mailbox_full: ['postilaatikko on täynnä', 'Yritä myöhemmin uudella lähetyksellä.'],
  refused: ['vastaanottajan palvelin torjui viestin', 'Katso palvelimen vastaus vastaanottajan tiedoista.'],
  needs_smtputf8: [
    'osoite vaatii tekniikkaa, jota palvelin ei tue',
    'Pyydä osoite, jossa on vain tavallisia kirjaimia.',
  ],
  unsendable: ['osoitteeseen ei voi lähettää', 'Tarkista osoite.'],
  gave_up: [
    'lähetys ei onnistunut useista yrityksistä huolimatta',
    'Vastaanottajan palvelin ei vastannut. Tarkista osoite.',
  ],
} as const satisfies Record<string, readonly [what: string, mend: string]>
