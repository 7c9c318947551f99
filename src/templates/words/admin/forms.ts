import type { Language } from '../index.ts'
import { en } from './forms.en.ts'
import { fi, type FormWords } from './forms.fi.ts'
import { sv } from './forms.sv.ts'

/** What the screens of forms say. */
export const formWords: Record<Language, FormWords> = { fi, sv, en }
