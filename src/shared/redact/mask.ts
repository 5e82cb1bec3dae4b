/**
 * What stands in place of a value that was found.
 * A mask holds no quote, no backslash and no word that a detector knows: masked JSON stays JSON, and a second pass
 * finds nothing.
 */

/**
 * The kinds of value that a mask can name; `define.ts` adds those of the user. Where two overlap, the one that stands
 * first here names both.
 */
export const TAGS = [
  ...(['REDACTED', 'SECRET', 'JWT', 'CARD', 'EMAIL'] as const),
  ...(['IBAN', 'SSN', 'MY_NUMBER', 'NATIONAL_ID', 'PASSPORT', 'DRIVING_LICENCE', 'RESIDENCE_CARD'] as const),
  ...(['PENSION_NUMBER', 'INSURANCE_NUMBER', 'BANK_ACCOUNT', 'WALLET', 'IP', 'MAC', 'DATE_OF_BIRTH', 'PHONE'] as const),
  ...(['ADDRESS', 'POSTAL_CODE', 'NAME'] as const),
] as const

export type Tag = (typeof TAGS)[number]

/** What a type is called: capitals, digits and `_`, as in `[EMPLOYEE_ID]`. */
export const TYPE_NAME = '[A-Z][A-Z\\d_]{1,30}'

/** Tags of secrets. Every mode masks these, since a password has no last four digits to show. */
const SECRETS: readonly Tag[] = ['REDACTED', 'SECRET', 'JWT']

/** What a value becomes: a mask as described above, nothing, or `undefined` for a value that may stay. */
export type Masker = (tag: Tag, value: string) => string | undefined

/** Stands for a value on which a detector threw. */
export const FAILED = '[REDACTION_FAILED]'

export function isSecretTag(tag: Tag): boolean {
  return SECRETS.includes(tag)
}

/** The tag of the value that two overlapping hits are together. */
export function stronger(one: Tag, other: Tag): Tag {
  return rank(one) <= rank(other) ? one : other
}

/** Types of the user's own come right after secrets. */
function rank(tag: Tag): number {
  const index = TAGS.indexOf(tag)
  return index < 0 ? SECRETS.length - 0.5 : index
}

/** `:` and 16 hexadecimal digits is a pseudonym, `:*` and four characters the last of the value. */
const DETAIL = ':(?:[\\da-f]{16}|\\*[\\dA-Za-z]{4})'
const MASK = new RegExp(`^\\[(?:(?:${TAGS.join('|')})|${TYPE_NAME}${DETAIL})\\]`)
const DETAIL_BEFORE = new RegExp(`\\[${TYPE_NAME}:\\*?[\\dA-Za-z]{0,15}$`)
const LONGEST_MASK = 64

/** True when a mask stands at the beginning: what follows it was looked at with the value that it replaced. */
export function startsWithMask(text: string): boolean {
  return MASK.test(text)
}

/** True when the text from `start` to `end` is a part of a mask: what a detector takes for a value is ours. */
export function isInMask(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - LONGEST_MASK)
  const opening = DETAIL_BEFORE.exec(text.slice(from, start))
  if (!opening) return false
  const found = MASK.exec(text.slice(from + opening.index, from + opening.index + LONGEST_MASK))
  return found !== null && end <= from + opening.index + found[0].length
}

/** True for a text that is one mask and nothing else. */
export function isMask(text: string): boolean {
  return MASK.exec(text)?.[0].length === text.length
}

/** Stands for the tail of a string that is over the budget. */
export function truncated(chars: number): string {
  return `[TRUNCATED ${chars} chars]`
}
