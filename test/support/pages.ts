// The pages that a reader of the site or of the repository sees, and what stands in them.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.join(import.meta.dirname, '../..')

const below = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(entry => !['node_modules', '.vitepress'].includes(entry.name))
    .flatMap(entry => (entry.isDirectory() ? below(`${folder}/${entry.name}`) : `${folder}/${entry.name}`))
    .filter(file => file.endsWith('.md'))
    .sort()

/** Paths relative to the repository. */
export const pages = [
  ...['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'GOVERNANCE.md', 'CODE_OF_CONDUCT.md'],
  ...below('docs'),
  ...below('examples'),
]

export const read = (page: string): string => readFileSync(path.join(root, page), 'utf8')

export interface Block {
  readonly page: string
  /** Of the line with the backticks, from 1. */
  readonly line: number
  readonly language: string
  /** What follows the language on that line. */
  readonly mark: string
  readonly text: string
}

/** Fenced code, whose lines may be indented within a list. */
export function blocksOf(page: string): Block[] {
  const text = read(page)
  return Array.from(text.matchAll(/^( *)```(\w*)[ \t]*(.*)\n([\s\S]*?)^\1```$/gm), match => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[2]!,
    mark: match[3]!,
    text: match[4]!.replace(new RegExp(`^${match[1]}`, 'gm'), ''),
  }))
}

/** Without fenced code. */
export const proseOf = (page: string): string => read(page).replace(/^( *)```[\s\S]*?^\1```$/gm, '')
