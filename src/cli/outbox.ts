import PostalMime from 'postal-mime'
import type { Postilupa } from '../node.ts'

export type OutboxLine = { file: string; to: string; subject: string; links: string[] }

/** The embedded outbox, newest message first, with the links of each text part: what a recipient could click. */
export async function readOutbox({ deps }: Pick<Postilupa, 'deps'>, limit: number): Promise<OutboxLine[]> {
  const { outbox } = deps
  if (!outbox) throw new Error('MAIL_URL is no outbox; mail went to the relay.')
  return Promise.all(
    (await outbox.list(limit)).map(async ({ name }) => {
      const mail = await PostalMime.parse(new Uint8Array((await outbox.read(name)) ?? []))
      return {
        file: name,
        to: mail.to?.[0]?.address ?? '',
        subject: mail.subject ?? '',
        links: mail.text?.match(/https?:\/\/[^\s<>"]+/g) ?? [],
      }
    }),
  )
}
