/**
 * Finds a word at the end of a key, in whatever way its parts are joined: `apiKey`, `api_key`, `API-KEY`, `api key`. The
 * words are a tree that is walked from the last letter backwards, so that the many keys that end otherwise cost one step.
 */
import { CAPITAL, codeAt, is, isAccented, PARTING, startsToken } from '../scan/chars'

export interface Found<T> {
  readonly value: T
  /** index of the word's first letter */
  readonly start: number
}

/** Words of each kind, with a space between them; of two equal ones the later counts. */
export type Words<T extends string> = Readonly<Partial<Record<T, string>>>

export interface WordFinder<T extends string> {
  /** The longest word that ends at an index of a text, undefined when there is none. */
  readonly find: (text: string, end: number) => Found<T> | undefined
  /** Adds the words of a part that is loaded later. */
  readonly learn: (words: Words<T>) => void
  /**
   * By `pairOf` the last two characters of a key: 0 where no word ends so. Not told for a joint before the last letter
   * (D.O.B., `nome è`).
   */
  readonly ends: Uint8Array
}

/**
 * @param words without joints; capitals, accents and apostrophes make no difference. After `-` a word counts only as a word of its own (`DB_PWD`, not `cpwd`),
 *   after `=` only as the whole key (`code`, not `country_code`).
 */
export function createWordFinder<T extends string>(words: Words<T>): WordFinder<T> {
  const tree = new Tree<T>()
  /** by `pairOf` the last two characters the length of the shortest word that ends so, at most 3; then by `threeOf` the last three */
  const ends = new Uint8Array(2 * PAIRS)

  function learn(more: Words<T>): void {
    for (const kind of Object.keys(more) as T[]) {
      for (const word of more[kind]!.split(' ')) {
        const mark = /^[-=]?/.exec(word)![0]
        const letters = word.slice(mark.length).replace(/['’]/g, '')
        learnEnd(letters)
        // Ім'я: only few words have an apostrophe before their last letter
        if (/['’].$/.test(word)) for (const joint of "'’") learnEnd(joint + letters.at(-1))
        tree.add(letters, kind, mark)
      }
    }
  }

  function learnEnd(letters: string): void {
    const { length } = letters
    const pair = pairOf(letters.charCodeAt(length - 1), letters.charCodeAt(length - 2))
    if (length < 2) ends.fill(1, pair & ~127, (pair | 127) + 1)
    else {
      ends[pair] = Math.min(ends[pair]! || 3, length)
      ends[threeOf(pair, letters.charCodeAt(length - 3))] = 1
    }
  }

  function find(text: string, end: number): Found<T> | undefined {
    // the last two letters exclude most keys, and the third most of the others; joints may stand between them
    const before = codeAt(text, end - 2)
    const pair = pairOf(codeAt(text, end - 1), before)
    const shortest = ends[pair]!
    const third = codeAt(text, end - 3)
    const isOther = shortest === 0 || (shortest > 2 && ends[threeOf(pair, third)] === 0 && !isJoint(third))
    if (isOther && !is(before, PARTING)) return undefined
    let node = 0
    let found: Found<T> | undefined
    for (let at = end - 1; at >= 0; at--) {
      const code = codeAt(text, at)
      const next = tree.next(node, plain(code))
      if (next === 0) {
        // no word has a joint in it
        if (node !== 0 && isJoint(code) && !isJoint(codeAt(text, at + 1))) continue
        break
      }
      node = next
      const value = tree.values[node]
      if (value !== undefined && startsWord(text, at, tree.marks[node])) found = { value, start: at }
    }
    return found
  }
  learn(words)
  return { find, learn, ends }
}

/**
 * The words from their last letters on. Nodes are numbers into flat lists, 0 is the root: thousands of words take a tenth
 * of the memory and of the start that a Map for each node took.
 */
class Tree<T> {
  readonly values: (T | undefined)[] = []
  /** what has to be before the word: anything, the start of a word (`-`), the start of the key (`=`) */
  readonly marks: (string | undefined)[] = []
  readonly #letters = [0]
  readonly #firstBelow = [0]
  readonly #nextBeside = [0]
  readonly #belowRoot = new Map<number, number>()
  /** the same for ASCII, where nearly every walk begins */
  readonly #belowAsciiRoot = new Uint16Array(128)

  add(letters: string, value: T, mark: string): void {
    let node = 0
    for (let i = letters.length - 1; i >= 0; i--) {
      // not codeAt: V8 then compiles it here, by itself, and no longer into the scanner's loop (half the speed, measured)
      const code = plain(letters.charCodeAt(i))
      node = this.next(node, code) || this.#grow(node, code)
    }
    this.values[node] = value
    this.marks[node] = mark
  }

  /** The node below one, 0 when there is none. */
  next(node: number, code: number): number {
    if (node === 0) return code < 128 ? this.#belowAsciiRoot[code]! : (this.#belowRoot.get(code) ?? 0)
    let next = this.#firstBelow[node]!
    while (next !== 0 && this.#letters[next] !== code) next = this.#nextBeside[next]!
    return next
  }

  #grow(node: number, code: number): number {
    const grown = this.#letters.push(code) - 1
    this.#firstBelow.push(0)
    // 0 for those below the root, which are in tables of their own
    this.#nextBeside.push(this.#firstBelow[node]!)
    if (node === 0 && code < 128) this.#belowAsciiRoot[code] = grown
    else if (node === 0) this.#belowRoot.set(code, grown)
    else this.#firstBelow[node] = grown
    return grown
  }
}

/** Two characters as one small number, the same however they are written; different pairs may share one. */
export function pairOf(last: number, before: number): number {
  return ((plain(last) & 127) << 7) | (plain(before) & 127)
}

const PAIRS = 128 * 128

/** A number behind those of the pairs, which different threes may share. */
function threeOf(pair: number, third: number): number {
  return PAIRS + ((pair * 101 + plain(third)) % PAIRS)
}

/** Small letters without accents: é is e, Т is т, ή is η. */
const plainOf = Uint16Array.from({ length: 0x530 }, (_, code) => {
  const small = String.fromCharCode(code).normalize('NFD').charAt(0).toLowerCase()
  return small.length === 1 ? small.charCodeAt(0) : code
})

function plain(code: number): number {
  return code < 0x530 ? plainOf[code]! : code
}

/** What may stand between the parts of a word, and apostrophes. */
function isJoint(code: number): boolean {
  return is(code, PARTING) || code === 39 || code === 0x2019
}

/** True when what stands before the word is what its mark needs. */
function startsWord(text: string, at: number, mark: string | undefined): boolean {
  if (!mark) return true
  const before = codeAt(text, at - 1)
  // but for the dashes of an option: `--address=…`
  if (mark === '=') return startsToken(text, at) && before !== 46 && (before !== 45 || codeAt(text, at - 2) === 45)
  if (before === 95 || (startsToken(text, at) && !isAccented(before))) return true
  return is(codeAt(text, at), CAPITAL) && !is(before, CAPITAL)
}
