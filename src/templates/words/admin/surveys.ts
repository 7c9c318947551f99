import type { Language } from '../index.ts'
import { surveysEn } from './surveys.en.ts'
import { surveysFi, type SurveyAdminWords } from './surveys.fi.ts'
import { surveysSv } from './surveys.sv.ts'

export const surveyAdminWords: Record<Language, SurveyAdminWords> = { fi: surveysFi, sv: surveysSv, en: surveysEn }
