// The context in which a request is served: its span and, for frameworks, what they say of its route. Two contexts of
// OpenTelemetry's API, each a copy of a Map, would say the same.
import { type Context, type Span, trace } from '@opentelemetry/api'
import { type RPCMetadata, setRPCMetadata } from '@opentelemetry/core'

/** By which key a function of OpenTelemetry's writes into a context. */
function keyOf(write: (context: Context) => unknown): symbol {
  let written: symbol | undefined
  const context: Context = {
    getValue: () => undefined,
    setValue(key) {
      written = key
      return context
    },
    deleteValue: () => context,
  }
  write(context)
  return written as symbol
}

const SPAN = keyOf(context => trace.setSpan(context, {} as Span))
const METADATA = keyOf(context => setRPCMetadata(context, {} as RPCMetadata))

export class RequestContext implements Context {
  readonly #parent: Context
  readonly #metadata: RPCMetadata
  #copy: Context | undefined

  constructor(parent: Context, metadata: RPCMetadata) {
    this.#parent = parent
    this.#metadata = metadata
  }

  getValue(key: symbol): unknown {
    if (key === SPAN) return this.#metadata.span
    return key === METADATA ? this.#metadata : this.#parent.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#asCopy().setValue(key, value)
  }

  deleteValue(key: symbol): Context {
    return this.#asCopy().deleteValue(key)
  }

  #asCopy(): Context {
    this.#copy ??= setRPCMetadata(trace.setSpan(this.#parent, this.#metadata.span), this.#metadata)
    return this.#copy
  }
}
