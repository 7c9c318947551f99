import { expect, it } from 'vitest'
import { seed } from '../../src/actions/seed.ts'
import { addWording, formOf } from '../../src/store/forms.ts'
import { allTopics } from '../../src/store/topics.ts'
import { startApp } from '../app.ts'
import { engines } from '../stores.ts'

it.each(engines)(
  'a new installation has its topics, its form and its wordings, and keeps what was changed ($name)',
  async ({ name }) => {
    const t = await startApp({ engine: name })
    try {
      const { deps } = t
      expect((await allTopics(deps)).map(({ id, purpose, listId }) => [id, purpose, listId])).toEqual([
        ['newsletter', 'direct_marketing', 'newsletter.myyja.example'],
        ['price-list', 'price_list', 'price-list.myyja.example'],
        ['survey', 'surveys', 'survey.myyja.example'],
        ['events', 'customer_events', 'events.myyja.example'],
      ])
      const form = await formOf(deps, 'newsletter')
      expect(form?.topics.map(({ id }) => id)).toEqual(['newsletter', 'price-list'])
      expect(form?.definition).toMatchObject({ doubleOptIn: true, languages: ['fi', 'sv', 'en'] })
      expect(Object.keys(form?.current ?? {}).toSorted()).toEqual(['en', 'fi', 'sv'])

      t.clock.advance(1000)
      const own = { id: 'own', form_id: 'newsletter', language: 'fi' as const, text: 'Oma teksti', sha256: 'x' }
      await deps.store.batch([addWording(deps.store, own, t.clock.now())])
      t.clock.advance(1000)
      await seed({ ...deps, config: { ...deps.config, company: { ...deps.config.company, name: 'Uusi nimi Oy' } } })
      const after = await formOf(deps, 'newsletter')
      expect(after?.current.fi?.text).toBe('Oma teksti')
      expect(after?.current.sv?.text).toContain('Uusi nimi Oy')
      expect(after?.wordings.size).toBe(6)
      expect(await allTopics(deps)).toHaveLength(4)
    } finally {
      await t.close()
    }
  },
)
