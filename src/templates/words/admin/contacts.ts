import type { Language } from '../index.ts'
import { contactsEn } from './contacts.en.ts'
import { contactsFi, type ContactWords } from './contacts.fi.ts'
import { contactsSv } from './contacts.sv.ts'

export type { ContactWords }

export const contactWords: Record<Language, ContactWords> = { fi: contactsFi, sv: contactsSv, en: contactsEn }
