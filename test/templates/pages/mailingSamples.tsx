import type { AdminProps } from '../../../src/templates/pages/admin.tsx'
import { MailingCheckPage } from '../../../src/templates/pages/admin/mailingCheck.tsx'
import { MailingEdit, MailingNew } from '../../../src/templates/pages/admin/mailingEdit.tsx'
import { MailingFiles } from '../../../src/templates/pages/admin/mailingFiles.tsx'
import type { MailingChoices, MailingForm } from '../../../src/templates/pages/admin/mailingForm.tsx'
import type { MailingHead } from '../../../src/templates/pages/admin/mailingPage.tsx'
import { MailingPreview } from '../../../src/templates/pages/admin/mailingPreview.tsx'
import { MailingRecipients } from '../../../src/templates/pages/admin/mailingRecipients.tsx'
import { MailingDelete, MailingKinds, MailingsList } from '../../../src/templates/pages/admin/mailings.tsx'
import { MailingSchedule, MailingScheduleSummary } from '../../../src/templates/pages/admin/mailingSchedule.tsx'
import { MailingCancel, MailingWatch } from '../../../src/templates/pages/admin/mailingWatch.tsx'

const at = Date.UTC(2026, 4, 18, 6, 30)
const timeZone = 'Europe/Helsinki'
const counts = {
  proposed: 12480,
  queued: 3120,
  sending: 0,
  sent: 8841,
  skipped: 488,
  failed: 12,
  uncertain: 19,
  bounced: 31,
}

