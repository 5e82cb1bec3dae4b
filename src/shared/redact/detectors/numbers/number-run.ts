/** Groups of digits with separators between them: `090-1234-5678` is the groups 090, 1234 and 5678. */

import type { Tag } from '../../mask'
import { codeAt, DIGIT, is, runEnd, WORD } from '../../scan/chars'
import { spend } from '../../scan/work'
import { hasKeywordsAround, kindBefore, type NumberKind, nearestKind } from '../../words/number-words'
import { groupAfter, isBracket, isWideDash } from './group-separators'

/** A number is read in so many groups at most. */
const MOST_GROUPS = 8
/** Groups of a row that are read at once. A number may begin at each of them, and needs those behind it. */
const AHEAD = 64

/*
 * The row of groups that was read last. A row of thousands of numbers is read once: a run begins at one group of the row, and
 * the next run at the next group. These are variables of the module: V8 reads them faster than fields, and minifiers shorten them.
 */
const starts = new Int32Array(AHEAD)
const ends = new Int32Array(AHEAD)
let groups = 0
let rowText = ''
/** the place at which a run was looked for last */
let current = 0
/** where the first group ends that is known to stand in one row with these */
let firstEnd = 0
/** true when no group follows the last one */
let isWhole = true

/** The place in the row of the group [at, first). */
function placeOf(text: string, at: number, first: number): number {
  let isInRow = false
  if (rowText === text) {
    let place = current
    while (place < groups && starts[place]! < at) place++
    isInRow = place < groups && starts[place] === at && ends[place] === first
    if (isInRow && (isWhole || place + MOST_GROUPS <= groups)) {
      current = place
      return place
    }
  }
  if (!isInRow) firstEnd = first
  readRow(text, at, first)
  return 0
}

function readRow(text: string, at: number, first: number): void {
  starts[0] = at
  ends[0] = first
  groups = 1
  let end = first
  let next = groupAfter(text, end)
  while (next > 0 && groups < AHEAD) {
    end = runEnd(text, next, DIGIT, MOST_DIGITS)
    starts[groups] = next
    ends[groups++] = end
    next = groupAfter(text, end)
  }
  // Assigned also where the texts are equal: comparing a string with itself is free, comparing it with a copy reads both.
  rowText = text
  current = 0
  isWhole = next === 0
}

/** Up to eight groups of one row; a number may be the first ones of them. There is one object, which is filled anew: no rule may keep it. */
export class NumberRun {
  text = ''
  /** how many groups */
  count = 0
  /** index of the + before the first digit (or of its %2B), -1 when there is none */
  plus = -1
  /** true when the first group stands in brackets */
  bracketed = false
  /** the place of the first group in the row */
  place = 0
  /** the digits of all groups; '' until somebody reads them */
  digits = ''
  /** what the words right before the run say that it is; null until they were looked for */
  kindBefore: NumberKind | undefined | null = null
  /** false where no word says anything of it, or of its first groups; null until words were looked for */
  keyword: boolean | null = null
  /** what the nearest word says of the groups up to `nearestEnd`; -1 until it was looked for */
  nearestKind: NumberKind | undefined = undefined
  nearestEnd = -1
}

const run = new NumberRun()

/** Where a group begins. */
export function startOf({ place }: NumberRun, group: number): number {
  return starts[place + group]!
}

/** Where it ends. */
export function endOf({ place }: NumberRun, group: number): number {
  return ends[place + group]!
}

/** What the words right before the run say that it is. */
export function kindBeforeRun(run: NumberRun): NumberKind | undefined {
  if (run.kindBefore === null)
    run.kindBefore = isAmongNumbers(run) ? undefined : kindBefore(run.text, run.plus >= 0 ? run.plus : startOf(run, 0))
  return run.kindBefore
}

/** True right behind another number of the row and a space or hyphen: a word before that number is about it, not about this one. */
function isAmongNumbers(run: NumberRun): boolean {
  const start = startOf(run, 0)
  const before = codeAt(run.text, start - 1)
  return run.plus < 0 && start > firstEnd + 1 && before !== 41 && is(codeAt(run.text, start - 2), DIGIT)
}

