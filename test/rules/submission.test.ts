import { describe, expect, it } from 'vitest'
import { formDefinition, type FormDefinition } from '../../src/rules/form.ts'
import { defaultRegister } from '../../src/rules/registerData.ts'
import { readSignUp, type Fault, type SubmittedForm } from '../../src/rules/submission.ts'

const text = (fi: string) => ({ fi })

const aForm = (change: Partial<FormDefinition> = {}): SubmittedForm => ({
  id: 'messut',
  definition: formDefinition.parse({
    title: text('Tilaa'),
    topics: ['newsletter', 'price-list'],
    fields: [
      { name: 'company', required: true },
      { name: 'ala', kind: 'select', label: text('Ala'), choices: [{ value: 'puu', label: text('Puu') }] },
      { name: 'hyvaksyn', kind: 'checkbox', label: text('Hyväksyn') },
      { name: 'maara', kind: 'number', label: text('Määrä') },
      { name: 'paiva', kind: 'date', label: text('Päivä') },
      { name: 'toinen', kind: 'email', label: text('Toinen osoite') },
      { name: 'suora', kind: 'tel', label: text('Suora numero') },
      { name: 'viesti', kind: 'textarea', label: text('Viesti') },
      { name: 'lyhyt', kind: 'text', label: text('Lyhyt'), maxLength: 3 },
    ],
    ...change,
  }),
  topics: [
    { id: 'newsletter', purpose: 'direct_marketing' },
    { id: 'price-list', purpose: 'price_list' },
    { id: 'survey', purpose: 'surveys' },
  ].filter(({ id }) => (change.topics ?? ['newsletter', 'price-list']).includes(id)) as SubmittedForm['topics'],
  wordings: new Map([
    ['w-fi', { language: 'fi' }],
    ['w-fi-old', { language: 'fi' }],
    ['w-sv', { language: 'sv' }],
  ]),
  current: { fi: { id: 'w-fi' }, sv: { id: 'w-sv' } },
})

const given = { email: 'Maija@Yritys.example', company: 'Yritys Oy' }

const read = (values: Record<string, unknown>, form = aForm(), lang: 'fi' | 'sv' | 'en' = 'fi') =>
  readSignUp(form, new Map(Object.entries(values)), { lang, register: defaultRegister, allowReserved: true })

const faultsOf = (values: Record<string, unknown>, form?: SubmittedForm): Fault[] => {
  const answer = read(values, form)
  return answer.ok ? [] : answer.faults
}

describe('what a sign-up says', () => {
  it('keeps every typed value in its normal form', () => {
    const answer = read({
      ...given,
      name: ' Maija \u202eMeikäläinen ',
      phone: '040 123 4567',
      language: 'sv',
      topics: ['price-list', 'newsletter', 'newsletter'],
      ala: 'puu',
      hyvaksyn: 'on',
      maara: '1,5',
      paiva: '2026-05-31',
      toinen: 'INFO@yritys.example',
      suora: '(09) 123 456',
      viesti: 'rivi\r\ntoinen',
      lyhyt: '',
      utm_source: 'messut',
      page: 'https://www.yritys.example/',
      redirect: 'x',
      lang: 'fi',
    })
    expect(answer).toMatchObject({
      ok: true,
      signUp: {
        email: { address: 'Maija@yritys.example', strict: 'maija@yritys.example' },
        language: 'sv',
        topics: ['newsletter', 'price-list'],
        wordingId: 'w-fi',
        name: 'Maija Meikäläinen',
        company: 'Yritys Oy',
        title: null,
        phone: '+358401234567',
        fields: {
          ala: 'puu',
          hyvaksyn: true,
          maara: 1.5,
          paiva: '2026-05-31',
          toinen: 'INFO@yritys.example',
          suora: '+3589123456',
          viesti: 'rivi\ntoinen',
        },
        source: 'form:messut?utm_source=messut&page=https%3A%2F%2Fwww.yritys.example%2F',
      },
    })
    expect(answer.ok && Object.keys(answer.signUp.fields)).not.toContain('lyhyt')
  })

  it('asks for the form’s first topic when none is named', () => {
    for (const topics of [undefined, '', [], ['']]) {
      const answer = read({ ...given, ...(topics === undefined ? {} : { topics }) })
      expect(answer.ok && answer.signUp.topics).toEqual(['newsletter'])
    }
  })

  it.each([
    ['an older wording that was shown', { consent: 'w-fi-old' }, 'fi', 'w-fi-old'],
    ['the current one of the page’s language', {}, 'sv', 'w-sv'],
    ['another language’s where the page’s has none', {}, 'en', 'w-fi'],
  ] as const)('B1-5 proves by %s', (_what, values, lang, wording) => {
    const answer = read({ ...given, ...values }, aForm(), lang)
    expect(answer.ok && answer.signUp.wordingId).toBe(wording)
  })

  it('speaks a language of the form where the page’s is none of them', () => {
    const answer = read(given, aForm({ languages: ['sv'] }))
    expect(answer.ok && answer.signUp.language).toBe('sv')
  })
})