/** Every screen of the mailings. @param text gives what stands where people or other systems wrote something */
export function mailingPages(p: AdminProps, text: (usual: string) => string): Record<string, string> {
  const draft: MailingHead = {
    id: 'm1',
    subject: text('Kevään hinnasto 2026'),
    kind: 'price_list',
    state: 'draft',
    reason: null,
    scheduledAt: null,
    timeZone,
  }
  const paused: MailingHead = { ...draft, state: 'paused', reason: text('relay_refused'), scheduledAt: at }
  const skippedBy = { banned: 301, no_permission: 187, [text('quota_of_moon')]: 1 }
  const form: MailingForm = {
    kind: 'price_list',
    topic: 'price-list',
    subject: text('Kevään hinnasto 2026'),
    fromName: text('Pohjolan Kiinnike'),
    fromAddress: text('myynti@yritys.example'),
    replyTo: text('myynti@yritys.example'),
    format: 'markdown',
    body: text('Hei {{ contact.name | default: "asiakas" }},\n\nuusi hinnasto on liitteenä.'),
    priceList: 'p1',
    pricesOn: '',
    survey: 's1',
    remindAfterDays: '',
    segment: 'g1',
    companies: text('1234567-1'),
    languages: ['fi'],
    priceGroups: ['A'],
  }
  const choices: MailingChoices = {
    topics: [{ value: 'price-list', label: text('Hinnasto') }],
    priceLists: [{ value: 'p1', label: text('Kiinnikkeet') }],
    surveys: [{ value: 's1', label: text('Asiakaskysely') }],
    segments: [{ value: 'g1', label: text('Rautakaupat') }],
    priceGroups: ['A', text('B')],
    tags: ['contact.name', 'contact.email', 'company.name'],
    usualSender: text('Pohjolan Kiinnike <posti@yritys.example>'),
  }
  const edit = { form, choices, problems: [], warnings: [], version: at }
  const problems = [
    { path: 'body', message: text('Kenttää ”contact.shoe” ei ole.'), place: text('rivi 3, merkki 5') },
    { path: 'fromAddress', message: text('Kirjoita koko sähköpostiosoite.') },
  ]
  const check = { allowed: 8841, stopped: skippedBy, errors: [], warnings: [], staff: [text('maija@yritys.example')] }
  const preview = {
    mailing: draft,
    subject: text('Kevään hinnasto 2026'),
    text: text('Hei,\n\nuusi hinnasto on liitteenä.'),
    htmlHref: '/admin/outbox/1/html',
    shownIn: 'sv' as const,
  }
  const schedule = { when: 'at' as const, date: '2026-05-19', time: '09:00', lastDate: '', lastTime: '' }
  const summary = {
    mailing: draft,
    at: '2026-10-25T03:30',
    notAfter: null,
    version: at,
    dueAt: at,
    latest: null,
    timeZone,
    allowed: 8841,
    stopped: 488,
    errors: [],
    warnings: [text('Pakollinen kieltorekisteri ei ole ajan tasalla.')],
    clock: { said: text('Kelloa siirretään.'), otherHref: '/admin/mailings/m1/schedule/summary?at=x' },
    changeHref: '/admin/mailings/m1/schedule?date=2026-05-19',
    stale: false,
  }
  const watched = {
    mailing: { ...paused, state: 'sending' as const, reason: null },
    counts,
    skippedBy,
    proposing: true,
    times: { createdAt: at, startedAt: at, finishedAt: null, notAfter: at },
    timeZone,
  }
  const recipient = {
    contactId: 'c1',
    address: text('matti.meikalainen@yritys.example'),
    state: 'failed' as const,
    reason: text('refused'),
    allowedBy: text('consent'),
    reply: text('550 5.7.1 no'),
    sentAt: at,
    bouncedAt: at,
  }
  return {
    'admin-mailings': render(
      <MailingsList
        {...p}
        state={null}
        done="Luonnos poistettiin."
        moreHref="?before=m1"
        firstHref="?"
        mailings={[
          { ...paused, sent: 8841, proposed: 12480 },
          { ...draft, id: 'm2', subject: text(''), sent: 0, proposed: 0 },
        ]}
      />,
    ),
    'admin-no-mailings': render(<MailingsList {...p} state="held" mailings={[]} />),
    'admin-mailing-kinds': render(<MailingKinds {...p} />),
    'admin-mailing-new': render(<MailingNew {...p} {...edit} version={null} />),
    'admin-mailing-new-survey': render(
      <MailingNew
        {...p}
        {...edit}
        form={{ ...form, kind: 'survey' }}
        choices={{ ...choices, surveys: [] }}
        version={null}
      />,
    ),
    'admin-mailing-edit': render(
      <MailingEdit {...p} {...edit} mailing={draft} warnings={[problems[0]!]} done="saved" />,
    ),
    'admin-mailing-problems': render(<MailingEdit {...p} {...edit} mailing={draft} problems={problems} />),
    'admin-mailing-stale-problem': render(<MailingEdit {...p} {...edit} mailing={draft} stale={at + 1} />),
    'admin-mailing-delete': render(<MailingDelete {...p} mailing={draft} />),
    'admin-mailing-files': render(
      <MailingFiles {...p} mailing={draft} files={[{ id: 'f1', name: text('hinnasto.pdf'), size: 84_211 }]} />,
    ),
    'admin-mailing-files-problem': render(
      <MailingFiles {...p} mailing={draft} files={[]} problem={text('Tiedosto on tyhjä.')} />,
    ),
    'admin-mailing-check': render(
      <MailingCheckPage
        {...p}
        {...check}
        mailing={draft}
        warnings={[text('rivi 1, merkki 5: nimi jää tyhjäksi.')]}
        test={{ id: 'test.1', state: 'skipped', reason: text('not_staff') }}
      />,
    ),
    'admin-mailing-check-errors': render(
      <MailingCheckPage
        {...p}
        {...check}
        mailing={draft}
        allowed={0}
        stopped={{}}
        staff={[]}
        errors={[text('Kohderyhmässä ei ole ketään.')]}
      />,
    ),
    'admin-mailing-preview': render(<MailingPreview {...p} {...preview} shownTo={text('Matti Meikäläinen')} />),
    'admin-mailing-preview-problem': render(
      <MailingPreview {...p} {...preview} shownTo={null} unknown={text('x@y')} />,
    ),
    'admin-mailing-schedule': render(
      <MailingSchedule {...p} mailing={draft} form={schedule} problems={[]} timeZone={timeZone} />,
    ),
    'admin-mailing-schedule-problem': render(
      <MailingSchedule
        {...p}
        mailing={draft}
        form={{ ...schedule, date: '2026-05-01' }}
        problems={[{ path: 'date', message: text('Päivä: kirjoita päivä.') }]}
        timeZone={timeZone}
      />,
    ),
    'admin-mailing-summary': render(<MailingScheduleSummary {...p} {...summary} />),
    'admin-mailing-summary-problem': render(
      <MailingScheduleSummary {...p} {...summary} clock={null} dueAt={null} at="now" stale />,
    ),
    'admin-mailing-summary-errors': render(
      <MailingScheduleSummary {...p} {...summary} clock={null} errors={[text('Ei ketään.')]} />,
    ),
    'admin-mailing-sending': render(<MailingWatch {...p} {...watched} done="scheduled" />),
    'admin-mailing-paused': render(<MailingWatch {...p} {...watched} mailing={paused} proposing={false} />),
    'admin-mailing-scheduled': render(
      <MailingWatch
        {...p}
        {...watched}
        mailing={{ ...paused, state: 'scheduled', reason: null }}
        counts={{ proposed: 0, queued: 0, sending: 0, sent: 0, skipped: 0, failed: 0, uncertain: 0, bounced: 0 }}
        skippedBy={{}}
        proposing={false}
      />,
    ),
    'admin-mailing-finished': render(
      <MailingWatch {...p} {...watched} mailing={{ ...paused, state: 'finished', reason: null }} proposing={false} />,
    ),
    'admin-mailing-cancel': render(<MailingCancel {...p} {...watched} />),
    'admin-mailing-recipients': render(
      <MailingRecipients
        {...p}
        mailing={{ ...paused, state: 'finished', reason: null }}
        state="failed"
        timeZone={timeZone}
        deliveries={[recipient, { ...recipient, address: null, state: 'sent', reason: null }]}
        moreHref="?after=x"
        firstHref="?"
      />,
    ),
    'admin-mailing-no-recipients': render(
      <MailingRecipients {...p} mailing={paused} state={null} timeZone={timeZone} deliveries={[]} />,
    ),
  }
}

function render(page: unknown): string {
  return String(page)
}