/** False where no word says anything of the run, or of its first groups: nearly always in rows of numbers. */
export function hasKeyword(run: NumberRun): boolean {
  run.keyword ??=
    kindBeforeRun(run) !== undefined || hasKeywordsAround(run.text, startOf(run, 0), endOf(run, run.count - 1))
  return run.keyword
}

/** What the nearest word beside the groups up to `end` says that they are. */
export function nearestKindOf(run: NumberRun, end: number): NumberKind | undefined {
  if (run.nearestEnd !== end) {
    spend(2)
    run.nearestKind = hasKeyword(run) ? nearestKind(run.text, startOf(run, 0), end) : undefined
    run.nearestEnd = end
  }
  return run.nearestKind
}

/** True when a word near [the run's start, end) is about calling. `my number` is also the name of an id. */
export function isPhoneKeyword(run: NumberRun, end: number): boolean {
  return isCall(kindBeforeRun(run)) || isCall(nearestKindOf(run, end))
}

function isCall(kind: NumberKind | undefined): boolean {
  return kind === 'phone' || kind === 'call' || kind === 'my number'
}

/** True when the digits go on after the group with a hyphen or full stop: a longer id, not a phone number. */
export function goesOn(run: NumberRun, group: number): boolean {
  const between = separatorOr(run, group)
  return between === '-' || between === '.'
}

export interface FoundNumber {
  /** of the value, which begins with the run's first group */
  readonly end: number
  readonly tag: Tag
}

export interface NumberRule {
  /** Undefined when the run is nothing of the rule's. */
  readonly find: (run: NumberRun) => FoundNumber | undefined
  /**
   * False where no number of the rule begins with groups of these sizes. A joint is the character code of a space, a hyphen or
   * a full stop, or something else that stands in no printed number. Not there where only a word tells a number, or the zero that it begins with.
   */
  readonly mayBegin?: (first: number, joint: number, second: number, nextJoint: number, third: number) => boolean
}

/** A shorter number identifies nobody. */
export const FEWEST_DIGITS = 7
const MOST_DIGITS = 24

/** The run whose first group is [at, first); undefined when it is too short to identify anybody. */
export function readRun(text: string, at: number, first: number): NumberRun | undefined {
  const place = placeOf(text, at, first)
  let count = Math.min(groups - place, MOST_GROUPS)
  const end = ends[place + count - 1]!
  // letters right after the digits: the last group is part of a word, but for the x of an extension
  if (is(codeAt(text, end), WORD) && !((codeAt(text, end) | 32) === 120 && is(codeAt(text, end + 1), DIGIT))) count--
  let digits = 0
  for (let group = place; group < place + count; group++) digits += ends[group]! - starts[group]!
  if (digits < FEWEST_DIGITS) return undefined
  const before = codeAt(text, at - 1)
  const encoded = codeAt(text, at - 3) === 37 && /^2b$/i.test(text.slice(at - 2, at))
  run.text = text
  run.place = place
  run.count = count
  run.plus = encoded ? at - 3 : before === 43 ? at - 1 : -1
  run.bracketed = isBracket(before) && isBracket(codeAt(text, first))
  run.digits = ''
  run.kindBefore = null
  run.keyword = null
  run.nearestEnd = -1
  return run
}

/**
 * The end of the run whose first group is [at, first) when it is too short to identify anybody, 0 when it is not: most
 * numbers in telemetry are short.
 */
export function shortRunEnd(text: string, at: number, first: number): number {
  let place = placeOf(text, at, first)
  let digits = first - at
  while (digits < FEWEST_DIGITS && ++place < groups) digits += ends[place]! - starts[place]!
  return digits < FEWEST_DIGITS ? ends[groups - 1]! : 0
}

/** So many groups have to follow one that is gone past: what a number ends with, or a word behind it, is none of its own. */
const FEWEST_BEHIND = 3
/** The same behind a zero, with which numbers of up to five groups begin that are not dialled from abroad. */
const FEWEST_BEHIND_ZERO = 6
/** Fewer digits than any key has that goes on behind a hyphen or full stop. */
const SHORT = 12
/** What begins with a zero has more digits in three groups. */
const MOST_OF_NO_PHONE = 9

