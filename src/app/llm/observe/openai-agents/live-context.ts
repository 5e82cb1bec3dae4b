// A context whose span may change while it is active.
import { type Context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'
import { scopeKey } from '../../spans/scope'

/** The context key of the span, which the API does not export. */
const SPAN_KEY = keyOfSpan()

export class LiveContext implements Context {
  constructor(
    private readonly base: Context,
    /** Undefined if the span is that of `base`. */
    private readonly current: () => Context | undefined,
  ) {}

  getValue(key: symbol): unknown {
    const current = key === SPAN_KEY || key === scopeKey ? this.current() : undefined
    return (current ?? this.base).getValue(key)
  }

  /** Setting the span or the scope fixes the span for contexts derived from the result. */
  setValue(key: symbol, value: unknown): Context {
    const isSet = key === SPAN_KEY || key === scopeKey
    return isSet ? this.#fixed().setValue(key, value) : new LiveContext(this.base.setValue(key, value), this.current)
  }

  deleteValue(key: symbol): Context {
    return key === SPAN_KEY ? this.#fixed().deleteValue(key) : new LiveContext(this.base.deleteValue(key), this.current)
  }

  #fixed(): Context {
    const current = this.current()
    if (!current) return this.base
    return [SPAN_KEY, scopeKey].reduce((fixed, key) => fixed.setValue(key, current.getValue(key)), this.base)
  }
}

function keyOfSpan(): symbol {
  let found = Symbol()
  const probe: Context = {
    getValue: () => undefined,
    setValue(key) {
      found = key
      return ROOT_CONTEXT
    },
    deleteValue: () => ROOT_CONTEXT,
  }
  trace.setSpan(probe, undefined as unknown as Span)
  return found
}
