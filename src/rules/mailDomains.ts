// Shared mail domains, lower-case A-labels. A subdomain counts as the domain it stands under.

const names = (list: string): string[] => list.trim().split(/\s+/)
const underEach = (name: string, endings: string): string[] => names(endings).map((ending) => `${name}.${ending}`)

const freeMail = [
  ...names(`
    gmail.com googlemail.com icloud.com me.com mac.com privaterelay.appleid.com aol.com aim.com msn.com passport.com
    windowslive.com ymail.com rocketmail.com proton.me protonmail.com protonmail.ch pm.me
    tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me fastmail.com fastmail.fm hey.com hushmail.com
    zoho.com zohomail.com zohomail.eu mail.com email.com usa.com europe.com runbox.com mailbox.org posteo.de posteo.net
    disroot.org riseup.net duck.com mozmail.com simplelogin.com anonaddy.me
    mail.ru bk.ru list.ru inbox.ru internet.ru rambler.ru ya.ru qq.com foxmail.com 163.com 126.com sina.com naver.com
    iki.fi kapsi.fi luukku.com luukku.fi suomi24.fi kotiposti.net kotiposti.fi mbnet.fi jippii.fi surffi.fi surffi.net
    spray.se passagen.se home.se hot.ee mail.ee inbox.lv inbox.lt one.lt seznam.cz centrum.cz wp.pl o2.pl op.pl onet.pl
    interia.pl web.de freenet.de laposte.net libero.it virgilio.it terra.com.br uol.com.br bol.com.br rediffmail.com
  `),
  ...underEach(
    'yahoo',
    `com fi se no dk de fr it es nl pl ro gr ie at be co.uk co.in co.id co.jp co.kr co.nz co.th co.za com.ar com.au com.br
    com.cn com.hk com.mx com.my com.ph com.sg com.tr com.tw com.vn ca in`,
  ),
  ...underEach('hotmail', 'com fi se no dk de fr it es nl be ch co.uk com.ar com.au com.br com.tr gr ca cl'),
  ...underEach(
    'outlook',
    'com fi dk de fr it es pt be at ie cz sk hu co.il co.th com.ar com.au com.br com.gr com.tr com.vn',
  ),
  ...underEach(
    'live',
    'com fi se no dk de fr it be nl at ie ca cl cn in jp co.uk co.za com.ar com.au com.mx com.my com.pt com.sg',
  ),
  ...underEach('gmx', 'com net de at ch fr es co.uk us'),
  ...underEach('yandex', 'com ru ua by kz com.tr'),
]

const internetProviders = names(`
  inet.fi kolumbus.fi elisanet.fi saunalahti.fi welho.com htv.fi dnainternet.net dnainternet.fi nic.fi netti.fi sci.fi
  kotinet.com phnet.fi phpoint.net netikka.fi tnnet.fi kymp.net multi.fi aina.net dlc.fi clinet.fi megabaud.fi
  sunpoint.net suomi.net wippies.com wippies.fi msoynet.com aland.net telemail.fi
  telia.com comhem.se bredband.net swipnet.se glocalnet.net tele2.se online.no broadpark.no start.no getmail.no
  tdcadsl.dk mail.dk stofanet.dk jubii.dk sol.dk webspeed.dk mail.tele.dk youmail.dk privat.dk neti.ee online.ee
  t-online.de arcor.de online.de kabelmail.de btinternet.com btopenworld.com sky.com virginmedia.com ntlworld.com
  blueyonder.co.uk talktalk.net tiscali.co.uk orange.fr wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr alice.it tin.it
  tiscali.it ziggo.nl planet.nl kpnmail.nl xs4all.nl home.nl hetnet.nl upcmail.nl telenet.be skynet.be
  bluewin.ch chello.at aon.at telefonica.net sapo.pt eircom.net comcast.net verizon.net att.net sbcglobal.net
  bellsouth.net cox.net charter.net earthlink.net optonline.net rr.com shaw.ca sympatico.ca rogers.com bigpond.com
  bigpond.net.au optusnet.com.au xtra.co.nz
`)

/** Free mail and internet providers: the people behind them have nothing else in common. */
export const personalMailDomains: ReadonlySet<string> = new Set([...freeMail, ...internetProviders])

/** Domains whose names are handed out to companies without standing in the public suffix list. */
export const tenantDomains: ReadonlySet<string> = new Set(['onmicrosoft.com'])

/** Throw-away mailboxes that anybody can read or that vanish within hours. */
export const disposableDomains: ReadonlySet<string> = new Set(
  names(`
    mailinator.com mailinator.net mailinator2.com binkmail.com bobmail.info suremail.info safetymail.info reallymymail.com
    guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz guerrillamail.de guerrillamail.info
    guerrillamailblock.com sharklasers.com grr.la spam4.me pokemail.net yopmail.com yopmail.fr yopmail.net
    10minutemail.com 10minutemail.net 10minutemail.org 10minutemail.co.uk 20minutemail.com 20minutemail.it 33mail.com
    temp-mail.org temp-mail.io temp-mail.ru tempmail.com tempmail.net tempmail.dev tempmail.plus tempmailo.com tempail.com
    tempr.email tempinbox.com temporarymail.com tmpmail.org tmpmail.net tmail.io minutemail.com mytemp.email mail-temp.com
    throwawaymail.com throwaway.email trashmail.com trashmail.net trashmail.de trashmail.me trashmail.org trash-mail.com
    trash-mail.de wegwerfmail.de wegwerfmail.net wegwerfmail.org wegwerfemail.de byom.de jetable.org mail-temporaire.fr
    getnada.com nada.email maildrop.cc dispostable.com mailnesia.com mailcatch.com mailnull.com mailsac.com mailexpire.com
    mailforspam.com mailmoat.com mailpoof.com mintemail.com moakt.com moakt.cc mohmal.com fakeinbox.com fakemail.net
    fakemailgenerator.com emailfake.com email-fake.com generator.email emailondeck.com discard.email discardmail.com
    discardmail.de spamgourmet.com spambox.us spamex.com spamfree24.org incognitomail.org anonbox.net anonymbox.com
    burnermail.io inboxkitten.com inboxbear.com inboxalias.com harakirimail.com deadaddress.com sogetthis.com einrot.com
    crazymailing.com dropmail.me 10mail.org minuteinbox.com tempmailaddress.com luxusmail.org linshiyouxiang.net
    sute.jp instantemailaddress.com nowmymail.com meltmail.com spamspot.com kasmail.com gishpuppy.com
  `),
)
