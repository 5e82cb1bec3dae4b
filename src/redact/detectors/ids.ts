/**
 * Numbers that states, banks and insurers give to a person. Called by `numbers`, after cards. What structure and check
 * digits tell from any other number counts as it is printed; the rest only beside a word (`number-words.ts`).
 */

import { codeAt, DIGIT, is, LETTER, WORD } from '../chars'
import type { Tag } from '../mask'
import type { NumberKind } from '../number-words'
import { isInDump } from './dump'
import type { IdRule } from './id-rule'
import { americas } from './ids-americas'
import { asia } from './ids-asia'
import { europe } from './ids-europe'
import {
  digitsUpTo,
  type FoundNumber,
  type NumberRule,
  type NumberRun,
  nearOf,
  saidOf,
  separator,
  size,
} from './number-run'

const FEWEST = 7
/** Most of a rule, and of an account. */
const MOST = 18
const MOST_OF_ACCOUNT = 30

const byForm = new Map<string, IdRule[]>()
const byDigits: IdRule[][] = Array.from({ length: MOST + 1 }, () => [])
for (const rule of [...americas, ...asia, ...europe]) {
  byDigits[rule.digits]!.push(rule)
  for (const form of rule.bare ?? []) byForm.set(form, [...(byForm.get(form) ?? []), rule])
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

export const id: NumberRule = run => {
  if (run.plus >= 0 || isJoined(run)) return undefined
  let word: NumberKind | undefined | null = null
  for (let groups = run.starts.length; groups > 0; groups--) {
    if (!mayEnd(run, groups)) continue
    const form = printed(run, groups)
    const end = run.ends[groups - 1]!
    const digits = digitsUpTo(run, end)
    if (digits.length < FEWEST || digits.length > MOST_OF_ACCOUNT) continue
    for (const rule of byForm.get(form) ?? []) {
      if (!rule.valid(digits)) continue
      if (word === null && rule.isWeak) word = kindOf(run, end)
      if (rule.isWeak && (word === 'other' || (form.includes(' ') && isDumped(run, digits, end)))) continue
      return found(rule, end)
    }
    const byWord = beside(run, word, end, digits, form)
    if (byWord) return byWord
  }
  return undefined
}

function found({ tag = 'NATIONAL_ID' }: IdRule, end: number): FoundNumber {
  return { end, tag }
}

/** `0065 0302 0341` of a table of characters, or bytes. */
function isDumped({ text, starts }: NumberRun, digits: string, end: number): boolean {
  return digits.startsWith('00') || isInDump(text, starts[0]!, end)
}

function kindOf(run: NumberRun, end: number): NumberKind | undefined {
  return saidOf(run) ?? nearOf(run, end)
}

/** What a word beside the number makes of it. */
function beside(
  run: NumberRun,
  known: NumberKind | undefined | null,
  end: number,
  digits: string,
  form: string,
): FoundNumber | undefined {
  const word = known ?? kindOf(run, end)
  if (word === undefined || isCounted(run.text, end)) return undefined
  const rule = byDigits[digits.length]?.find(
    ({ kind = 'national', valid }) => (kind === word || (word === 'ssn' && kind === 'national')) && valid(digits),
  )
  if (rule) return found(rule, end)
  const named = BY_WORD[word]
  if (!named) return undefined
  const [tag, fewest, most, further] = named
  const fits = saidOf(run) === word ? digits.length >= fewest && digits.length <= most : further?.test(form)
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
function isJoined({ text, starts }: NumberRun): boolean {
  const before = codeAt(text, starts[0]! - 1)
  return (before === 45 || before === 46 || before === 43) && is(codeAt(text, starts[0]! - 2), WORD)
}

/** True when the number can end with the group: no other group or word is joined to it in the same way. */
function mayEnd(run: NumberRun, groups: number): boolean {
  const end = run.ends[groups - 1]!
  if (groups === run.starts.length) {
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
