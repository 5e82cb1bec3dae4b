// Compiles the table in messages.ts for what reads and writes OTLP, in JSON and in protobuf.

/** What a field that is no message holds, and how OTLP JSON writes it. */
const scalars = [
  'string',
  'bool',
  'traceId', // 16 bytes; hex
  'spanId', // 8 bytes; hex
  'bytes', // base64
  'double',
  'int64', // this and the next three: text, since a number would lose digits
  'uint64',
  'fixed64',
  'sfixed64',
  'uint32',
  'fixed32',
  'sint32',
  'enum', // a number, unlike in other protobuf JSON
] as const

export type Scalar = (typeof scalars)[number]

export interface Field {
  readonly name: string
  readonly type: Scalar | Message
  readonly repeated: boolean
  /** The fields of the same `oneof`, this one left out: at most one of all is set. */
  readonly rivals: readonly string[]
}

export interface Message {
  readonly name: string
  /** What it costs to read one, besides its texts: an attribute or a value is 1. */
  readonly weight: number
  /** By field number. */
  readonly byNumber: readonly (Field | undefined)[]
  readonly byName: ReadonlyMap<string, Field>
}

/** A message as OTLP JSON has it. Fields that were not sent are absent. */
export type Document = Record<string, unknown>

/** The input is no OTLP. The message names the place and never the value, which may be somebody's data. */
export class Malformed extends Error {}

/** It says more than one request may: each empty message of two bytes would cost a hundred in memory. */
export class TooMany extends Malformed {}

/** What one request may weigh: 100,000 records without anything in them, or half a million attributes. */
export const MAX_WEIGHT = 1_000_000
const RECORD_WEIGHT = 10
const light = new Set(['KeyValue', 'AnyValue', 'ArrayValue', 'KeyValueList'])

export const tooMany = () =>
  new TooMany(`more than ${MAX_WEIGHT / RECORD_WEIGHT} records, or their attributes; send smaller batches`)

/** JSON has no NaN and no Infinity; protobuf's mapping writes their names. */
export function jsonDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/** As protobuf's own readers have it. One value in a list in a list … is two messages a level. */
export const MAX_DEPTH = 100

/**
 * @param table message name → one line a field, `number name type`; behind the type `*` is for a repeated field and `?` for
 *   a member of the message's oneof (no message of OTLP has two)
 */
export function compile<Name extends string>(table: Record<Name, string>): Record<Name, Message> {
  const names = Object.keys(table) as Name[]
  const empty = (name: Name) => ({
    name,
    weight: light.has(name) ? 1 : RECORD_WEIGHT,
    byNumber: [] as Field[],
    byName: new Map<string, Field>(),
  })
  const messages = Object.fromEntries(names.map(name => [name, empty(name)])) as Record<Name, ReturnType<typeof empty>>
  for (const name of names) {
    const lines = table[name].trim().split('\n').map(fieldLine)
    const choice = lines.filter(line => line.mark === '?').map(line => line.field)
    for (const { number, field, type, mark } of lines) {
      const message = messages[name]
      const resolved = scalars.find(scalar => scalar === type) ?? messages[type as Name]
      if (!resolved) throw new Error(`${name}.${field} has the unknown type ${type}`)
      const rivals = mark === '?' ? choice.filter(other => other !== field) : []
      const compiled = { name: field, type: resolved, repeated: mark === '*', rivals }
      message.byNumber[number] = compiled
      message.byName.set(field, compiled)
    }
  }
  return messages
}

function fieldLine(line: string): { number: number; field: string; type: string; mark: string } {
  const match = /^\s*(\d+) (\w+) (\w+)([*?]?)$/.exec(line)
  if (!match) throw new Error(`not a field: ${line}`)
  const [, number, field, type, mark] = match as unknown as [string, string, string, string, string]
  return { number: Number(number), field, type, mark }
}
