/** Renders a runbook for a page: Markdown as HTML, with the alert's labels in its commands. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Language } from '../../monitoring/alerts/config'
import { html } from './html'

/** Characters that are safe in shells, PromQL and TraceQL, quoted or not: labels may come from anybody. */
const HARMLESS = /^[\p{L}\p{N}_.:/+@][\p{L}\p{N}_.:/+@-]{0,199}$/u

/** @returns the Markdown source; undefined if there is no such runbook */
export function runbookNamed(folder: string, name: string, language: Language): string | undefined {
  // only letters and digits, so that no name leads out of the folder
  if (!/^[A-Za-z0-9]{1,100}$/.test(name)) return undefined
  const files = language === 'en' ? [`${name}.md`] : [`${name}.${language}.md`, `${name}.md`]
  for (const file of files) {
    try {
      return readFileSync(path.join(folder, file), 'utf8')
    } catch {
      // falls back to English
    }
  }
  return undefined
}

/** Replaces `<service>` by the label `service` if its value is safe in a shell. */
export const filledIn = (text: string, labels: Readonly<Record<string, string>>): string =>
  text.replace(/<([a-z_]+)>/g, (whole, name: string) => {
    const value = labels[name]
    return value !== undefined && HARMLESS.test(value) ? value : whole
  })

/**
 * Renders headings, lists, paragraphs and code blocks. Skips the first heading, because the page has its own, and comments for editors of
 * the file.
 */
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
