// How trace context crosses process borders.
import {
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import type { Settings } from '../../shared/config/settings'
import { loadChunk } from '../chunks'

/** Sends baggage on, and takes none from outside: whoever calls an open endpoint could set keys that we then export. */
class OutgoingBaggage implements TextMapPropagator {
  readonly #inner: TextMapPropagator

  constructor(inner: TextMapPropagator) {
    this.#inner = inner
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#inner.inject(context, carrier, setter)
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = this.#inner.extract(context, carrier, getter)
    const baggage = propagation.getBaggage(context)
    // to delete nothing makes a copy all the same
    if (propagation.getBaggage(extracted) === baggage) return extracted
    return baggage ? propagation.setBaggage(extracted, baggage) : propagation.deleteBaggage(extracted)
  }

  fields(): string[] {
    return this.#inner.fields()
  }
}

type Name = Exclude<Settings['propagators'][number], 'none'>

export function createPropagator({ propagators, trustBaggage }: Settings): TextMapPropagator {
  const limited = (inner: TextMapPropagator) => (trustBaggage ? inner : new OutgoingBaggage(inner))
  const create: Record<Name, () => TextMapPropagator> = {
    tracecontext: () => new W3CTraceContextPropagator(),
    baggage: () => limited(new W3CBaggagePropagator()),
    b3: () => loadChunk('propagators').b3(),
    b3multi: () => loadChunk('propagators').b3multi(),
    jaeger: () => limited(loadChunk('propagators').jaeger()),
    xray: () => loadChunk('propagators').xray(),
  }
  const names = propagators.filter(name => name !== 'none')
  return new CompositePropagator({ propagators: names.map(name => create[name]()) })
}
