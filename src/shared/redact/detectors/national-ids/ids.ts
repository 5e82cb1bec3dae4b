/**
 * Numbers that states, banks and insurers give to a person. They are read after cards. What structure and check
 * digits tell from any other number counts as it is printed; the rest only beside a word (`number-words.ts`).
 */

import type { Tag } from '../../mask'
import { codeAt, DIGIT, is, LETTER, WORD } from '../../scan/chars'
import { spend } from '../../scan/work'
import type { NumberKind } from '../../words/number-words'
import { isInDump } from '../numbers/dump'
import {
  countUpTo,
  digitsUpTo,
  endOf,
  type FoundNumber,
  hasKeyword,
  kindBeforeRun,
  type NumberRule,
  type NumberRun,
  nearestKindOf,
  separator,
  size,
  startOf,
} from '../numbers/number-run'
import type { IdRule } from './id-rule'
import { americas } from './ids-americas'
import { asia } from './ids-asia'
import { europe } from './ids-europe'

const FEWEST = 7
/** Most of a rule, and of an account. */
const MOST = 18
const MOST_OF_ACCOUNT = 30

/** How an id is printed: sizes of its groups and what stands between them, as `bare` of a rule has it. */
const FORM = /([- .]?)(\d+)/g
/** In the order of `nodeAfter`. */
const SEPARATORS = ' -.'
const SIZES = 32
/** What one step in a form can be: no separator or one of these, and a size. */
const STEPS = (SEPARATORS.length + 1) * SIZES
/** The forms as a tree, by node and step: 0 where no form goes on so. The root is 0. */
const tree: number[] = new Array(STEPS).fill(0)
const rulesAt: IdRule[][] = [[]]

/** The node behind another, a separator and a group of a size; 0 when there is none. */
function nodeAfter(node: number, joint: number, digits: number): number {
  const step = joint === 32 ? 1 : joint === 45 ? 2 : joint === 46 ? 3 : 0
  return step > 0 && digits < SIZES ? tree[node * STEPS + step * SIZES + digits]! : 0
}

function learnForm(form: string, rule: IdRule): void {
  let node = 0
  for (const [, between, size] of form.matchAll(FORM)) {
    const step = node * STEPS + (SEPARATORS.indexOf(between || '\0') + 1) * SIZES + Number(size)
    if (tree[step] === 0) {
      tree[step] = rulesAt.push([]) - 1
      for (let i = 0; i < STEPS; i++) tree.push(0)
    }
    node = tree[step]!
  }
  rulesAt[node]!.push(rule)
}

const byDigits: IdRule[][] = Array.from({ length: MOST + 1 }, () => [])
for (const rule of [...americas, ...asia, ...europe]) {
  byDigits[rule.digits]!.push(rule)
  for (const form of rule.bare ?? []) learnForm(form, rule)
}

/** Numbers without a published check, by the word: [tag, fewest and most digits right after it, form further off]. */
const BY_WORD: Partial<Record<NumberKind, readonly [Tag, number, number, RegExp?]>> = {
  ssn: ['SSN', 9, 9],
  national: ['NATIONAL_ID', 7, 18],
  'my number': ['MY_NUMBER', 12, 12],
  licence: ['DRIVING_LICENCE', 7, 15, /^(?:12|4[- ]4[- ]4)$/],
  passport: ['PASSPORT', 7, 10],
  pension: ['PENSION_NUMBER', 10, 10, /^(?:4-6|10)$/],
  insurance: ['INSURANCE_NUMBER', 7, 15, /^8$/],
  account: ['BANK_ACCOUNT', 6, MOST_OF_ACCOUNT, /^7$/],
}

const nodes = new Uint8Array(8)

export const id: NumberRule = { find: findId, mayBegin }

function findId(run: NumberRun): FoundNumber | undefined {
  if (run.plus >= 0 || isJoined(run)) return undefined
  walkForms(run)
  let word: NumberKind | undefined | null = null
  for (let groups = run.count; groups > 0; groups--) {
    const rules = rulesAt[nodes[groups - 1]!]!
    if ((rules.length === 0 && !hasKeyword(run)) || !mayEnd(run, groups)) continue
    const end = endOf(run, groups - 1)
    const count = countUpTo(run, end)
    if (count < FEWEST || count > MOST_OF_ACCOUNT) continue
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i]!
      const digits = digitsUpTo(run, end)
      if (!rule.valid(digits)) continue
      if (word === null && rule.isWeak) word = kindOf(run, end)
      if (rule.isWeak && (word === 'other' || (hasSpace(run, groups) && isDumped(run, digits, end)))) continue
      return found(rule, end)
    }
    const said = hasKeyword(run) ? (word ?? kindOf(run, end)) : undefined
    const byWord = said && beside(run, said, groups, end)
    if (byWord) return byWord
  }
  return undefined
}

