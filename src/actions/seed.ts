import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { formDefinition, type Language } from '../rules/form.ts'
import { addDefaultWording, addForm, forgetForms } from '../store/forms.ts'
import { addTopic, type Topic } from '../store/topics.ts'

type DefaultTopic = Omit<Topic, 'listId'>

const topics: readonly DefaultTopic[] = [
  {
    id: 'newsletter',
    purpose: 'direct_marketing',
    kind: 'newsletter',
    names: { fi: 'Uutiskirje', sv: 'Nyhetsbrev', en: 'Newsletter' },
  },
  {
    id: 'price-list',
    purpose: 'price_list',
    kind: 'price_list',
    names: { fi: 'Hinnasto', sv: 'Prislista', en: 'Price list' },
  },
  {
    id: 'survey',
    purpose: 'surveys',
    kind: 'survey',
    names: { fi: 'Asiakaskyselyt', sv: 'Kundenkäter', en: 'Customer surveys' },
  },
  {
    id: 'events',
    purpose: 'customer_events',
    kind: 'event',
    names: {
      fi: 'Kutsut asiakastilaisuuksiin',
      sv: 'Inbjudningar till kundevenemang',
      en: 'Invitations to customer events',
    },
  },
]

const form = formDefinition.parse({
  title: { fi: 'Tilaa uutiskirje', sv: 'Beställ nyhetsbrevet', en: 'Subscribe to the newsletter' },
  topics: ['newsletter', 'price-list'],
  fields: [{ name: 'name' }, { name: 'company' }],
})

/** What a person agrees to by sending the form: who, what, how often to expect it, and how to leave (GDPR Art. 4(11), 7(3)). */
export const defaultWording = (company: string): Record<Language, string> => ({
  fi: `Tilaan valitsemani viestit sähköpostiini. Lähettäjä on ${company}. Voin perua tilauksen milloin tahansa jokaisessa viestissä olevasta linkistä.`,
  sv: `Jag beställer de meddelanden jag har valt till min e-post. Avsändare är ${company}. Jag kan avsluta prenumerationen när som helst med länken i varje meddelande.`,
  en: `I subscribe to the messages I have chosen by e-mail. The sender is ${company}. I can unsubscribe at any time with the link in every message.`,
})

/**
 * Puts the default topics and the form `newsletter` into an installation that lacks them. Safe at every start: what is there
 * stays as it is, changed or not.
 */
export async function seed(deps: Pick<Deps, 'store' | 'config' | 'now'>): Promise<void> {
  const { store, config } = deps
  const now = deps.now()
  const texts = Object.entries(defaultWording(config.company.name)) as [Language, string][]
  await store.batch([
    ...topics.map((topic, position) =>
      addTopic(store, { ...topic, listId: `${topic.id}.${config.listDomain}`, position }, now),
    ),
    addForm(store, { id: 'newsletter', kind: 'signup', definition: form }, now),
    ...texts.map(([language, text]) => {
      const hash = sha256(text)
      const id = `newsletter-${language}-${hash.slice(0, 12)}`
      return addDefaultWording(store, { id, form_id: 'newsletter', language, text, sha256: hash }, now)
    }),
  ])
  forgetForms(store)
}
