/** A runbook as a page shows it: its Markdown as HTML, and the labels of the alert in its commands. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Language } from '../../monitoring/alerts/config'
import { html } from './html'

/** What a shell, PromQL and TraceQL take as it is, in quotes and without: labels come from anybody. */
const HARMLESS = /^[\p{L}\p{N}_.:/+@][\p{L}\p{N}_.:/+@-]{0,199}$/u

/** @returns its Markdown; undefined where there is none of that name */
export function runbookNamed(folder: string, name: string, language: Language): string | undefined {
  // letters and digits alone: no name leads out of the folder
  if (!/^[A-Za-z0-9]{1,100}$/.test(name)) return undefined
  const files = language === 'en' ? [`${name}.md`] : [`${name}.${language}.md`, `${name}.md`]
  for (const file of files) {
    try {
      return readFileSync(path.join(folder, file), 'utf8')
    } catch {
      // the next language
    }
  }
  return undefined
}

/** `<service>` becomes the label `service`, where that can do no harm in a shell. */
export const filledIn = (text: string, labels: Readonly<Record<string, string>>): string =>
  text.replace(/<([a-z_]+)>/g, (whole, name: string) => {
    const value = labels[name]
    return value !== undefined && HARMLESS.test(value) ? value : whole
  })

/** Headings, lists, paragraphs and blocks of code; the first heading, the name, is the page's own. A comment is for who opens the file. */
export function runbookHtml(markdown: string): string {
  const blocks = markdown.replace(/\r/g, '').split(/^```\w*\n([\s\S]*?)^```$/m)
  return blocks
    .map((block, index) => (index % 2 === 1 ? `<pre>${html(block.trimEnd())}</pre>` : proseHtml(block)))
    .join('\n')
}

function proseHtml(text: string): string {
  return text
    .split(/\n{2,}/)
    .map(part => part.trim())
    .filter(part => part !== '' && !/^(?:# |<!--)/.test(part))
    .map(part => {
      if (part.startsWith('## ')) return `<h3>${inlineHtml(part.slice(3))}</h3>`
      const items = part.split(/^(?:\d+\.|-) /m).slice(1)
      if (items.length === 0) return `<p>${inlineHtml(part)}</p>`
      const tag = /^\d/.test(part) ? 'ol' : 'ul'
      return `<${tag}>${items.map(item => `<li>${inlineHtml(item.trim())}</li>`).join('')}</${tag}>`
    })
    .join('\n')
}

const inlineHtml = (text: string): string =>
  text
    .split(/`([^`]+)`/)
    .map((piece, index) => (index % 2 === 1 ? `<code>${html(piece)}</code>` : html(piece)))
    .join('')
