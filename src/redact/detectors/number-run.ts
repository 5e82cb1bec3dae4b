/**
 * Groups of digits with separators between them: `090-1234-5678` is the groups 090, 1234 and 5678.
 * Called by `numbers` (reading) and its rules (looking at the groups).
 */
import { BACKSLASH, codeAt, DIGIT, GAP, is, runEnd, WORD } from '../chars'
import type { Tag } from '../mask'
import { announced, type NumberKind, nearest } from '../number-words'

export interface NumberRun {
  readonly text: string
  /** where each group begins and ends; one entry a group */
  readonly starts: number[]
  readonly ends: number[]
  /** index of the + before the first digit (or of its %2B), -1 when there is none */
  readonly plus: number
  /** true when the first group stands in brackets */
  readonly bracketed: boolean
  /** the digits of all groups; '' while nobody has asked */
  digits: string
  /** what is between a group and the next; filled when somebody asks */
  readonly separators: (string | undefined)[]
  /** what the words right before the run say that it is; null while nobody has asked */
  said: NumberKind | undefined | null
  /** what the nearest word says of the groups up to `nearEnd`; -1 while nobody has asked */
  near: NumberKind | undefined
  nearEnd: number
}

/** What the words right before the run say that it is. */
export function saidOf(run: NumberRun): NumberKind | undefined {
  if (run.said === null) run.said = announced(run.text, run.plus >= 0 ? run.plus : run.starts[0]!)
  return run.said
}

/** What the nearest word beside the groups up to `end` says that they are. */
export function nearOf(run: NumberRun, end: number): NumberKind | undefined {
  if (run.nearEnd !== end) {
    run.near = nearest(run.text, run.starts[0]!, end)
    run.nearEnd = end
  }
  return run.near
}

/** True when a word beside [the run's start, end) says that one calls there. `my number` is also the name of an id. */
export function isAnnouncedCall(run: NumberRun, end: number): boolean {
  return isCall(saidOf(run)) || isCall(nearOf(run, end))
}

function isCall(kind: NumberKind | undefined): boolean {
  return kind === 'phone' || kind === 'call' || kind === 'my number'
}

/** True when the digits go on after the group with a hyphen or full stop: a longer id, not a phone number. */
export function goesOn(run: NumberRun, group: number): boolean {
  return group + 1 < run.starts.length && /^[-.]$/.test(separator(run, group))
}

export interface FoundNumber {
  /** of the value, which begins with the run's first group */
  readonly end: number
  readonly tag: Tag
}

/** Undefined when the run is nothing of the rule's. */
export type NumberRule = (run: NumberRun) => FoundNumber | undefined

/** A shorter number identifies nobody. */
export const FEWEST_DIGITS = 7
const MOST_DIGITS = 24
const MOST_GROUPS = 8

/** Reads the run whose first group is [at, first); undefined when it is too short to identify anybody. */
export function readRun(text: string, at: number, first: number): NumberRun | undefined {
  const starts = [at]
  const ends = [first]
  let digits = first - at
  let end = first
  for (let next = groupAfter(text, end); next > 0 && starts.length < MOST_GROUPS; next = groupAfter(text, end)) {
    end = runEnd(text, next, DIGIT, MOST_DIGITS)
    starts.push(next)
    ends.push(end)
    digits += end - next
  }
  // letters right after the digits: the last group is part of a word, but for the x of an extension
  if (is(codeAt(text, end), WORD) && !((codeAt(text, end) | 32) === 120 && is(codeAt(text, end + 1), DIGIT))) {
    digits -= end - starts.pop()!
    ends.pop()
  }
  if (digits < FEWEST_DIGITS) return undefined
  const before = codeAt(text, at - 1)
  const encoded = codeAt(text, at - 3) === 37 && /^2b$/i.test(text.slice(at - 2, at))
  const plus = encoded ? at - 3 : before === 43 ? at - 1 : -1
  return {
    text,
    starts,
    ends,
    plus,
    bracketed: isBracket(before) && isBracket(codeAt(text, first)),
    digits: '',
    separators: [],
    said: null,
    near: undefined,
    nearEnd: -1,
  }
}

