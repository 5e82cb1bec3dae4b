// Writes protobuf attributes into the typed maps and the promoted columns.
import type { AnyValue } from '../../shared/otlp/any-value'
import { readMessage } from '../../shared/otlp/from-protobuf'
import { messages } from '../../shared/otlp/messages'
import { Malformed } from '../../shared/otlp/schema'
import { WireReader } from '../../shared/otlp/wire'
import { type Pair, readPair } from './attribute-reader'
import type { Heap } from './heap'
import type { Key, Keys } from './keys'
import { type AttributeMaps, openMaps, putDocument, scalarOf } from './maps'
import type { AttributeType, Promoted } from './schema'
import type { CachedText, Texts } from './texts'
import { doubleOf } from './values'
import type { Bytes, Fixed, Struct, VectorColumn } from './vectors'

/** Beyond this limit, the request is an attack, or an error that its sender should learn about. */
const MOST = 10_000

export interface AttributeKey extends Key {
  readonly promoted: Promoted | undefined
  /** Whether the choice of the tier depends on it. */
  readonly decides: boolean
  /** The type in which it is summed per trace; undefined if it is not. */
  readonly adds: AttributeType | undefined
  /** The encoded name, for reuse as a key in a map. */
  readonly written: CachedText
}

/** The destination of a list of attributes. */
export interface AttributeSink {
  readonly maps: AttributeMaps
  /** The columns of the table, if it has promoted ones. */
  readonly promoted?: Struct
}

export class AttributeReader {
  readonly #keys: Keys<AttributeKey>
  readonly #heap: Heap
  readonly #pair: Pair = { keyFrom: 0, keyTo: 0, values: 0, type: undefined, first: 0, second: 0 }
  #list = 0
  #left = 0
  #decisive: Record<string, unknown> | undefined
  #added: Record<string, unknown> | undefined

  constructor(keys: Keys<AttributeKey>, heap: Heap) {
    this.#keys = keys
    this.#heap = heap
  }

  /** Begins the list of attributes at this index. */
  open(place: AttributeSink, index: number): void {
    openMaps(place.maps, index)
    this.#list = this.#keys.nextList()
    this.#left = MOST
    this.#decisive = this.#added = undefined
  }

  /** The attributes of the list on which the choice of the tier depends. */
  get decisive(): Readonly<Record<string, unknown>> {
    return this.#decisive ?? none
  }

  /** The attributes of the list that the table of traces sums. */
  get added(): Readonly<Record<string, unknown>> {
    return this.#added ?? none
  }

  /** Reads the KeyValue that the reader has entered; of several values for one key, the first counts. */
  read(place: AttributeSink, index: number, texts: Texts, reader: WireReader, depth: number): void {
    if (this.#left-- === 0) throw new Malformed(`there are more than ${MOST} attributes in one list`)
    const begin = reader.at
    const pair = readPair(this.#pair, texts.bytes, reader, depth)
    const key = this.#keys.at(texts.bytes, pair.keyFrom, pair.keyTo)
    const isFirst = key.list !== this.#list
    key.list = this.#list
    if (pair.type === undefined || pair.values > 1) {
      const whole = readMessage(messages.KeyValue, new WireReader(texts.bytes, begin, reader.end), depth)
      if (isFirst) this.#putWhole(place, index, key, (whole.value ?? {}) as AnyValue)
      return
    }
    if (!isFirst) return
    if (key.decides) this.#decide(key, plain(pair, texts))
    if (key.adds === pair.type) {
      this.#added ??= {}
      this.#added[key.text] = plain(pair, texts)
    }
    const column = key.promoted?.type === pair.type ? place.promoted?.fields.get(key.promoted.column) : undefined
    if (column) put(pair, column, index, texts)
    else {
      const { list, keys, values } = place.maps[pair.type]
      const at = list.add(index)
      texts.putAgain(key.written, keys, at, pair.keyFrom, pair.keyTo)
      put(pair, values, at, texts)
    }
  }

  #putWhole({ maps }: AttributeSink, index: number, key: AttributeKey, value: AnyValue): void {
    if (key.decides) this.#decide(key, scalarOf(value)?.value)
    putDocument(maps, index, this.#heap, key.text, value)
  }

  #decide(key: AttributeKey, value: unknown): void {
    this.#decisive ??= {}
    this.#decisive[key.text] = typeof value === 'bigint' ? Number(value) : value
  }
}

const none = {}

function put({ type, first, second }: Pair, column: VectorColumn, index: number, texts: Texts): void {
  if (type === 'string') texts.put(column as Fixed, index, first, second)
  else if (type === 'bool') (column as Bytes).set(index, first | second ? 1 : 0)
  else (column as Fixed).set2(index, first, second)
}

function plain({ type, first, second }: Pair, { bytes }: Texts): unknown {
  if (type === 'string') return bytes.toString('utf8', first, second)
  if (type === 'bool') return (first | second) !== 0
  if (type === 'float') return doubleOf(first, second)
  return (second | 0) * 2 ** 32 + first
}
