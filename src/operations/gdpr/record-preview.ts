/** A preview of a record before its erasure: shows what the record is, but not whose. */

import { withoutOthers } from './mask-other-persons'
import { maskedLine } from './masked-line'
import { matcherOf } from './person-attributes'
import type { Identity } from './subject'

/** Maximum length in characters. */
const LONGEST = 300

/** A line of JSON with a `*` for each byte that names the subject, and masks for other persons. */
export function sampleOf(identity: Identity): (record: unknown) => string {
  const clean = withoutOthers(identity)
  const matcher = matcherOf(identity)
  return record => {
    const line = maskedLine(matcher, JSON.stringify(clean(record), withoutBigInts), true)
    return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line
  }
}

const withoutBigInts = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
