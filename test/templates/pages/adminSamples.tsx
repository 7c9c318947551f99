import { AdminSignIn, type AdminProps } from '../../../src/templates/pages/admin.tsx'
import { OutboxList, OutboxMessage } from '../../../src/templates/pages/adminOutbox.tsx'
import { mailingPages } from './mailingSamples.tsx'

const at = Date.UTC(2026, 4, 18, 6, 30)
const timeZone = 'Europe/Helsinki'

/** Every admin page. @param text gives what stands where people or other systems wrote something */
export function adminPages(p: AdminProps, text: (usual: string) => string): Record<string, string> {
  return {
    'admin-sign-in': render(<AdminSignIn {...p} action="/admin/sign-in/token" />),
    'admin-signed-out': render(<AdminSignIn {...p} />),
    ...mailingPages(p, text),
    'admin-outbox': render(
      <OutboxList
        {...p}
        timeZone={timeZone}
        moreHref="?before=1"
        messages={[
          {
            href: '/admin/outbox/1',
            to: text('matti.meikalainen@yritys.example'),
            subject: text('Vahvista tilaus'),
            at,
          },
        ]}
      />,
    ),
    'admin-no-messages': render(<OutboxList {...p} timeZone={timeZone} messages={[]} />),
    'admin-message': render(
      <OutboxMessage
        {...p}
        subject={text('Kevään hinnasto 2026')}
        to={text('matti.meikalainen@yritys.example')}
        at={at}
        timeZone={timeZone}
        headers={[
          { name: 'From', value: text('Pohjolan Kiinnike <posti@yritys.example>') },
          { name: 'To', value: text('matti.meikalainen@yritys.example') },
          { name: 'List-Unsubscribe', value: text(`<http://127.0.0.1:8080/u/${'aB3_'.repeat(24)}>`) },
        ]}
        text={text('Hei,\n\nuusi hinnasto on liitteenä.\n\nPeruuta tilaus: http://127.0.0.1:8080/u/aB3_\n')}
        htmlHref="/admin/outbox/1/html"
        attachments={[
          { name: text('hinnasto.pdf'), type: text('application/pdf'), size: 84_211, href: '/admin/outbox/1/0' },
        ]}
        sourceHref="/admin/outbox/1/source"
      />,
    ),
  }
}

function render(page: unknown): string {
  return String(page)
}