describe('what a sign-up may not say', () => {
  it.each<[string, Record<string, unknown>, Fault]>([
    ['no address', { email: '' }, { path: 'email', fault: 'required' }],
    ['a wrong address', { email: 'maija' }, { path: 'email', fault: 'email' }],
    ['two addresses', { email: ['a@yritys.example', 'b@yritys.example'] }, { path: 'email', fault: 'once' }],
    ['a number as its address', { email: 1 }, { path: 'email', fault: 'email' }],
    ['an object as its address', { email: { $ne: null } }, { path: 'email', fault: 'email' }],
    ['nothing in a required field', { company: ' ' }, { path: 'company', fault: 'required' }],
    ['two names', { name: ['a', 'b'] }, { path: 'name', fault: 'once' }],
    ['a name that is no text', { name: 0 }, { path: 'name', fault: 'text' }],
    ['null for a name', { name: null }, { path: 'name', fault: 'text' }],
    ['an empty list for a name', { name: [] }, { path: 'name', fault: 'once' }],
    ['a name that is too long', { name: 'a'.repeat(201) }, { path: 'name', fault: 'tooLong', max: 200 }],
    ['a text beyond its own limit', { lyhyt: 'abcd' }, { path: 'lyhyt', fault: 'tooLong', max: 3 }],
    ['a novel', { viesti: 'a'.repeat(5001) }, { path: 'viesti', fault: 'tooLong', max: 5000 }],
    ['no phone number', { phone: '112' }, { path: 'phone', fault: 'phone' }],
    ['a language of nobody', { language: 'de' }, { path: 'language', fault: 'choice' }],
    ['a topic that does not exist', { topics: 'kaikki' }, { path: 'topics', fault: 'choice' }],
    ['a topic of another form', { topics: ['newsletter', 'survey'] }, { path: 'topics', fault: 'choice' }],
    ['topics that are no texts', { topics: [{}] }, { path: 'topics', fault: 'choice' }],
    ['B1-1 a consent that no wording of ours asked for', { consent: 'implied' }, { path: 'consent', fault: 'choice' }],
    ['a choice that is none', { ala: 'metalli' }, { path: 'ala', fault: 'choice' }],
    ['a tick that is none', { hyvaksyn: 'ehkä' }, { path: 'hyvaksyn', fault: 'choice' }],
    ['a number in words', { maara: 'kaksi' }, { path: 'maara', fault: 'number' }],
    ['a number without end', { maara: Infinity }, { path: 'maara', fault: 'number' }],
    ['a number in hexadecimal', { maara: '0x10' }, { path: 'maara', fault: 'number' }],
    ['a day that does not exist', { paiva: '2026-02-30' }, { path: 'paiva', fault: 'date' }],
    ['a day in another writing', { paiva: '31.5.2026' }, { path: 'paiva', fault: 'date' }],
    ['a second address that is none', { toinen: 'x' }, { path: 'toinen', fault: 'email' }],
    ['a field that the form lacks', { confirmed: 'true' }, { path: 'confirmed', fault: 'unknown' }],
    ['a name of the language itself', { ['__proto__']: 'x' }, { path: '__proto__', fault: 'unknown' }],
  ])('refuses %s by the field’s name', (_what, values, fault) => {
    expect(faultsOf({ ...given, ...values })).toEqual([fault])
  })

  it('refuses by name what no purpose of the chosen topics may hold', () => {
    const values = { ...given, title: 'Ostaja', ala: 'puu', phone: '040 123 4567' }
    expect(faultsOf({ ...values, topics: 'newsletter' })).toEqual([])
    expect(faultsOf({ ...values, topics: 'price-list' })).toEqual([{ path: 'ala', fault: 'unknown' }])
    const survey = aForm({ topics: ['survey'] })
    expect(faultsOf({ email: given.email, name: 'Maija', company: 'Yritys' }, survey).map(({ path }) => path)).toEqual([
      'name',
      'company',
    ])
  })

  it('names twenty unknown fields and not a thousand', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x${i}`, 'y']))
    expect(faultsOf({ ...given, ...many })).toHaveLength(20)
  })

  it('demands a tick that is required', () => {
    const form = aForm()
    for (const field of form.definition.fields) if (field.name === 'hyvaksyn') field.required = true
    for (const hyvaksyn of [undefined, '', false])
      expect(faultsOf({ ...given, hyvaksyn }, form)).toEqual([{ path: 'hyvaksyn', fault: 'required' }])
    for (const hyvaksyn of ['on', 'true', true]) expect(faultsOf({ ...given, hyvaksyn }, form)).toEqual([])
  })
})
