// Log records and data points of OTLP JSON → rows of `logs` and `metric_points`.
import type { Document } from '../../otlp/schema'
import type { Batch } from './batch'
import type { Dictionary } from './dictionary'
import type { Heap } from './heap'
import { type AttributeMaps, mapsAmong, putDocuments } from './maps'
import { putValue, type Value } from './values'

/** Column → value. */
export type Values = Readonly<Record<string, Value>>

export class Records {
  readonly #batch: Batch
  readonly #heap: Heap
  readonly #maps: AttributeMaps
  #seq: bigint

  /** @param next the number of the next row */
  constructor(batch: Batch, heap: Heap, next: number) {
    this.#seq = BigInt(next)
    this.#batch = batch
    this.#heap = heap
    this.#maps = mapsAmong(batch.columns)
  }

  /** @param attributes a list of KeyValue */
  put(values: Values, attributes: unknown): void {
    const { columns, row } = this.#batch
    for (const [name, value] of Object.entries({ seq: this.#seq++, ...values })) {
      putValue(columns.fields.get(name)!, row, value, this.#heap)
    }
    putDocuments(this.#maps, row, this.#heap, attributes)
    this.#batch.next()
  }
}

/** Goes through what OTLP nests under resources and scopes. */
export function eachScope(
  resourceItems: unknown,
  scopesField: string,
  { resources, scopes }: { readonly resources: Dictionary; readonly scopes: Dictionary },
  visit: (scopeItem: Document, ids: { readonly resource: number; readonly scope: number }) => void,
): void {
  for (const item of documents(resourceItems)) {
    const resource = idOf(resources, item.resource)
    for (const scopeItem of documents(item[scopesField]))
      visit(scopeItem, { resource, scope: idOf(scopes, scopeItem.scope) })
  }
}

function idOf(dictionary: Dictionary, document: unknown): number {
  return dictionary.id(JSON.stringify(document ?? {}), () => (document ?? {}) as Document)
}

export const documents = (list: unknown): readonly Document[] => (list ?? []) as Document[]
const nanoseconds = (text: unknown): bigint => BigInt((text as string | undefined) ?? 0)
/** In nanoseconds, from where on no clock says a time: the columns have 63 bits, which end in 2262. */
const NEVER = 2n ** 63n
/** 0 for one that nobody has said, or that can't be. */
export function timeOf(text: unknown): bigint {
  const time = nanoseconds(text)
  return time < NEVER ? time : 0n
}
export const isMisdated = (...texts: readonly unknown[]): boolean => texts.some(text => nanoseconds(text) >= NEVER)
export const id = (hex: unknown): bigint => (hex ? BigInt(`0x${hex}`) : 0n)
