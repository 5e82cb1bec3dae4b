/**
 * Finds a word at the end of a key, in whatever way its parts are joined: `apiKey`, `api_key`, `API-KEY`, `api key`.
 * Called by `secret-words` and `number-words` with their lists. The words are a tree that is walked from the last letter
 * backwards, so that the many keys that end otherwise cost one step.
 */
import { codeAt, is, LETTER, startsToken } from './chars'

export interface Found<T> {
  readonly value: T
  /** index of the word's first letter */
  readonly start: number
}

interface Node<T> {
  readonly next: Map<number, Node<T>>
  value?: T
  /** what has to be before the word: anything, the start of a word (`-`), the start of the key (`=`) */
  mark?: string
}

/**
 * @param entries words in small letters without joints, with what each stands for; of two equal ones the later counts.
 *   After `-` a word counts only as a word of its own (`DB_PWD`, not `cpwd`), after `=` only as the whole key (`code`,
 *   not `country_code`).
 * @returns the longest word that ends at an index of a text, undefined when there is none
 */
export function createWordFinder<T>(
  entries: readonly (readonly [string, T])[],
): (text: string, end: number) => Found<T> | undefined {
  const root: Node<T> = { next: new Map() }
  const lastPairs = new Uint8Array(32 * 32)
  for (const [word, value] of entries) {
    const letters = word.replace(/^[-=]/, '')
    lastPairs[pairOf(letters.charCodeAt(letters.length - 1), letters.charCodeAt(letters.length - 2))] = 1
    let node = root
    for (let i = letters.length - 1; i >= 0; i--) {
      // not codeAt: V8 then compiles it here, by itself, and no longer into the scanner's loop (half the speed, measured)
      const code = letters.charCodeAt(i)
      const next: Node<T> = node.next.get(code) ?? { next: new Map() }
      node.next.set(code, next)
      node = next
    }
    node.value = value
    node.mark = word.slice(0, word.length - letters.length)
  }

  return (text, end) => {
    // most keys are told by their last two letters
    if (lastPairs[pairOf(codeAt(text, end - 1), codeAt(text, end - 2))] === 0) return undefined
    let node = root
    let found: Found<T> | undefined
    for (let at = end - 1; at >= 0; at--) {
      const code = codeAt(text, at)
      if (node !== root && isJoint(code) && !isJoint(codeAt(text, at + 1))) continue
      const next = node.next.get(is(code, LETTER) ? code | 32 : code)
      if (!next) break
      node = next
      if (node.value !== undefined && startsWord(text, at, node.mark)) found = { value: node.value, start: at }
    }
    return found
  }
}

/** Two characters as one small number, the same for small letters and capitals; different pairs may share one. */
function pairOf(last: number, before: number): number {
  return ((last & 31) << 5) | (before & 31)
}

/** What may stand between the parts of one word: `_`, `-`, `.`, space. */
function isJoint(code: number): boolean {
  return code === 95 || code === 45 || code === 46 || code === 32
}

/** True when what the mark asks for stands before the word. */
function startsWord(text: string, at: number, mark: string | undefined): boolean {
  if (!mark) return true
  const before = codeAt(text, at - 1)
  if (mark === '=') return startsToken(text, at) && before !== 45 && before !== 46
  if (before === 95 || startsToken(text, at)) return true
  return isCapital(codeAt(text, at)) && !isCapital(before)
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}
