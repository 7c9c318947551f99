import { fieldsAllowed } from './register.ts'
import type { FieldKey, PurposeKey, Register } from './register.ts'

/** Names that API calls, imports and forms use, and the register's key for each; `service` = service data of any purpose. */
const fieldOfInput: ReadonlyMap<string, FieldKey | 'service'> = new Map<string, FieldKey | 'service'>([
  ['email', 'workEmail'],
  ['name', 'name'],
  ['company', 'company'],
  ['title', 'title'],
  ['phone', 'workPhone'],
  ['workAddress', 'workAddress'],
  ['companyAddress', 'companyAddress'],
  ['marketingActivities', 'marketingActivities'],
  ['purchaseHistory', 'purchaseHistory'],
  ['relationshipRecords', 'relationshipRecords'],
  ['photo', 'photo'],
  ['language', 'service'],
  ['source', 'service'],
  ['externalId', 'service'],
  ['businessId', 'service'],
  ['priceGroup', 'service'],
  ['addressClass', 'service'],
  ['ledger', 'service'],
])

/**
 * Which inputs may not be stored for these purposes. Each is refused by name and never silently dropped.
 * @param names input names as they were sent ("company"), only those that carry a value
 * @param from `form`: what a person typed into a form, which may also be held as `formAnswers`; `record`: API and import
 * @returns the refused names, in the order given
 */
export const refuseInputs = (
  register: Register,
  purposes: readonly PurposeKey[],
  names: readonly string[],
  from: 'form' | 'record',
): string[] => {
  const allowed = fieldsAllowed(register, purposes)
  const asAnswer = from === 'form' && allowed.has('formAnswers')
  return names.filter((name) => {
    const field = fieldOfInput.get(name)
    if (field === 'service') return false
    return !asAnswer && (field === undefined || !allowed.has(field))
  })
}
