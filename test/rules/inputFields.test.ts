import { expect, it } from 'vitest'
import { refuseInputs } from '../../src/rules/inputFields.ts'
import type { PurposeKey } from '../../src/rules/register.ts'
import { defaultRegister } from '../../src/rules/registerData.ts'

const service = ['language', 'source', 'externalId', 'businessId', 'priceGroup', 'addressClass', 'ledger']

it.each([
  [
    'a newsletter form takes company and title as answers',
    ['direct_marketing'],
    ['email', 'name', 'company', 'title', 'phone'],
    'form',
    [],
  ],
  [
    'an import for the newsletter does not',
    ['direct_marketing'],
    ['email', 'name', 'company', 'title', 'phone'],
    'record',
    ['company', 'title'],
  ],
  ['a newsletter form takes its own typed fields', ['direct_marketing'], ['email', 'shoeSize'], 'form', []],
  [
    'a price-list form takes company by itself and no other answers',
    ['price_list'],
    ['email', 'company', 'shoeSize'],
    'form',
    ['shoeSize'],
  ],
  [
    'a survey holds the work e-mail only, on a form too',
    ['surveys'],
    ['email', 'name', 'company'],
    'form',
    ['name', 'company'],
  ],
  [
    'one topic of several is enough',
    ['surveys', 'price_list'],
    ['email', 'name', 'company', 'companyAddress'],
    'record',
    [],
  ],
  [
    'a price-list import holds no work address',
    ['price_list'],
    ['workAddress', 'companyAddress'],
    'record',
    ['workAddress'],
  ],
  [
    'photographs belong to their own purpose',
    ['customer_relationship'],
    ['photo', 'purchaseHistory'],
    'record',
    ['photo'],
  ],
  [
    'a name from the language itself is no field',
    ['price_list'],
    ['__proto__', 'constructor'],
    'record',
    ['__proto__', 'constructor'],
  ],
  ['service data belong to any purpose', ['surveys'], service, 'record', []],
  ['service data belong to no purpose too', [], [...service, 'email'], 'record', ['email']],
] as [string, PurposeKey[], string[], 'form' | 'record', string[]][])('%s', (_, purposes, names, from, refused) => {
  expect(refuseInputs(defaultRegister, purposes, names, from)).toEqual(refused)
})
