// What the adversary reads when it attacks redaction.
import path from 'node:path'
import { KINDS, textOf } from '../bench/redact/kinds.mjs'
import { literalsOf } from './literals.mjs'

/** What services write all day, line by line in turn. */
const ORDINARY = [
  'log lines',
  'prose',
  'records of JSON',
  'Japanese',
  'code',
  'dates and times',
  'JSON in JSON',
  'rows of CSV',
]
/** @type {Map<number, string>} */
const texts = new Map()

/** @param {number} length */
export function ordinaryText(length) {
  const known = texts.get(length)
  if (known !== undefined) return known
  let state = 7
  const random = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  const text = textOf(each => ORDINARY.map(kind => `${KINDS[kind]?.(each).trim()}\n`).join(''), length, random)
  texts.set(length, text)
  return text
}

/**
 * @param {string} root of the repository
 * @param {(text: string) => string} redact
 * @returns {import('./search.mjs').Surface}
 */
export const redaction = (root, redact) => ({
  name: 'redact',
  anchors: literalsOf(path.join(root, 'src/shared/redact')),
  harmless: ordinaryText,
  run: redact,
})
