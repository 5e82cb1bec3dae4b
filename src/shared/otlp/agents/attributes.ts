// The attributes of one resource, span, record or point of OTLP JSON, to read by name and to add to.
import { type AnyValue, plainScalar } from '../any-value'
import type { Document } from '../schema'
import type { Field, Sources } from './dialect'

interface Sent {
  readonly key?: string
  readonly value?: AnyValue
}
type Scalar = string | number | boolean

export class AttributeList {
  readonly #holder: Document
  readonly #values: Map<string, AnyValue>

  /** @param holder what has `attributes`, which are changed in place */
  constructor(holder: Document) {
    this.#holder = holder
    const sent = Array.isArray(holder.attributes) ? (holder.attributes as readonly Sent[]) : []
    this.#values = new Map(sent.map(({ key = '', value = {} }) => [key, value]))
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  /** @returns undefined where there is none, or an empty one */
  value(sources: Sources): AnyValue | undefined {
    for (const key of sources) {
      const value = this.#values.get(key)
      const scalar = plainScalar(value)
      if (value?.arrayValue || (scalar !== undefined && scalar !== '')) return value
    }
    return undefined
  }

  text(sources: Sources): string | undefined {
    const scalar = plainScalar(this.value(sources))
    return scalar === undefined ? undefined : String(scalar)
  }

  /** Some agents write numbers as texts. */
  number(sources: Sources = []): number | undefined {
    const text = this.text(sources)
    const number = text === undefined ? Number.NaN : Number(text)
    return Number.isFinite(number) && number >= 0 ? number : undefined
  }

  /** What is undefined is left out. */
  set(key: string, value: Scalar | undefined, type: 'int' | 'double' = 'int'): void {
    if (value === undefined) return
    if (typeof value === 'string') this.#values.set(key, { stringValue: value })
    else if (typeof value === 'boolean') this.#values.set(key, { boolValue: value })
    else this.#values.set(key, type === 'double' ? { doubleValue: value } : { intValue: String(Math.round(value)) })
    this.#write()
  }

  /** Under the names of the conventions, unless they are there already. */
  name(fields: readonly Field[]): void {
    for (const [name, ...sources] of fields) {
      const value = this.#values.has(name) ? undefined : this.value(sources)
      if (value) this.#values.set(name, value)
    }
    this.#write()
  }

  remove(keys: Sources): void {
    let isChanged = false
    for (const key of keys) isChanged = this.#values.delete(key) || isChanged
    if (isChanged) this.#write()
  }

  #write(): void {
    this.#holder.attributes = Array.from(this.#values, ([key, value]) => ({ key, value }))
  }
}
