/**
 * Where a detector reads: the tables say it of a character and the one before it, then of the one behind it. With both,
 * nearly every character of a text costs one look-up.
 */

import type { RunShape } from './run-shapes'

/** Where a detector is called: at a character, by what stands right before and right behind it. */
export interface Anchor {
  /** each of these characters */
  readonly at: string
  /** only right after one of these (`ASCII` and what is made of it); default: after any */
  readonly after?: string
  /** only right before one of these; default: before any */
  readonly before?: string
  /** of digits: only where the run of digits that begins there has this shape */
  readonly run?: RunShape
  /** a run for which no detector was called is settled */
  readonly settlesRun?: boolean
  /** of a separator: only where the key before it may be of this kind, or is no plain word */
  readonly key?: 'secret' | 'name'
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

interface Anchored {
  readonly anchors: readonly Anchor[]
}

/** An anchor of a detector, as the tables have it. */
export interface PlacedAnchor<T> {
  readonly anchor: Anchor
  readonly detector: T
  /** among all anchors */
  readonly place: number
  readonly after: Uint8Array | undefined
  readonly before: Uint8Array | undefined
}

export interface AnchorTables<T> {
  /** by the character before and the character, each below 128: 0 or a row of `behind` */
  readonly pairs: Uint16Array
  /** by row and the character behind: 0 or an index of `lists` */
  readonly behind: Uint16Array
  /** by a character beyond ASCII: 0 or an index of `lists` */
  readonly wide: Uint16Array
  /** what may be there, by detector */
  readonly lists: readonly (readonly PlacedAnchor<T>[])[]
}

/** A character as the tables know it. */
export function narrow(code: number): number {
  return Math.min(code, OTHER)
}

/** The tables for these detectors, whose order is that in which they read. */
export function compileAnchors<T extends Anchored>(detectors: readonly T[]): AnchorTables<T> {
  const pairs = new Uint16Array(128 * 128)
  const wide = new Uint16Array(0x10000)
  const rows: (readonly number[])[] = []
  const lists: (readonly PlacedAnchor<T>[])[] = []
  // each different list once, one row for all places that let the same anchors pass, and one column for all characters
  // that have the same
  const listOf = byAnchors<T, number>(anchors => lists.push(anchors) - 1)
  const rowOf = byAnchors<T, number>(anchors => rows.push(byNeighbour(anchors, 'before', listOf)) - 1)
  const columnOf = byAnchors<T, readonly number[]>(anchors => byNeighbour(anchors, 'after', rowOf))
  // 0 is the row and the list of no anchors
  rowOf([])
  for (const [code, anchors] of byCharacter(detectors)) {
    if (code >= OTHER) wide[code] = listOf(anchors)
    else
      columnOf(anchors).forEach((row, before) => {
        pairs[(before << 7) | code] = row
      })
  }
  return { pairs, behind: Uint16Array.from(rows.flat()), wide, lists }
}

/**
 * By the character on that side: what becomes of the anchors that it lets pass. Characters that are in the same of their sets are alike; up to 53 sets
 * fit into the number that says so, and the most that one character has are 31.
 */
function byNeighbour<T>(
  anchors: readonly PlacedAnchor<T>[],
  side: 'after' | 'before',
  indexOf: (left: readonly PlacedAnchor<T>[]) => number,
): readonly number[] {
  const sets = [...new Set(anchors.flatMap(anchor => anchor[side] ?? []))]
  const known = new Map<number, number>()
  return Array.from({ length: 128 }, (_, code) => {
    const bits = sets.reduce((all, set) => all * 2 + set[code]!, 0)
    return cached(known, bits, () => indexOf(anchors.filter(anchor => anchor[side]?.[code] ?? 1)))
  })
}

function cached<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  let value = known.get(key)
  if (value === undefined) {
    value = make()
    known.set(key, value)
  }
  return value
}

/** What is made of a list of anchors, once for each different list. */
function byAnchors<T, V>(make: (anchors: readonly PlacedAnchor<T>[]) => V): typeof make {
  const known = new Map<string, V>()
  return anchors => cached(known, anchors.map(({ place }) => place).join(), () => make(anchors))
}

function byCharacter<T extends Anchored>(detectors: readonly T[]): Map<number, PlacedAnchor<T>[]> {
  const found = new Map<number, PlacedAnchor<T>[]>()
  const sets = new Map<string, Uint8Array>()
  const setOf = (chars: string | undefined) => (chars ? cached(sets, chars, () => makeSet(chars)) : undefined)
  let place = 0
  for (const detector of detectors) {
    for (const anchor of detector.anchors) {
      const placed = { anchor, detector, place: place++, after: setOf(anchor.after), before: setOf(anchor.before) }
      for (const char of anchor.at) cached(found, char.charCodeAt(0), () => []).push(placed)
    }
  }
  return found
}

function makeSet(chars: string): Uint8Array {
  const set = new Uint8Array(128)
  for (const char of chars) set[narrow(char.charCodeAt(0))] = 1
  return set
}
