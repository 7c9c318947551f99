import { escapeHtml, link, type Twin } from './html.ts'
import { priceWords } from './priceWords.ts'
import type { Language } from './words.ts'

type Row = { heading: string } | { code: string; name: string; unit: string; price: string; extra: readonly string[] }

/** A price list as a message shows it; dates are YYYY-MM-DD, prices digits with a point. */
export type PriceView = {
  list: string
  validFrom: string
  currency: string
  vat: 'excluded' | 'included' | null
  shows: { code: boolean; name: boolean; unit: boolean }
  /** headings of the extra columns */
  extra: readonly string[]
  decimals: 'point' | 'written'
  /** products of the whole list */
  products: number
  /** `was`: the price before, where it changed */
  rows: readonly { row: Row; was: string | null }[]
  /** which part of the list the rows are */
  part: 'all' | 'changed' | 'first'
  attached: readonly string[]
  links: readonly { name: string; href: string; until: string }[]
}

const CELL = 'padding:6px 12px 6px 0;border-bottom:1px solid #d9dde3;vertical-align:top'

/**
 * The rows as a table, in HTML and in text. Right-aligned prices, a changed one as old → new.
 * @param alone stands in a page without our style sheet, so that every cell carries its own style
 */
export function priceTable(language: Language, view: PriceView, alone: boolean): Twin {
  const words = priceWords[language]
  const isChanged = view.rows.some(({ was }) => was !== null)
  const notes = [
    isChanged ? words.marked : '',
    view.part === 'changed' ? words.changedOnly(view.products) : '',
    view.part === 'first' ? words.firstOnly(view.rows.length, view.products) : '',
  ].filter((note) => note !== '')
  const title = words.title(view.list, shownDate(language, view.validFrom))
  const table = view.rows.length === 0 ? null : rowsTwin(language, view, alone)
  const files = filesTwin(language, view)
  const text = [[title, ...notes].join('\n'), table?.text ?? '', files.text]
  return {
    html: [
      `<p><strong>${escapeHtml(title)}</strong>${notes.map((note) => `<br>\n${escapeHtml(note)}`).join('')}</p>`,
      table?.html ?? '',
      files.html,
    ]
      .filter((part) => part !== '')
      .join('\n'),
    text: text.filter((part) => part !== '').join('\n\n'),
  }
}

function rowsTwin(language: Language, view: PriceView, alone: boolean): Twin {
  const words = priceWords[language]
  const { shows } = view
  const heads = [
    ...(shows.code ? [words.code] : []),
    ...(shows.name ? [words.name] : []),
    ...(shows.unit ? [words.unit] : []),
    ...view.extra,
  ]
  const style = alone ? ` style="${CELL}"` : ''
  const priceHead = words.price(view.currency, view.vat)
  const cell = (text: string) => `<td${style}>${escapeHtml(text)}</td>`
  const lines = view.rows.map(({ row, was }): Twin => {
    if ('heading' in row) {
      const whole = `<tr><th colspan="${heads.length + 1}" scope="colgroup" align="left"${style}>${escapeHtml(row.heading)}</th></tr>`
      return { html: whole, text: `\n${row.heading}` }
    }
    const extra = row.extra.map((value) => shownExtra(language, value, view.decimals))
    const texts = [
      ...(shows.code ? [row.code] : []),
      ...(shows.name ? [row.name] : []),
      ...(shows.unit ? [row.unit] : []),
    ]
    const price = shownPrice(language, row.price)
    const old = was === null ? null : shownPrice(language, was)
    const shown = old === null ? escapeHtml(price) : `<s>${escapeHtml(old)}</s> → <strong>${escapeHtml(price)}</strong>`
    const named = extra.flatMap((value, n) => (value === '' ? [] : [`${view.extra[n] ?? ''}: ${value}`]))
    const before = [texts.filter((value) => value !== '').join(', '), ...named].join('; ')
    return {
      html: `<tr>${[...texts, ...extra].map(cell).join('')}<td align="right"${style}>${shown}</td></tr>`,
      text: `${before}: ${old === null ? price : `${old} → ${price}`}`,
    }
  })
  const head = heads.map((text) => `<th scope="col" align="left"${style}>${escapeHtml(text)}</th>`).join('')
  return {
    html: `<table width="100%" border="0" cellpadding="0" cellspacing="0"><thead><tr>${head}<th scope="col" align="right"${style}>${escapeHtml(priceHead)}</th></tr></thead>
<tbody>
${lines.map(({ html }) => html).join('\n')}
</tbody></table>`,
    text: [priceHead, ...lines.map(({ text }) => text)].join('\n'),
  }
}

function filesTwin(language: Language, { attached, links }: PriceView): Twin {
  const words = priceWords[language]
  const lines: Twin[] = []
  if (attached.length > 0) {
    const text = `${words.attached} ${attached.join(', ')}`
    lines.push({ html: escapeHtml(text), text })
  }
  for (const { name, href, until } of links) {
    const note = words.validUntil(shownDate(language, until))
    lines.push({
      html: `${escapeHtml(words.download)} ${link(escapeHtml(href), name)} (${escapeHtml(note)})`,
      text: `${words.download} ${name} (${note})\n${href}`,
    })
  }
  return {
    html: lines.length === 0 ? '' : `<p>${lines.map(({ html }) => html).join('<br>\n')}</p>`,
    text: lines.map(({ text }) => text).join('\n'),
  }
}

const LOCALES: Record<Language, string> = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' }

/** At least two decimals, and as many more as the price has. */
export function shownPrice(language: Language, price: string): string {
  const format = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 2, maximumFractionDigits: 6 })
  return format.format(Number(price))
}

/** 1.12.2026 in Finnish and Finland's Swedish, 1 December 2026 in English. */
export function shownDate(language: Language, day: string): string {
  const [year = '', month = '', date = ''] = day.split('-')
  if (language !== 'en') return `${Number(date)}.${Number(month)}.${year}`
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  return format.format(new Date(`${day}T00:00:00Z`))
}

/** Dates and the decimals of numbers that a workbook held, as the language writes them; anything else as it is. */
export function shownExtra(language: Language, value: string, decimals: PriceView['decimals']): string {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return shownDate(language, value)
  const isNumber = decimals === 'point' && language !== 'en' && /^-?\d+\.\d+( %)?$/.test(value)
  return isNumber ? value.replace('.', ',') : value
}