/**
 * Goes on behind the group that ends at `end` past all groups of a long row at which no number can begin, since no word is
 * near and their sizes are those of none. Returns where the last of them ends, `end` where there is none.
 */
export function pastOthers(text: string, end: number, rules: readonly NumberRule[]): number {
  let place = current
  if (rowText !== text || ends[place] !== end) return end
  while (place + FEWEST_BEHIND < groups) {
    // none begins behind a hyphen or full stop
    const joint = jointAt(text, place)
    const isPair = joint !== 0 && !isApart(joint)
    if (isPair && !(isApart(jointAt(text, place + 1)) && ends[place]! - starts[place]! < SHORT)) break
    if (isPair) place++
    if (place + 1 + FEWEST_BEHIND >= groups || !isNone(text, place + 1, rules)) break
    place++
  }
  spend(place - current)
  current = place
  return ends[place]!
}

/** True where no number begins at the group, as far as that can be told without its digits. */
function isNone(text: string, place: number, rules: readonly NumberRule[]): boolean {
  const start = starts[place]!
  const joint = jointAt(text, place)
  const next = jointAt(text, place + 1)
  // a date, an address, a version
  if (!isApart(jointAt(text, place - 1)) || joint === 0 || !(isApart(joint) || isApart(next))) return false
  const first = ends[place]! - start
  const second = ends[place + 1]! - starts[place + 1]!
  const third = ends[place + 2]! - starts[place + 2]!
  if (codeAt(text, start) === 48) {
    if (place + FEWEST_BEHIND_ZERO >= groups || first + second + third > MOST_OF_NO_PHONE) return false
    if (first > 2 && codeAt(text, start + 1) === 48) return false
  }
  for (let i = 0; i < rules.length; i++) if (rules[i]!.mayBegin?.(first, joint, second, next, third)) return false
  return !hasKeywordsAround(text, start, ends[Math.min(place + MOST_GROUPS, groups) - 1]!)
}

/** What is behind a group of the row: a space, a hyphen, a full stop, a space and a minus; 0 for anything else. */
function jointAt(text: string, place: number): number {
  const end = ends[place]!
  const code = codeAt(text, end)
  const length = starts[place + 1]! - end
  if (length === 1) return code === 32 || code === 45 || code === 46 ? code : 0
  return length === 2 && code === 32 && codeAt(text, end + 1) === 45 ? MINUS : 0
}

const MINUS = 1

/** True where a number may begin behind the joint. */
function isApart(joint: number): boolean {
  return joint === 32 || joint === MINUS
}

/** What stands between a group and the next, dashes of all kinds as `-`. */
export function separator(run: NumberRun, group: number): string {
  const from = endOf(run, group)
  const to = startOf(run, group + 1)
  if (to > from + 1) {
    const between = run.text.slice(from, to)
    return /[+n\n]/.test(between) ? between.replace('+', ' ').replace(/\n|\\{1,32}n/, '') : between
  }
  return isWideDash(codeAt(run.text, from)) ? '-' : codeAt(run.text, from) === 43 ? ' ' : run.text[from]!
}

/** The same, '' where there is no such group or none after it. */
export function separatorOr(run: NumberRun, group: number): string {
  return group >= 0 && group + 1 < run.count ? separator(run, group) : ''
}

/** Digits in a group; 0 where there is no such group. */
export function size(run: NumberRun, group: number): number {
  return group < run.count ? endOf(run, group) - startOf(run, group) : 0
}

/** The digits of the groups that end at `end`, without what separates them. */
export function digitsUpTo(run: NumberRun, end: number): string {
  if (run.digits === '') {
    spend(2)
    for (let group = 0; group < run.count; group++) run.digits += run.text.slice(startOf(run, group), endOf(run, group))
  }
  return run.digits.slice(0, countUpTo(run, end))
}

/** How many digits these groups have. */
export function countUpTo(run: NumberRun, end: number): number {
  let count = 0
  for (let group = 0; group < run.count && endOf(run, group) <= end; group++) count += size(run, group)
  return count
}
