// The lines of `expected.jsonl` for the tests of the tap, and how a span differs from one, as text.
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { differences as found } from '../../conformance/oracle'
import { type Expected, readFolder } from '../../conformance/recordings'

export function expectations(dir: string): Expected[] {
  return [...readFolder(dir).expected.values()]
}

/** Each difference as `id field expected got`. */
export function differences({ attributes }: ReadableSpan, line: Expected, content = true): string[] {
  return found(attributes, line, content).map(
    ({ field, expected, got }) => `${line.id} ${field} ${JSON.stringify(expected)} ${JSON.stringify(got)}`,
  )
}
