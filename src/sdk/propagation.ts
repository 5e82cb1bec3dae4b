// How trace context crosses process borders. Called by `start.ts`.
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Settings } from '../config/settings'

/** Sends baggage on, and takes none from outside: whoever calls an open endpoint could set keys that we then export. */
class OutgoingBaggage implements TextMapPropagator {
  readonly #w3c = new W3CBaggagePropagator()

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#w3c.inject(context, carrier, setter)
  }

  extract(context: Context, _carrier: unknown, _getter: TextMapGetter): Context {
    return context
  }

  fields(): string[] {
    return this.#w3c.fields()
  }
}

export function createPropagator({ propagators, trustBaggage }: Settings): TextMapPropagator {
  const parts: TextMapPropagator[] = []
  if (!propagators.includes('none')) {
    if (propagators.includes('tracecontext')) parts.push(new W3CTraceContextPropagator())
    if (propagators.includes('baggage')) parts.push(trustBaggage ? new W3CBaggagePropagator() : new OutgoingBaggage())
  }
  return new CompositePropagator({ propagators: parts })
}
