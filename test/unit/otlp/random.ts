// Random OTLP messages, the same for the same seed.
import type { Random } from '../../support/random'
import { isMessage, type ProtoField, type ProtoType } from './proto'

/** Some message of this type, by protobufjs. */
export function encoded(type: ProtoType, random: Random): Uint8Array {
  return type.encode(message(type, random, 0)).finish()
}

function message(type: ProtoType, random: Random, depth: number): object {
  const chosen = new Map<string, string>()
  const entries = type.fieldsArray.flatMap((field): [string, unknown][] => {
    if (field.partOf) {
      const { name, oneof } = field.partOf
      if (!chosen.has(name)) chosen.set(name, random.pick(oneof))
      if (chosen.get(name) !== field.name) return []
    }
    if (depth > 9 && isMessage(field.resolvedType)) return []
    if (depth > 2 && random.below(5) === 0) return []
    if (!field.repeated) return [[field.name, value(field, random, depth)]]
    const items = Array.from({ length: 1 + random.below(2) }, () => value(field, random, depth))
    return [[field.name, items]]
  })
  return Object.fromEntries(entries)
}

function value(field: ProtoField, random: Random, depth: number): unknown {
  const { resolvedType, name, type } = field
  if (isMessage(resolvedType)) return message(resolvedType, random, depth + 1)
  if (resolvedType) return random.pick(Object.values(resolvedType.values))
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))
  switch (type) {
    case 'string':
      return random.pick(['', 'a', 'チャット 🍁', 'x'.repeat(127), 'y'.repeat(200)])
    case 'bool':
      return random.below(2) === 0
    case 'bytes':
      return bytes(/traceId$/i.test(name) ? 16 : /spanId$/i.test(name) ? 8 : random.below(20))
    case 'double':
      return random.pick([0, -1.5, 1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, random.next()])
    case 'uint32':
    case 'fixed32':
      return random.pick([0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, random.below(2 ** 32)])
    case 'sint32':
      return random.pick([0, -1, 1, 2 ** 31 - 1, -(2 ** 31)])
    default:
      return { low: random.pick([0, 1, 127, -1, random.below(2 ** 32) | 0]), high: high(type, random) }
  }
}

function high(type: string, random: Random): number {
  const signed = type === 'int64' || type === 'sfixed64'
  return random.pick([0, 1, 0x1fffff, 0x200000, 0x7fffffff, signed ? -1 : 0x12345678])
}
