import { BanDone, BanPage, BanUndo, BanUndone } from '../../../src/templates/pages/ban.tsx'
import {
  ConfirmExpired,
  ConfirmPage,
  ConfirmedPage,
  NotMeDone,
  NotMePage,
} from '../../../src/templates/pages/confirm.tsx'
import { ErrorPage } from '../../../src/templates/pages/error.tsx'
import { standardField, type Field } from '../../../src/templates/pages/fields.tsx'
import { EnquiryAccepted, HostedForm, SignUpAccepted } from '../../../src/templates/pages/form.tsx'
import { ManagePage, ManageSent } from '../../../src/templates/pages/manage.tsx'
import type { PageProps } from '../../../src/templates/pages/page.tsx'
import { ErasePage, ErasedPage, PreferencesPage, PreferencesSaved } from '../../../src/templates/pages/preferences.tsx'
import { PrivacyPage } from '../../../src/templates/pages/privacy.tsx'
import { UnsubscribePage, UnsubscribedPage } from '../../../src/templates/pages/unsubscribe.tsx'
import { words, type Language } from '../../../src/templates/words/index.ts'
import { adminPages } from './adminSamples.tsx'

export const languages: readonly Language[] = ['fi', 'sv', 'en']

const at = Date.UTC(2026, 4, 18, 6, 30)
const timeZone = 'Europe/Helsinki'

