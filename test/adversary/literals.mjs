// What the sources of a folder look for, out of the sources themselves: their strings, the words of their tables, and the letters
// and signs of their expressions. So a new detector or keyword is in the adversary's texts without anybody's doing.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'acorn'
import { transformSync } from 'esbuild'

/** Of one file: lists of names and of towns have thousands, which are all alike. */
const MOST_OF_A_FILE = 80
const LONGEST = 40

/** @param {string} folder or a single file @returns {string[]} */
export function literalsOf(folder) {
  if (folder.endsWith('.ts')) return ofFile(folder)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  return [...new Set(files.sort().flatMap(file => ofFile(path.join(folder, file))))]
}

/** @param {string} file */
function ofFile(file) {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', charset: 'utf8' })
  /** @type {Set<string>} */
  const found = new Set()
  parse(code, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    onToken: ({ type, value }) => {
      if (type.label === 'regexp') for (const piece of ofExpression(value.pattern)) found.add(piece)
      if (type.label === 'string' || type.label === 'template') for (const piece of ofString(value)) found.add(piece)
    },
  })
  const pieces = [...found].filter(
    piece => piece !== '' && piece.length <= LONGEST && !/^(?:\.\.?\/|node:)/.test(piece),
  )
  const step = Math.max(1, pieces.length / MOST_OF_A_FILE)
  return pieces.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

/** A string may be a word, a list of words, a set of characters, or a part of an expression. @param {string} text */
function ofString(text) {
  return [text, ...text.split(/[\s|]+/), ...(/[\\()[\]?*+]/.test(text) ? ofExpression(text) : [])]
}

/** The runs of an expression that stand for themselves, and some characters of its sets. @param {string} source */
function ofExpression(source) {
  /** @type {string[]} */
  const characters = []
  const plain = source
    .replace(/\[((?:\\.|[^\]\\])*)\]/gsu, (_, set) => {
      characters.push(...[...set.replace(/\\./gsu, '')].slice(0, 6))
      return '\n'
    })
    .replace(/\{\d+(?:,\d*)?\}|\(\?<?[:=!]|\(\?<\w+>|\\[a-zA-Z](?:\{\w+\})?|[()?*+^$.|]/g, '\n')
    .replace(/\\(.)/gsu, '$1')
  return [...plain.split('\n'), ...characters]
}