/**
 * The end of the run whose first group is [at, first) when it is too short to identify anybody, 0 when it is not.
 * Counts before anything is kept: most numbers in telemetry are short.
 */
export function shortRunEnd(text: string, at: number, first: number): number {
  let end = first
  let digits = first - at
  for (let next = groupAfter(text, end); next > 0 && digits < FEWEST_DIGITS; next = groupAfter(text, end)) {
    end = runEnd(text, next, DIGIT, MOST_DIGITS)
    digits += end - next
  }
  return digits < FEWEST_DIGITS ? end : 0
}

/** Where the next group begins after at most two separators, or after a slash with a space on each side; 0 when there is none. */
function groupAfter(text: string, end: number): number {
  let next = end
  while (next < end + 2 && isSeparator(codeAt(text, next))) next++
  if (next === end + 2 && codeAt(text, end + 1) === 47 && codeAt(text, end) === 32 && codeAt(text, next) === 32) next++
  const code = codeAt(text, next)
  if (is(code, DIGIT)) return next > end ? next : 0
  return code === 43 || code === 10 || code === BACKSLASH ? afterUnusual(text, end, next) : 0
}

/** A space as a form writes it (`+`); a line that ends with a hyphen or bracket. */
function afterUnusual(text: string, end: number, next: number): number {
  const code = codeAt(text, next)
  let after = 0
  if (code === 43) after = next === end || isBracket(codeAt(text, end)) ? next + 1 : 0
  else if (next === end + 1 && codeAt(text, end) !== 32 && codeAt(text, end) !== 46) after = lineEnd(text, next)
  return after > 0 && is(codeAt(text, after), DIGIT) ? after : 0
}

const MOST_SLASHES = 32

/** Behind a line feed or its escape at any depth of JSON, `next` where there is none. */
function lineEnd(text: string, next: number): number {
  if (codeAt(text, next) === 10) return next + 1
  let after = next
  while (after < next + MOST_SLASHES && codeAt(text, after) === BACKSLASH) after++
  return codeAt(text, after) === 110 ? after + 1 : next
}

function isBracket(code: number): boolean {
  return code === 40 || code === 41
}

/** Space, hyphen, full stop, slash, brackets, and the dashes that Japanese keyboards write. */
function isSeparator(code: number): boolean {
  return is(code, GAP) || code === 45 || code === 46 || isWideDash(code)
}

/** The other dashes, the long vowel mark and the middle dot; `fold` makes hyphens of the hyphens. */
function isWideDash(code: number): boolean {
  return (code >= 0x2013 && code <= 0x2015) || code === 0x30fc || code === 0x30fb
}

/** What stands between a group and the next, dashes of all kinds as `-`. */
export function separator(run: NumberRun, group: number): string {
  run.separators[group] ??= readSeparator(run.text.slice(run.ends[group], run.starts[group + 1]))
  return run.separators[group]!
}

function readSeparator(text: string): string {
  if (text.length === 1) return isWideDash(codeAt(text, 0)) ? '-' : text === '+' ? ' ' : text
  return text.replace('+', ' ').replace(/\n|\\{1,32}n/, '')
}

/** The same, '' where there is no such group or none after it. */
export function separatorOr(run: NumberRun, group: number): string {
  return group >= 0 && group + 1 < run.starts.length ? separator(run, group) : ''
}

/** Digits in a group; 0 where there is no such group. */
export function size(run: NumberRun, group: number): number {
  return group < run.starts.length ? run.ends[group]! - run.starts[group]! : 0
}

/** The digits of the groups that end at `end`, without what separates them. */
export function digitsUpTo(run: NumberRun, end: number): string {
  if (run.digits === '')
    for (let group = 0; group < run.starts.length; group++)
      run.digits += run.text.slice(run.starts[group], run.ends[group])
  let count = 0
  for (let group = 0; group < run.starts.length && run.ends[group]! <= end; group++) count += size(run, group)
  return run.digits.slice(0, count)
}
