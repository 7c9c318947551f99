import { button, escapeHtml, link } from './html.ts'
import type { Brand, Company, Twin } from './html.ts'
import { noteRow, pageHtml, pageText } from './layout.ts'
import { identity } from './mailing.ts'
import { mailWords } from './words.ts'
import type { Language } from './words.ts'

/** A single message to one person, as the blocks it consists of. Links are http(s), everything else is plain text. */
export type Letter = { subject: string; heading: string; blocks: Block[] }
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'rows'; rows: readonly { label: string; value: string }[] }
  | { kind: 'button'; label: string; url: string }
  | { kind: 'link'; label: string; url: string }

export type LetterFrame = { language: Language; company: Company; brand: Brand; publicUrl: string }

/** A letter as HTML and as text: who sends it stands below, nothing else is added. */
export function letterPage(letter: Letter, { language, company, brand, publicUrl }: LetterFrame): Twin {
  const words = mailWords[language]
  const sender = identity(language, company)
  const privacy = `${publicUrl}/privacy`
  const heading = `<h1>${escapeHtml(letter.heading)}</h1>`
  const content = [heading, ...letter.blocks.map((block) => blockHtml(block, brand))].join('\n')
  const note = noteRow(`${sender.html}<br><br>\n${link(escapeHtml(privacy), words.privacy)}`)
  return {
    html: pageHtml({ language, title: letter.subject, brand, top: '', content, bottom: note }),
    text: pageText('', [letter.heading, ...letter.blocks.map(blockText)].join('\n\n'), [
      `${sender.text}\n\n${words.privacy}: ${privacy}`,
    ]),
  }
}

function blockHtml(block: Block, brand: Brand): string {
  switch (block.kind) {
    case 'text':
      return `<p>${lines(block.text)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li><strong>${escapeHtml(item)}</strong></li>`).join('')}</ul>`
    case 'rows':
      return `<table role="presentation" width="100%" border="0" cellpadding="0" cellspacing="0">${block.rows
        .map(({ label, value }) => (label === '' ? heading(value) : row(label, value)))
        .join('')}</table>`
    case 'button':
      return button(escapeHtml(block.url), block.label, brand)
    case 'link':
      return `<p><a href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a></p>`
  }
}

function heading(value: string): string {
  return `<tr><td colspan="2"><strong>${lines(value)}</strong></td></tr>`
}

function row(label: string, value: string): string {
  return `<tr><td width="30%" valign="top">${escapeHtml(label)}</td><td valign="top">${lines(value)}</td></tr>`
}

function lines(text: string): string {
  return escapeHtml(text).replace(/\n/g, '<br>\n')
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n')
    case 'rows':
      return block.rows.map(({ label, value }) => (label === '' ? value : `${label}: ${value}`)).join('\n')
    case 'button':
    case 'link':
      return `${block.label}:\n${block.url}`
  }
}
