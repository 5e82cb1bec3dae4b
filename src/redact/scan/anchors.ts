/**
 * Where a detector reads: the tables say it of a character and the one before it, then of the one behind it. With both,
 * nearly every character of a text costs one look-up.
 */

/** Where a detector is called: at a character, by what stands right before and right behind it. */
export interface Anchor {
  /** each of these characters */
  readonly at: string
  /** only right after one of these (`ASCII` and what is made of it); default: after any */
  readonly after?: string
  /** only right before one of these; default: before any */
  readonly before?: string
}

/** The code of all characters beyond ASCII in the tables: that of DEL, which texts do not have. */
export const OTHER = 127
/** Stands in `after` and `before` for every character beyond ASCII. */
export const BEYOND = String.fromCharCode(OTHER)

export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const UPPER = LOWER.toUpperCase()
export const LETTERS = LOWER + UPPER
export const DIGITS = '0123456789'
/** What `WORD` is in `chars.ts`. */
export const WORDS = `${LETTERS + DIGITS}_`
export const HEXES = `${DIGITS}abcdefABCDEF`

/** All but these, the edge and what is beyond ASCII too. */
export function not(chars: string): string {
  let all = ''
  for (let code = 0; code <= OTHER; code++) {
    const char = String.fromCharCode(code)
    if (!chars.includes(char)) all += char
  }
  return all
}

/** Where a token may begin: what `startsToken` lets pass has a word character before only at the end of an escape. */
export const TOKEN_EDGE = `${not(WORDS)}bfnrt${HEXES}`

/** A detector: its anchors, and the function that is called at them. */
interface Anchored<T> {
  readonly anchors: readonly Anchor[]
  readonly at: T
}

export interface AnchorTables<T> {
  /** by the character before and the character, each below 128: 0 or a row of `behind` */
  readonly pairs: Uint16Array
  /** by row and the character behind: 0 or an index of `lists` */
  readonly behind: Uint16Array
  /** by a character beyond ASCII: 0 or an index of `lists` */
  readonly wide: Uint8Array
  /** which detectors read on, in order */
  readonly lists: readonly (readonly T[])[]
}

/** A character as the tables know it. */
export function narrow(code: number): number {
  return Math.min(code, OTHER)
}

/** The tables for these detectors, whose order is that in which they read. */
export function compileAnchors<T>(detectors: readonly Anchored<T>[]): AnchorTables<T> {
  const lists = new Lists<T>(detectors.map(({ at }) => at))
  const pairs = new Uint16Array(128 * 128)
  const wide = new Uint8Array(0x10000)
  const rows: Uint16Array[] = [new Uint16Array(128)]
  for (const [char, anchors] of byCharacter(detectors)) {
    const code = char.charCodeAt(0)
    if (code >= OTHER) {
      wide[code] = lists.indexOf(anchors.map(({ index }) => index))
      continue
    }
    /** one row for all characters before that let the same anchors pass */
    const rowOf = new Map<string, number>()
    for (let before = 0; before < 128; before++) {
      const left = anchors.filter(({ after }) => !after || after[before] === 1)
      const key = left.map(one => anchors.indexOf(one)).join()
      if (key === '') continue
      let row = rowOf.get(key)
      if (row === undefined) {
        row = rows.push(rowFor(left, lists)) - 1
        rowOf.set(key, row)
      }
      pairs[(before << 7) | code] = row
    }
  }
  const behind = new Uint16Array(rows.length * 128)
  for (const [index, row] of rows.entries()) behind.set(row, index * 128)
  return { pairs, behind, wide, lists: lists.all }
}

interface IndexedAnchor {
  /** of its detector */
  readonly index: number
  readonly after: Uint8Array | undefined
  readonly before: Uint8Array | undefined
}

function byCharacter(detectors: readonly Anchored<unknown>[]): Map<string, IndexedAnchor[]> {
  const found = new Map<string, IndexedAnchor[]>()
  detectors.forEach(({ anchors }, index) => {
    for (const anchor of anchors) {
      const indexed = { index, after: setOf(anchor.after), before: setOf(anchor.before) }
      for (const char of anchor.at) {
        const ofChar = found.get(char)
        if (ofChar) ofChar.push(indexed)
        else found.set(char, [indexed])
      }
    }
  })
  return found
}

function setOf(chars: string | undefined): Uint8Array | undefined {
  if (chars === undefined) return undefined
  const set = new Uint8Array(128)
  for (let i = 0; i < chars.length; i++) set[narrow(chars.charCodeAt(i))] = 1
  return set
}

function rowFor(anchors: readonly IndexedAnchor[], lists: Lists<unknown>): Uint16Array {
  const row = new Uint16Array(128)
  for (let behind = 0; behind < 128; behind++) {
    row[behind] = lists.indexOf(
      anchors.filter(({ before }) => !before || before[behind] === 1).map(({ index }) => index),
    )
  }
  return row
}

/** Each different list once: a script has hundreds of anchors of the same few. */
class Lists<T> {
  readonly all: T[][] = [[]]
  readonly #known = new Map<string, number>([['', 0]])

  constructor(private readonly members: readonly T[]) {}

  indexOf(indexes: readonly number[]): number {
    const key = indexes.join()
    let index = this.#known.get(key)
    if (index === undefined) {
      index = this.all.push([...new Set(indexes)].sort((a, b) => a - b).map(one => this.members[one]!)) - 1
      this.#known.set(key, index)
    }
    return index
  }
}