/** Every page in one language. `said` stands wherever a page shows what people or other systems wrote. */
export function samplePages(lang: Language, said?: string): Record<string, string> {
  const p: PageProps = {
    lang,
    brand: { name: said ?? 'Pohjolan Kiinnike', color: '#1a4f8b' },
    company: {
      name: said ?? 'Pohjolan Kiinnike Oy',
      businessId: '1234567-1',
      address: said ?? 'Sahakatu 4, 40100 Jyväskylä',
    },
    languages: languages.map((other) => ({ lang: other, href: `?lang=${other}` })),
  }
  const text = (usual: string) => said ?? usual
  const invalid = words[lang].invalid
  const email = text('matti.meikalainen@yritys.example')
  const wording = {
    id: text('newsletter-fi-1'),
    text: text(
      'Pohjolan Kiinnike Oy saa lähettää minulle sähköpostia valitsemistani aiheista. Voin peruuttaa suostumuksen milloin tahansa.',
    ),
  }
  const own: Field[] = [
    {
      name: text('branch'),
      label: text('Toimiala'),
      kind: 'select',
      required: true,
      choices: [
        { value: text('build'), label: text('Rakentaminen ja talotekniikka') },
        { value: 'metal', label: 'Metalliteollisuus' },
      ],
    },
    { name: 'staff', label: text('Henkilöstömäärä'), kind: 'number', hint: text('Arvio riittää.') },
    { name: 'visit', label: text('Toivottu käyntipäivä'), kind: 'date' },
    { name: 'message', label: text('Viesti'), kind: 'textarea', maxLength: 2000 },
    { name: 'callback', label: text('Toivon yhteydenottoa puhelimitse'), kind: 'checkbox' },
  ]
  const form = {
    ...p,
    title: text(words[lang].form.subscribe),
    intro: text('Uutuudet, hinnat ja käyttövinkit noin kerran kuussa.'),
    action: '/f/newsletter',
    trap: 'homepage',
    timeToken: { name: 'shown', value: text('MTc3OTA4NTgwMA.c2ln') },
    wording,
    values: {},
    problems: [],
    topics: [
      { id: text('newsletter'), name: text('Uutiskirje') },
      { id: 'price-list', name: text('Hinnasto'), description: text('uusi hinnasto heti, kun hinnat muuttuvat') },
    ],
  }
  const standard = [
    standardField('email', lang, true),
    standardField('name', lang),
    standardField('company', lang),
    standardField('title', lang),
    standardField('phone', lang),
    standardField('language', lang),
  ]
  const link = { ...p, action: '/c/token' }
  const names = [text('Uutiskirje'), text('Hinnasto')]
  return {
    form: render(<HostedForm {...form} kind="sign_up" fields={standard} />),
    'form-one-topic': render(
      <HostedForm {...form} kind="sign_up" fields={standard.slice(0, 1)} topics={form.topics.slice(0, 1)} />,
    ),
    'form-enquiry': render(<HostedForm {...form} kind="enquiry" fields={[...standard.slice(0, 2), ...own]} />),
    'form-problems': render(
      <HostedForm
        {...form}
        kind="sign_up"
        fields={[...standard, ...own]}
        values={{ email: text('matti@'), name: text('Matti'), phone: text('12'), message: text('Hei'), callback: 'on' }}
        problems={[
          { path: 'email', message: text(invalid.email(words[lang].fields.email)) },
          { path: 'phone', message: invalid.phone(words[lang].fields.phone) },
          { path: text('branch'), message: invalid.required(text('Toimiala')) },
          { path: 'nosuch', message: text(invalid.unknown('nosuch')) },
        ]}
      />,
    ),
    'sign-up-accepted': render(<SignUpAccepted {...p} validHours={168} />),
    'enquiry-accepted': render(<EnquiryAccepted {...p} askedTopics />),
    confirm: render(
      <ConfirmPage {...link} email={email} topics={[{ name: text('Uutiskirje'), wording: wording.text }]} />,
    ),
    'confirm-banned': render(
      <ConfirmPage
        {...link}
        email={email}
        topics={[
          { name: text('Uutiskirje'), wording: wording.text },
          { name: text('Hinnasto'), wording: wording.text, banned: true },
        ]}
      />,
    ),
    confirmed: render(<ConfirmedPage {...p} topics={names} />),
    'confirm-expired': render(<ConfirmExpired {...link} />),
    'not-me': render(<NotMePage {...link} />),
    'not-me-done': render(<NotMeDone {...p} />),
    unsubscribe: render(
      <UnsubscribePage
        {...link}
        topic={text('Uutiskirje')}
        purpose={text('Suoramarkkinointi, verkkolomakkeet, uutiskirjeet')}
      />,
    ),
    'unsubscribe-gone': render(<UnsubscribePage {...link} topic={null} purpose={text('Hinnastopostitus')} />),
    unsubscribed: render(<UnsubscribedPage {...link} topic={text('Uutiskirje')} scope="topic" />),
    'unsubscribed-purpose': render(<UnsubscribedPage {...link} topic={null} scope="purpose" />),
    'unsubscribed-all': render(<UnsubscribedPage {...link} topic={text('Uutiskirje')} scope="all" />),
    ...Object.fromEntries(
      [null, { at }].map((ban) => [
        ban ? 'preferences-banned' : 'preferences',
        render(
          <PreferencesPage
            {...link}
            email={email}
            topics={[
              { id: text('newsletter'), name: text('Uutiskirje'), on: true },
              { id: 'price-list', name: text('Hinnasto'), on: false },
              { id: 'survey', name: text('Asiakastyytyväisyyskyselyt ja markkinatutkimukset'), on: false },
              { id: 'events', name: text('Asiakastilaisuudet'), on: false },
            ]}
            chosen="sv"
            wording={wording}
            ban={ban}
            timeZone={timeZone}
            dataHref="/p/token?data"
            eraseHref="/p/token?erase"
          />,
        ),
      ]),
    ),
    'preferences-saved': render(<PreferencesSaved {...p} topics={names} backHref="/p/token" />),
    'preferences-none': render(<PreferencesSaved {...p} topics={[]} backHref="/p/token" />),
    erase: render(<ErasePage {...link} backHref="/p/token" />),
    erased: render(<ErasedPage {...p} />),
    manage: render(<ManagePage {...p} values={{}} problems={[]} />),
    'manage-problem': render(
      <ManagePage
        {...p}
        values={{ email: text('matti@') }}
        problems={[{ path: 'email', message: text(invalid.email(words[lang].fields.email)) }]}
      />,
    ),
    'manage-sent': render(<ManageSent {...p} validHours={24} />),
    ban: render(<BanPage {...p} values={{}} problems={[]} />),
    'ban-problem': render(
      <BanPage {...p} values={{}} problems={[{ path: 'email', message: text(invalid.emailOrPhone) }]} />,
    ),
    'ban-done': render(<BanDone {...p} />),
    'ban-undo': render(<BanUndo {...link} />),
    'ban-undone': render(<BanUndone {...p} />),
    privacy: render(
      <PrivacyPage
        {...p}
        contact={text('tietosuoja@yritys.example')}
        recipients={[text('Sähköpostin välittäjä Oy')]}
        version="1"
        purposes={[
          {
            name: text('Suoramarkkinointi, verkkolomakkeet, uutiskirjeet'),
            text: text(
              'Uutiskirjeet ja muu suoramarkkinointi, verkkolomakkeilla annetut tiedot ja suoramarkkinointikiellot.',
            ),
            fields: [
              text('nimi'),
              'työsähköposti',
              'työpuhelin',
              'lomakkeella annetut muut tiedot',
              'suoramarkkinointikiellot',
            ],
            bases: [text('oikeutettu etu')],
            retention: text('Niin kauan kuin palvelu sitä edellyttää. Uutiskirjeen voi peruuttaa milloin tahansa.'),
          },
          {
            name: text('Markkinatutkimus, asiakastyytyväisyys'),
            text: text('Asiakastyytyväisyyskyselyt.'),
            fields: ['työsähköposti'],
            bases: ['oikeutettu etu'],
            retention: 'Niin kauan kuin tiedot ovat käyttökelpoisia.',
          },
        ]}
      />,
    ),
    ...Object.fromEntries(
      [404, 410, 413, 422, 429, 500, 503].map((status) => [
        `error-${status}`,
        render(<ErrorPage {...p} status={status} requestId={text('01jv3c8w4e')} />),
      ]),
    ),
    ...adminPages(p, text),
  }
}

function render(page: unknown): string {
  return String(page)
}
