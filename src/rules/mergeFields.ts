/**
 * Which merge tag shows which field of the register (domain.md section 1). A mailing may merge only what its own
 * purpose may hold; what the register calls service data of any purpose has no field key and is always allowed.
 */
const MERGE_FIELDS = {
  'contact.name': 'name',
  'contact.title': 'title',
  'contact.phone': 'workPhone',
  'contact.email': 'workEmail',
  'contact.language': null,
  'company.name': 'company',
  'company.address': 'companyAddress',
  'company.businessId': null,
} as const satisfies Record<string, string | null>

export type MergePath = keyof typeof MERGE_FIELDS

/** Every path a content may name, for messages to authors and for pickers in the editor. */
export const MERGE_PATHS = Object.keys(MERGE_FIELDS) as MergePath[]

export function isMergePath(path: string): path is MergePath {
  return Object.hasOwn(MERGE_FIELDS, path)
}

/** @returns the register's field key, or null for service data that every purpose has. */
export function registerField(path: MergePath): string | null {
  return MERGE_FIELDS[path]
}

/** @param allowed field keys of the mailing's purpose */
export function mayMerge(path: MergePath, allowed: readonly string[]): boolean {
  const field = registerField(path)
  return field === null || allowed.includes(field)
}
