// Reads a protobuf ExportTraceServiceRequest into `spans` without allocating an object per value.
import { fieldsReader } from '../../shared/otlp/fields'
import { readMessage } from '../../shared/otlp/from-protobuf'
import { messages } from '../../shared/otlp/messages'
import type { Message } from '../../shared/otlp/schema'
import { WireReader, wireTypes } from '../../shared/otlp/wire'
import type { Batch } from './batch'
import type { Dictionary } from './dictionary'
import type { Heap } from './heap'
import type { SpanRow } from './span-row'
import { Texts } from './texts'

export class SpanReader {
  readonly #batch: Batch
  readonly #heap: Heap
  readonly #row: SpanRow
  readonly #resources: Dictionary
  readonly #scopes: Dictionary

  constructor(
    batch: Batch,
    heap: Heap,
    row: SpanRow,
    { resources, scopes }: { readonly resources: Dictionary; readonly scopes: Dictionary },
  ) {
    this.#batch = batch
    this.#heap = heap
    this.#row = row
    this.#resources = resources
    this.#scopes = scopes
  }

  /**
   * @param receivedNs arrival of the request in nanoseconds since 1970
   * @returns the number of spans, of those rejected for invalid ids, and of those with an impossible time
   * @throws Malformed for an invalid request; none of it is kept then
   */
  read(bytes: Buffer, receivedNs: bigint): Count {
    this.#row.begin(receivedNs)
    const mark = this.#batch.savepoint()
    const recent = this.#row.recent.savepoint()
    const traces = this.#row.traces.savepoint()
    const request = {
      row: this.#row,
      texts: new Texts(this.#heap, bytes),
      resource: 0,
      scope: 0,
      received: 0,
      rejected: 0,
      misdated: 0,
    }
    try {
      this.#readRequest(request, new WireReader(bytes), 1)
      return request
    } catch (error) {
      this.#batch.rollbackTo(mark)
      this.#row.recent.rollbackTo(recent)
      this.#row.traces.rollbackTo(traces)
      throw error
    }
  }

  readonly #readSpans = fieldsReader<Request>(messages.ScopeSpans, {
    scope: readBefore,
    spans(request, reader, depth) {
      const { row, texts, resource, scope } = request
      request.received++
      if (!row.read(texts, resource, scope, reader, depth)) request.rejected++
      else if (row.isMisdated) request.misdated++
    },
  })

  readonly #readScopes = fieldsReader<Request>(messages.ResourceSpans, {
    resource: readBefore,
    scopeSpans: (request, reader, depth) => {
      request.scope = idIn(this.#scopes, messages.InstrumentationScope, request.texts, reader, depth)
      this.#readSpans(request, reader, depth)
    },
  })

  readonly #readRequest = fieldsReader<Request>(messages.ExportTraceServiceRequest, {
    resourceSpans: (request, reader, depth) => {
      request.resource = idIn(this.#resources, messages.Resource, request.texts, reader, depth)
      this.#readScopes(request, reader, depth)
    },
  })
}

interface Request {
  readonly row: SpanRow
  readonly texts: Texts
  resource: number
  scope: number
  received: number
  rejected: number
  misdated: number
}

/** The numbers of spans, log records or data points. */
export interface Count {
  readonly received: number
  readonly rejected: number
  /** Records with an impossible time, which was replaced by their arrival. */
  readonly misdated: number
}

function readBefore(): void {}

/** The number of the field for resource or scope. It is read ahead of all others, wherever it is, because spans need its id. */
const FIRST = 1

/** The encoded bytes are the identity, because a sender encodes the same resource the same way each time. */
function idIn(dictionary: Dictionary, message: Message, { bytes }: Texts, reader: WireReader, depth: number): number {
  const ahead = new WireReader(bytes, reader.at, reader.end)
  let identity: Buffer = bytes.subarray(0, 0)
  while (ahead.more) {
    const tag = ahead.tag()
    if (tag !== FIRST * 8 + wireTypes.delimited) ahead.skip(tag & 7)
    else {
      ahead.range()
      const part = bytes.subarray(ahead.from, ahead.to)
      // Protobuf merges a message that occurs in several parts.
      identity = identity.length === 0 ? part : Buffer.concat([identity, part])
    }
  }
  return dictionary.id(identity.toString('latin1'), () => readMessage(message, new WireReader(identity), depth + 1))
}
