import { parseBusinessId } from '../../rules/businessId.ts'
import { segmentDefinition, type SegmentCondition, type SegmentDefinition } from '../../rules/segment.ts'
import { companiesById, companiesCalled } from '../../store/mailingChoices.ts'
import type { Store } from '../../store/store.ts'
import type { ControlProblem } from '../../templates/pages/admin/mailingControls.tsx'
import type { SegmentForm, SegmentSide } from '../../templates/pages/admin/segments.tsx'
import type { SegmentWords } from '../../templates/words/admin/segments.ts'

export const emptySide: SegmentSide = {
  languages: [],
  topics: [],
  priceGroups: [],
  companies: '',
  contains: '',
  source: '',
  confirmed: '',
  answered: '',
  received: '',
}

/** What was posted, as it was typed. */
export function postedSegment(posted: URLSearchParams): SegmentForm {
  const side = (prefix: string): SegmentSide => {
    const one = (name: string) => (posted.get(prefix + name) ?? '').trim()
    const all = (name: string) => posted.getAll(prefix + name)
    return {
      languages: all('languages'),
      topics: all('topics'),
      priceGroups: all('priceGroups'),
      companies: one('companies').replaceAll('\r\n', '\n'),
      contains: one('contains'),
      source: one('source'),
      confirmed: one('confirmed'),
      answered: one('answered'),
      received: one('received'),
    }
  }
  const combine = posted.get('combine') === 'any' ? 'any' : 'all'
  return { name: (posted.get('name') ?? '').trim(), combine, include: side('in.'), exclude: side('out.') }
}

/** The form as it is meant, or what is wrong with it. */
export async function readSegment(
  store: Store,
  form: SegmentForm,
  w: SegmentWords['invalid'],
): Promise<{ definition: SegmentDefinition } | { problems: ControlProblem[] }> {
  const [include, exclude] = await Promise.all([
    conditions(store, form.include, 'in.', w),
    conditions(store, form.exclude, 'out.', w),
  ])
  const problems = [...include.problems, ...exclude.problems]
  if (problems.length > 0) return { problems }
  if (include.found.length + exclude.found.length === 0)
    return { problems: [{ path: 'in.contains', message: w.nothing }] }
  const read = segmentDefinition.safeParse({
    ...(include.found.length > 0 ? { [form.combine]: include.found } : {}),
    ...(exclude.found.length > 0 ? { none: exclude.found } : {}),
  })
  return read.success ? { definition: read.data } : { problems: [{ path: 'in.contains', message: w.other }] }
}

async function conditions(store: Store, side: SegmentSide, prefix: string, w: SegmentWords['invalid']) {
  const lines = side.companies
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const names = lines.map((line) => {
    const read = parseBusinessId(line)
    return read.ok ? read.businessId : line
  })
  const known = await companiesCalled(store, names)
  const ids = names.map((name) =>
    known.filter((one) => one.businessId === name || one.name === name).map(({ id }) => id),
  )
  const problems = ids.flatMap((some, n): ControlProblem[] =>
    some.length > 0 ? [] : [{ path: `${prefix}companies`, message: w.company(lines[n] ?? '') }],
  )
  const list = (field: string, values: readonly string[]) => (values.length > 0 ? [{ field, in: [...values] }] : [])
  const found = [
    ...list('company', [...new Set(ids.flat())]),
    ...list('priceGroup', side.priceGroups),
    ...list('language', side.languages),
    ...list('topic', side.topics),
    ...list('source', side.source === '' ? [] : [side.source]),
    ...(side.contains === '' ? [] : [{ field: 'title', contains: side.contains }]),
    ...(['confirmed', 'answered', 'received'] as const).flatMap((field) =>
      side[field] === '' ? [] : [{ field, since: side[field] }],
    ),
  ]
  return { found, problems }
}

/** A definition as the form shows it; null where the form cannot. */
export async function segmentFormOf(store: Store, name: string, of: SegmentDefinition): Promise<SegmentForm | null> {
  const { all = [], any = [], none = [] } = of
  if (all.length > 0 && any.length > 0) return null
  const [include, exclude] = await Promise.all([sideOf(store, all.length > 0 ? all : any), sideOf(store, none)])
  return include && exclude && { name, combine: any.length > 0 ? 'any' : 'all', include, exclude }
}

async function sideOf(store: Store, all: readonly SegmentCondition[]): Promise<SegmentSide | null> {
  if (new Set(all.map(({ field }) => field)).size < all.length) return null
  let side = emptySide
  for (const one of all) {
    if (one.field === 'title') side = { ...side, contains: one.contains }
    else if ('since' in one) side = { ...side, [one.field]: one.since }
    else if (one.field === 'company') {
      const companies = await companiesById(store, one.in)
      side = { ...side, companies: companies.map(({ businessId, name }) => businessId ?? name).join('\n') }
    } else if (one.field === 'source') {
      if (one.in.length > 1) return null
      side = { ...side, source: one.in[0] ?? '' }
    } else side = { ...side, [`${one.field}s`]: one.in }
  }
  return side
}
