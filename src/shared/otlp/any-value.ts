// A value of an attribute or a body in OTLP JSON, and three ways to read it. It needs nothing from Node, since the explorer reads values too.

/** At most one field is set; without any it is the empty value. */
export interface AnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  /** OTLP writes text, since a number of JSON loses digits; some senders write a number. */
  readonly intValue?: string | number
  /** JSON has no NaN and no Infinity; protobuf's mapping writes their names. */
  readonly doubleValue?: number | string
  readonly arrayValue?: { readonly values?: readonly AnyValue[] }
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] }
  /** Base64. */
  readonly bytesValue?: string
}

export interface KeyValue {
  readonly key: string
  readonly value?: AnyValue
}

/** What is neither a list, a map nor bytes, with its type. */
export type TypedScalar =
  | { readonly type: 'string'; readonly value: string }
  /** Exact above 2^53. */
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }

export type TypedValue =
  | TypedScalar
  | { readonly type: 'array'; readonly value: readonly TypedValue[] }
  | { readonly type: 'map'; readonly value: readonly TypedAttribute[] }
  /** Base64. */
  | { readonly type: 'bytes'; readonly value: string }
  | { readonly type: 'empty'; readonly value: null }

export interface TypedAttribute {
  readonly key: string
  readonly value: TypedValue
}

/** Integers are numbers, the nearest above 2^53. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[]

export function typedScalar(value: AnyValue = {}): TypedScalar | undefined {
  if (value.stringValue !== undefined) return { type: 'string', value: value.stringValue }
  if (value.intValue !== undefined) return { type: 'int', value: integer(value.intValue) }
  if (value.doubleValue !== undefined) return { type: 'double', value: Number(value.doubleValue) }
  return value.boolValue === undefined ? undefined : { type: 'bool', value: value.boolValue }
}

export function typedValue(value: AnyValue = {}): TypedValue {
  const scalar = typedScalar(value)
  if (scalar) return scalar
  if (value.arrayValue) return { type: 'array', value: (value.arrayValue.values ?? []).map(typedValue) }
  if (value.kvlistValue) return { type: 'map', value: typedAttributes(value.kvlistValue.values) }
  return value.bytesValue === undefined ? { type: 'empty', value: null } : { type: 'bytes', value: value.bytesValue }
}

export function typedAttributes(attributes: readonly KeyValue[] = []): TypedAttribute[] {
  return attributes.map(({ key, value }) => ({ key, value: typedValue(value) }))
}

/** @returns undefined for a list, a map, bytes, and the empty value */
export function plainScalar(value?: AnyValue): string | number | boolean | undefined {
  const scalar = typedScalar(value)
  return scalar?.type === 'int' ? Number(scalar.value) : scalar?.value
}

/** Maps, bytes and the empty value are null. */
export function plainValue(value: AnyValue = {}): PlainValue {
  return value.arrayValue ? (value.arrayValue.values ?? []).map(plainValue) : (plainScalar(value) ?? null)
}

/** By key, in the order in which they come. */
export function plainAttributes(attributes: readonly KeyValue[] = []): Record<string, PlainValue> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]))
}

/** A 64-bit integer as OTLP JSON has it; 0 for what is none. */
export function integer(value: string | number | undefined): bigint {
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
  return /^-?\d{1,40}$/.test(value ?? '') ? BigInt(value!) : 0n
}
