// OTLP JSON as people and libraries write it → the one shape that everything else reads, by the table in messages.ts.
import {
  type Document,
  type Field,
  jsonDouble,
  MAX_DEPTH,
  MAX_WEIGHT,
  Malformed,
  type Message,
  type Scalar,
  tooMany,
} from './schema'

/**
 * Unknown fields and nulls are left out, as OTLP has it.
 * @param value what JSON.parse gave
 * @param most how much it may weigh, see `Message.weight`
 * @throws Malformed when it is no such message; TooMany
 */
export function fromJson(message: Message, value: unknown, most = MAX_WEIGHT): Document {
  return messageOf(message, value, () => message.name, 1, { left: most })
}

interface Allowance {
  left: number
}

function weigh(allowance: Allowance, weight: number): void {
  allowance.left -= weight
  if (allowance.left < 0) throw tooMany()
}

/** @param place what the value is, for the error */
function messageOf(
  message: Message,
  value: unknown,
  place: () => string,
  depth: number,
  allowance: Allowance,
): Document {
  if (depth > MAX_DEPTH) throw new Malformed(`${message.name}: nested deeper than ${MAX_DEPTH} messages`)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Malformed(`${place()} is no object`)
  weigh(allowance, message.weight)
  const document: Document = {}
  for (const name of Object.keys(value)) {
    const field = message.byName.get(name)
    const member = (value as Document)[name]
    if (!field || member === null) continue
    for (const rival of field.rivals) if (rival in document) delete document[rival]
    if (field.repeated) {
      if (!Array.isArray(member)) throw new Malformed(`${placeOf(message, field)} is no array`)
      weigh(allowance, member.length)
      document[name] = member.map(one => fieldOf(message, field, one, depth, allowance))
    } else {
      const one = fieldOf(message, field, member, depth, allowance)
      if (one !== undefined) document[name] = one
    }
  }
  return document
}

const placeOf = (message: Message, field: Field): string => `${message.name}.${field.name}`

function fieldOf(message: Message, field: Field, value: unknown, depth: number, allowance: Allowance): unknown {
  const { type } = field
  if (typeof type !== 'string') return messageOf(type, value, () => placeOf(message, field), depth + 1, allowance)
  const read = scalars[type](value)
  if (read === wrong) throw new Malformed(`${placeOf(message, field)} is no ${names[type] ?? type}`)
  return read
}

const wrong = Symbol('wrong')
type ScalarReader = (value: unknown) => unknown

const scalars: Record<Scalar, ScalarReader> = {
  string: value => (typeof value === 'string' ? value : wrong),
  bytes: value => (typeof value === 'string' ? value : wrong),
  bool: value => (typeof value === 'boolean' ? value : wrong),
  traceId: id(32),
  spanId: id(16),
  double,
  int64: integer(-(2n ** 63n), 2n ** 63n, String),
  sfixed64: integer(-(2n ** 63n), 2n ** 63n, String),
  uint64: integer(0n, 2n ** 64n, String),
  fixed64: integer(0n, 2n ** 64n, String),
  uint32: integer(0n, 2n ** 32n, Number),
  fixed32: integer(0n, 2n ** 32n, Number),
  sint32: integer(-(2n ** 31n), 2n ** 31n, Number),
  enum: integer(-(2n ** 31n), 2n ** 31n, Number),
}

const names: Partial<Record<Scalar, string>> = {
  traceId: 'id of 32 hexadecimal digits',
  spanId: 'id of 16 hexadecimal digits',
  enum: "number (OTLP has no enum's name there)",
}

/** Without an id it is empty or missing; both are read as missing. */
function id(digits: number): ScalarReader {
  return value => {
    if (value === '') return undefined
    const ok = typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value)
    return ok ? value.toLowerCase() : wrong
  }
}

/** Integers are given as numbers or as text. */
function integer(from: bigint, below: bigint, write: (value: bigint | number) => string | number): ScalarReader {
  const [least, most] = [Number(from), Number(below)]
  return value => {
    // most are numbers that lose no digit
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) < most)
      return write(value as number)
    const whole = typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isInteger(value)
    if (!whole) return wrong
    const exact = BigInt(value as string | number)
    return exact >= from && exact < below ? write(exact) : wrong
  }
}

function double(value: unknown): unknown {
  if (typeof value === 'number') return jsonDouble(value)
  if (typeof value !== 'string' || value.trim() === '') return wrong
  const number = Number(value)
  return Number.isNaN(number) && value !== 'NaN' ? wrong : jsonDouble(number)
}
