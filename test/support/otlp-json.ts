// Attributes as a test writes them → OTLP JSON.

/** A bigint is an int that JavaScript's numbers do not hold. */
export type Plain = string | number | boolean | bigint | Double | Raw | readonly Plain[]

/** JavaScript has no 1.0; OTLP has. */
export class Double {
  constructor(readonly value: number) {}
}

/** A value of OTLP that has no equal here: bytes, maps, nothing at all. */
export class Raw {
  constructor(readonly value: object) {}
}

export const double = (value: number): Double => new Double(value)

export interface KeyValue {
  readonly key: string
  readonly value: object
}

export function otlpAttributes(attributes: Readonly<Record<string, Plain>> = {}): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }))
}

function otlpValue(value: Plain): object {
  if (value instanceof Double) return { doubleValue: value.value }
  if (value instanceof Raw) return value.value
  if (Array.isArray(value)) return { arrayValue: { values: value.map(otlpValue) } }
  if (typeof value === 'number' || typeof value === 'bigint') return { intValue: String(value) }
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value }
}