function mayBegin(first: number, joint: number, second: number, nextJoint: number, third: number): boolean {
  const one = first < SIZES ? tree[first]! : 0
  if (one === 0 || rulesAt[one]!.length > 0) return one !== 0
  const two = nodeAfter(one, joint, second)
  return two !== 0 && (rulesAt[two]!.length > 0 || nodeAfter(two, nextJoint, third) !== 0)
}

/** Fills `nodes`: for each group the node of the form up to it. */
function walkForms(run: NumberRun): void {
  let node = 0
  for (let group = 0; group < run.count; group++) {
    const digits = size(run, group)
    if (group === 0) node = digits < SIZES ? tree[digits]! : 0
    else if (node !== 0) {
      const between = separator(run, group - 1)
      node = nodeAfter(node, between.length === 1 ? codeAt(between, 0) : 0, digits)
    }
    nodes[group] = node
  }
}

function hasSpace(run: NumberRun, groups: number): boolean {
  for (let group = 1; group < groups; group++) if (separator(run, group - 1) === ' ') return true
  return false
}

function found({ tag = 'NATIONAL_ID' }: IdRule, end: number): FoundNumber {
  return { end, tag }
}

/** `0065 0302 0341` of a table of characters, or bytes. */
function isDumped(run: NumberRun, digits: string, end: number): boolean {
  return digits.startsWith('00') || isInDump(run.text, startOf(run, 0), end)
}

function kindOf(run: NumberRun, end: number): NumberKind | undefined {
  return kindBeforeRun(run) ?? nearestKindOf(run, end)
}

/** The digits are put together, and judged by the rules that the word knows. */
const BESIDE_WORK = 8

/** What a word beside the number makes of it. */
function beside(run: NumberRun, word: NumberKind, groups: number, end: number): FoundNumber | undefined {
  spend(BESIDE_WORK)
  if (isCounted(run.text, end)) return undefined
  const digits = digitsUpTo(run, end)
  const rule = byDigits[digits.length]?.find(
    ({ kind = 'national', valid }) => (kind === word || (word === 'ssn' && kind === 'national')) && valid(digits),
  )
  if (rule) return found(rule, end)
  const named = BY_WORD[word]
  if (!named) return undefined
  const [tag, fewest, most, further] = named
  const fits =
    kindBeforeRun(run) === word ? digits.length >= fewest && digits.length <= most : further?.test(printed(run, groups))
  return fits ? { end, tag } : undefined
}

/** Sizes of the first groups and what is between them: `4-4-4`. Brackets and double separators are `?`. */
function printed(run: NumberRun, groups: number): string {
  let form = `${size(run, 0)}`
  for (let group = 1; group < groups; group++) {
    const between = separator(run, group - 1)
    form += between.length > 1 ? '?' : between === '\u00a0' ? ' ' : between
    form += size(run, group)
  }
  return form
}

/** `ORD-123-45-6789` is a name of its own. */
function isJoined(run: NumberRun): boolean {
  const start = startOf(run, 0)
  const before = codeAt(run.text, start - 1)
  return (before === 45 || before === 46 || before === 43) && is(codeAt(run.text, start - 2), WORD)
}

/** True when the number can end with the group: no other group or word is joined to it in the same way. */
function mayEnd(run: NumberRun, groups: number): boolean {
  if (groups === run.count) {
    const end = endOf(run, groups - 1)
    const next = codeAt(run.text, end)
    return !is(next, WORD) && !((next === 45 || next === 47) && is(codeAt(run.text, end + 1), WORD))
  }
  const next = separator(run, groups - 1)
  return next.includes(' ') && (groups === 1 || separator(run, groups - 2) !== next)
}

/** `1234567円`, `1234567 ms`, `12345678.5`: an amount. */
function isCounted(text: string, end: number): boolean {
  const next = codeAt(text, end)
  if (next === 46 || next === 44) return is(codeAt(text, end + 1), DIGIT)
  if (next === 37) return true
  if (/^ ?(?:円|ドル|元|万|億|件|個|人|回|€|원|秒)/.test(text.slice(end, end + 2))) return true
  return (
    next === 32 &&
    is(codeAt(text, end + 1), LETTER) &&
    /^ (?:ms|ns|us|s|sec|seconds|bytes|tokens|rows|usd|eur|jpy|yen|items)\b/i.test(text.slice(end, end + 9))
  )
}
