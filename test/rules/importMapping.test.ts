import { describe, expect, it } from 'vitest'
import { headerKey, mappedHeader, readMapping, suggestColumns } from '../../src/rules/importMapping.ts'

describe('what the columns of a file mean', () => {
  it.each([
    [
      ['Sähköposti', 'Yhteyshenkilö', 'Yrityksen nimi', 'Y-tunnus', 'Puh.', 'Postinumero', 'Postitoimipaikka', 'Huom'],
      ['email', 'name', 'company', 'businessId', 'phone', 'postcode', 'city', null],
    ],
    [
      ['E-post', 'Förnamn', 'Efternamn', 'Företag', 'FO-nummer', 'Språk', 'Prisgrupp'],
      ['email', 'firstName', 'lastName', 'company', 'businessId', 'language', 'priceGroup'],
    ],
    [
      ['E-mail address', 'Full Name', 'Job title', 'ZIP'],
      ['email', 'name', 'title', 'postcode'],
    ],
    [
      ['Sähköposti', 'Etunimi Sukunimi', 'Yritys'],
      ['email', 'name', 'company'],
    ],
    [['Sukunimi, etunimi'], ['name']],
    [
      ['Sähköposti', 'E-mail'],
      ['email', null],
    ],
  ])('is guessed from its headers %j', (headers, columns) => {
    expect(suggestColumns('contacts', headers)).toEqual(columns)
  })

  it('is guessed for bans as well', () => {
    expect(suggestColumns('bans', ['Laji', 'Arvo', 'Syy', 'Muu'])).toEqual(['kind', 'value', 'reason', null])
  })

  it('is said by header or by position, and null leaves a column out', () => {
    const cells = ['Osoite', ' name ', 'Muistiinpano']
    expect(mappedHeader(cells, { Osoite: 'email', Muistiinpano: null })).toEqual(['email', ' name ', null])
    expect(mappedHeader(cells, ['email', null])).toEqual(['email', null, null])
    expect(mappedHeader(cells, null)).toEqual(cells)
    expect(mappedHeader(['__proto__', 'constructor'], {})).toEqual(['__proto__', 'constructor'])
  })

  it.each(['{', '7', 'null', '"email"', '{"a": 1}', '[["email"]]'])('is refused as %s', (typed) => {
    const read = readMapping(typed)
    expect(read.ok ? null : read.errors[0]?.path).toBe('mapping')
  })

  it('is the same for the same headers, whatever their case, spaces and signs', () => {
    expect(headerKey(['E-mail ', 'Nimi'])).toBe(headerKey(['email', 'NIMI']))
    expect(headerKey(['email'])).not.toBe(headerKey(['email', 'nimi']))
  })
})
