/**
 * What stands in place of a value that was found. Called by the scanner (hits) and by the redactor (keys, failures).
 * A mask holds no quote, no backslash and no word that a detector knows: masked JSON stays JSON, and a second pass
 * finds nothing.
 */

/** The kinds of value that a mask can name. Where two overlap, the one that stands first here names both. */
export const TAGS = ['REDACTED', 'SECRET', 'JWT', 'CARD', 'EMAIL', 'PHONE'] as const

export type Tag = (typeof TAGS)[number]

/** What a value becomes. Has to be a mask as described above. */
export type Masker = (tag: Tag, value: string) => string

/** The value of an attribute whose key names a secret, whatever the value is. */
export const REDACTED = '[REDACTED]'

/** Stands for a value on which a detector threw. */
export const FAILED = '[REDACTION_FAILED]'

export const mask: Masker = tag => `[${tag}]`

/** The tag of the value that two overlapping hits are together. */
export function stronger(one: Tag, other: Tag): Tag {
  return TAGS.indexOf(one) <= TAGS.indexOf(other) ? one : other
}

const MASK = new RegExp(`^\\[(?:${TAGS.join('|')})\\]`)

/** True when a mask stands at the beginning: what follows it was looked at with the value that it replaced. */
export function startsWithMask(text: string): boolean {
  return MASK.test(text)
}

/** Stands for the tail of a string that is over the budget. */
export function truncated(chars: number): string {
  return `[TRUNCATED ${chars} chars]`
}
