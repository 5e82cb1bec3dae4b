// The tables of resources and scopes: each is stored once, and many spans refer to it.
import type { Document } from '../../shared/otlp/schema'
import { withTodaysNames } from '../renamed-attributes'
import type { Batch } from './batch'
import type { Heap } from './heap'
import { type AttributeMaps, mapsAmong, putDocuments, scalarOf } from './maps'
import { putText } from './texts'

/** Beyond this number, all are forgotten and stored again, so a client that creates a resource per request cannot fill the memory. */
const MOST = 10_000

export class Dictionary {
  readonly #batch: Batch
  readonly #heap: Heap
  readonly #maps: AttributeMaps
  readonly #known = new Map<string, number>()
  #next: number

  /** @param next the next free id */
  constructor(batch: Batch, heap: Heap, next: number) {
    this.#next = next
    this.#batch = batch
    this.#heap = heap
    this.#maps = mapsAmong(batch.columns)
  }

  /**
   * @param identity equal for equal documents
   * @param read called for a new identity
   */
  id(identity: string, read: () => Document): number {
    const known = this.#known.get(identity)
    if (known !== undefined) return known
    if (this.#known.size >= MOST) this.#known.clear()
    const id = this.#next++
    this.#known.set(identity, id)
    this.#put(id, read())
    return id
  }

  forget(ids: ReadonlySet<number>): void {
    for (const [identity, id] of this.#known) if (ids.has(id)) this.#known.delete(identity)
  }

  #put(id: number, document: Document): void {
    const { columns, row } = this.#batch
    columns.fixed('id').set1(row, id)
    if (columns.fields.has('service_name')) this.#putService(document)
    else {
      putText(this.#heap, columns.fixed('name'), row, (document.name as string) ?? '')
      putText(this.#heap, columns.fixed('version'), row, (document.version as string) ?? '')
    }
    putDocuments(this.#maps, row, this.#heap, this.#attributesOf(document))
    columns.fixed('dropped_attributes').set1(row, (document.droppedAttributesCount as number) ?? 0)
    this.#batch.next()
  }

  /** Adds attributes of a resource under their current semantic-convention names. */
  #attributesOf({ attributes }: Document): unknown {
    if (!this.#batch.columns.fields.has('service_name') || !Array.isArray(attributes)) return attributes
    return withTodaysNames(attributes)
  }

  #putService({ attributes = [] }: Document): void {
    const service = (attributes as { key?: string; value?: Document }[]).find(one => one.key === 'service.name')
    const name = service?.value && scalarOf(service.value)
    if (name?.type !== 'string') return
    putText(this.#heap, this.#batch.columns.fixed('service_name'), this.#batch.row, name.value as string)
  }
}
