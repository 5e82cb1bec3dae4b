// Checks the documentation against docs/development/word-list.yaml, by remark-lint: `npm run lint`. Code is not prose.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import remarkLint from 'remark-lint'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { lintRule } from 'unified-lint-rule'
import { VFile } from 'vfile'
import { parse } from 'yaml'

const root = path.join(import.meta.dirname, '..')

/** @typedef {{ avoid: string, write: string, messages?: true }} Entry */

/** @type {Entry[]} */
export const wordList = parse(readFileSync(path.join(root, 'docs/development/word-list.yaml'), 'utf8'))

/** @param {Entry} entry */
export const expressionOf = entry => new RegExp(entry.avoid.replaceAll(' ', '\\s+'), 'gi')

const RECORDS = /^docs\/(ja|decisions|\.vitepress)\//
const HISTORY = ['docs/plan.md', 'docs/open-ends.md']

const proseFiles = () =>
  [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(file => `docs/${file}`),
  ].filter(file => file.endsWith('.md') && !file.endsWith('.ja.md') && !RECORDS.test(file) && !HISTORY.includes(file))

/** The pieces of a paragraph, heading or cell, with where each begins; code is one character, so that nothing matches across it. */
function piecesOf(node, pieces = []) {
  if (node.type === 'text') pieces.push({ text: node.value, line: node.position.start.line })
  else if (node.children) for (const child of node.children) piecesOf(child, pieces)
  else if (node.type !== 'break') pieces.push({ text: '\u0000', line: node.position.start.line })
  return pieces
}

function check(node, file) {
  if (node.type !== 'paragraph' && node.type !== 'heading') {
    for (const child of node.children ?? []) check(child, file)
    return
  }
  const pieces = piecesOf(node)
  const text = pieces.map(piece => piece.text).join('')
  for (const entry of wordList)
    for (const match of text.matchAll(expressionOf(entry))) {
      let rest = match.index
      let piece = 0
      while (rest >= pieces[piece].text.length) rest -= pieces[piece++].text.length
      const line = pieces[piece].line + pieces[piece].text.slice(0, rest).split('\n').length - 1
      file.message(`"${match[0].replace(/\s+/g, ' ')}": write "${entry.write}"`, { line, column: 1 })
    }
}

const processor = unified().use(remarkParse).use(remarkLint).use(lintRule('remark-lint:word-list', check))

/**
 * @param {string} text
 * @returns {string[]} one line for each hit: its line, what it is and what to write
 */
export function lintProse(text) {
  const file = new VFile(text)
  processor.runSync(processor.parse(file), file)
  return file.messages.map(message => `${message.line}: ${message.reason}`)
}

export const lintPages = () =>
  proseFiles().flatMap(file => lintProse(readFileSync(path.join(root, file), 'utf8')).map(hit => `${file}:${hit}`))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const hits = lintPages()
  for (const hit of hits) console.error(hit)
  process.exitCode = hits.length > 0 ? 1 : 0
}
