/** A record as it is shown before it is erased: what it is can be seen, and of whom it is cannot. */

import { withoutOthers } from './mask-other-persons'
import { maskedLine } from './masked-line'
import { matcherOf } from './person-attributes'
import type { Identity } from './subject'

/** Characters. */
const LONGEST = 300

/** A line of JSON: the subject is a `*` for each byte, others are masks. */
export function sampleOf(identity: Identity): (record: unknown) => string {
  const clean = withoutOthers(identity)
  const matcher = matcherOf(identity)
  return record => {
    const line = maskedLine(matcher, JSON.stringify(clean(record), withoutBigInts), true)
    return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line
  }
}

const withoutBigInts = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
