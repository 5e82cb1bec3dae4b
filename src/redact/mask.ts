/**
 * What stands in place of a value that was found. Called by the scanner (hits) and by the redactor (keys, failures).
 * A mask holds no quote, no backslash and no word that a detector knows: masked JSON stays JSON, and a second pass
 * finds nothing.
 */

/** The kinds of value that a mask can name. */
export type Tag = 'EMAIL' | 'CARD' | 'PHONE' | 'SECRET' | 'JWT' | 'REDACTED'

/** The value of an attribute whose key names a secret, whatever the value is. */
export const REDACTED = '[REDACTED]'

/** Stands for a value on which a detector threw. */
export const FAILED = '[REDACTION_FAILED]'

/**
 * The one place where the mode of a tag plugs in (mask now; keyed pseudonym, drop and partial come with the redaction
 * engine, which is why the value is an argument already).
 */
export function mask(tag: Tag, _value: string): string {
  return `[${tag}]`
}

/** True when a mask stands at the beginning: what follows it was looked at with the value that it replaced. */
export function startsWithMask(text: string): boolean {
  return /^\[(?:EMAIL|CARD|PHONE|SECRET|JWT|REDACTED)\]/.test(text)
}

/** Stands for the tail of a string that is over the budget. */
export function truncated(chars: number): string {
  return `[TRUNCATED ${chars} chars]`
}
