// Every edge of 64 bits in every numeric field of OTLP: what a message says, once for each field and edge, with all else as it was.
import type { Document, Message, Scalar } from '../../src/shared/otlp/schema'

const around = (...powers: bigint[]) => powers.flatMap(power => [power - 1n, power, power + 1n])
const signed = [0n, 1n, ...around(2n ** 31n, 2n ** 53n), 2n ** 63n - 1n].flatMap(value => [value, -value])
const unsigned = [0n, 1n, ...around(2n ** 31n, 2n ** 53n, 2n ** 63n), 2n ** 63n + 18n * 10n ** 17n, 2n ** 64n - 1n]
const of64 = (values: readonly bigint[]) => values.map(String)
const of32 = [0, 1, 255, 256, 2 ** 31 - 1]
const double = [0, -0, 5e-324, 1e-300, 1, 2 ** 53, 2 ** 64, Number.MAX_VALUE, -Number.MAX_VALUE, -1]

/** As OTLP JSON has them. */
const edges: Partial<Record<Scalar, readonly unknown[]>> = {
  int64: of64([...signed, -(2n ** 63n)]),
  sfixed64: of64([...signed, -(2n ** 63n)]),
  uint64: of64(unsigned),
  fixed64: of64(unsigned),
  uint32: [...of32, 2 ** 31, 2 ** 32 - 1],
  fixed32: [...of32, 2 ** 31, 2 ** 32 - 1],
  sint32: [...of32, -1, -(2 ** 31)],
  enum: [...of32, -1, -(2 ** 31)],
  double: [...double, 'NaN', 'Infinity', '-Infinity'],
}

/** All that the message may become by one edge in one of the numbers that it has. */
export function* withEdges(message: Message, document: Document): Generator<Document> {
  for (const [name, value] of Object.entries(document)) {
    const { type, repeated } = message.byName.get(name)!
    const values = repeated ? (value as unknown[]) : [value]
    for (const [at, one] of values.entries()) {
      const others = typeof type === 'string' ? (edges[type] ?? []) : withEdges(type, one as Document)
      for (const other of others) yield { ...document, [name]: repeated ? values.with(at, other) : other }
    }
  }
}
