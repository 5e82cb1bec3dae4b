/**
 * Where a detector is asked, and the tables that tell it: by a character and the one before it, then by the one behind
 * it. Both together let nearly every character of a text pass with one look. Called by the scanner.
 */

/** Places in a text, by three characters that stand side by side. */
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

interface Asked<T> {
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
  /** who is asked, in order */
  readonly lists: readonly (readonly T[])[]
}

/** A character as the tables know it. */
export function narrow(code: number): number {
  return Math.min(code, OTHER)
}

/** The tables of whoever is asked, in the order in which they are asked. */
export function compileAnchors<T>(asked: readonly Asked<T>[]): AnchorTables<T> {
  const lists = new Lists<T>(asked.map(({ at }) => at))
  const pairs = new Uint16Array(128 * 128)
  const wide = new Uint8Array(0x10000)
  const rows: Uint16Array[] = [new Uint16Array(128)]
  for (const [char, anchors] of byCharacter(asked)) {
    const code = char.charCodeAt(0)
    if (code >= OTHER) {
      wide[code] = lists.indexOf(anchors.map(({ who }) => who))
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

interface Place {
  /** index of who is asked */
  readonly who: number
  readonly after: Uint8Array | undefined
  readonly before: Uint8Array | undefined
}

function byCharacter(asked: readonly Asked<unknown>[]): Map<string, Place[]> {
  const found = new Map<string, Place[]>()
  asked.forEach(({ anchors }, who) => {
    for (const anchor of anchors) {
      const place = { who, after: setOf(anchor.after), before: setOf(anchor.before) }
      for (const char of anchor.at) {
        const places = found.get(char)
        if (places) places.push(place)
        else found.set(char, [place])
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

function rowFor(places: readonly Place[], lists: Lists<unknown>): Uint16Array {
  const row = new Uint16Array(128)
  for (let behind = 0; behind < 128; behind++) {
    row[behind] = lists.indexOf(places.filter(({ before }) => !before || before[behind] === 1).map(({ who }) => who))
  }
  return row
}

/** Each different list once: a script has hundreds of anchors of the same few. */
class Lists<T> {
  readonly all: T[][] = [[]]
  readonly #known = new Map<string, number>([['', 0]])

  constructor(private readonly asked: readonly T[]) {}

  indexOf(who: readonly number[]): number {
    const key = who.join()
    let index = this.#known.get(key)
    if (index === undefined) {
      index = this.all.push([...new Set(who)].sort((a, b) => a - b).map(one => this.asked[one]!)) - 1
      this.#known.set(key, index)
    }
    return index
  }
}
