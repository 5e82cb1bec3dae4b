// Writes log records and data points of OTLP JSON into `logs` and `metric_points`.
import type { Document } from '../../shared/otlp/schema'
import type { Batch } from './batch'
import type { Dictionary } from './dictionary'
import type { Heap } from './heap'
import { type AttributeMaps, mapsAmong, putDocuments } from './maps'
import { putValue, type Value } from './values'

/** Keyed by column. */
export type Values = Readonly<Record<string, Value>>

export class Records {
  readonly #batch: Batch
  readonly #heap: Heap
  readonly #maps: AttributeMaps
  #seq: bigint

  /** @param next the next sequence number */
  constructor(batch: Batch, heap: Heap, next: number) {
    this.#seq = BigInt(next)
    this.#batch = batch
    this.#heap = heap
    this.#maps = mapsAmong(batch.columns)
  }

  /**
   * @param shared values that several rows have in common
   * @param own values of this row
   * @param attributes a list of KeyValue
   */
  put(shared: Values, own: Values, attributes: unknown): void {
    const { row } = this.#batch
    this.#set('seq', this.#seq++)
    for (const name in shared) this.#set(name, shared[name])
    for (const name in own) this.#set(name, own[name])
    putDocuments(this.#maps, row, this.#heap, attributes)
    this.#batch.next()
  }

  #set(name: string, value: Value): void {
    putValue(this.#batch.columns.fields.get(name)!, this.#batch.row, value, this.#heap)
  }
}

/** The items below each resource and scope, with the ids of both. */
export function* scopesOf(
  resourceItems: unknown,
  scopesField: string,
  { resources, scopes }: { readonly resources: Dictionary; readonly scopes: Dictionary },
): Generator<readonly [scopeItem: Document, ids: { readonly resource: number; readonly scope: number }]> {
  for (const item of documents(resourceItems)) {
    const resource = idOf(resources, item.resource)
    for (const scopeItem of documents(item[scopesField]))
      yield [scopeItem, { resource, scope: idOf(scopes, scopeItem.scope) }]
  }
}

function idOf(dictionary: Dictionary, document: unknown): number {
  return dictionary.id(JSON.stringify(document ?? {}), () => (document ?? {}) as Document)
}

export const documents = (list: unknown): readonly Document[] => (list ?? []) as Document[]
const nanoseconds = (text: unknown): bigint => BigInt((text as string | undefined) ?? 0)
/** Times from here on, in nanoseconds since 1970, count as wrong: they exceed the 63 bits of the columns, which end in 2262. */
const NEVER = 2n ** 63n
/** 0 if the time is missing or impossible. */
export function timeOf(text: unknown): bigint {
  const time = nanoseconds(text)
  return time < NEVER ? time : 0n
}
export const isMisdated = (...texts: readonly unknown[]): boolean => texts.some(text => nanoseconds(text) >= NEVER)
export const id = (hex: unknown): bigint => (hex ? BigInt(`0x${hex}`) : 0n)
