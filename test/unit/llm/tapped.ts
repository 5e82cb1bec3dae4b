// The tap under test with a real SDK behind it.
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { expect, vi } from 'vitest'
import type { HttpCalls } from '../../../src/app/llm/observe/http/calls'
import * as observers from '../../../src/app/llm/observe/observers'
import type { LlmTapOptions } from '../../../src/app/llm/observe/options'
import { startLlmTap } from '../../../src/app/llm/observe/start'
import { type Usage, usageAttributes, usageOf } from '../../../src/app/llm/usage'

const native = globalThis.fetch

export interface Tapped {
  /** The spans that have ended, without those of others. */
  spans(): ReadableSpan[]
  everySpan(): readonly ReadableSpan[]
  /** Waits for the one span of the call. */
  span(): Promise<ReadableSpan>
  provider: TracerProvider
  failures: unknown[]
  /** For the hooks on node's own clients. */
  http: HttpCalls
  reset(): void
  stop(): void
}

export function tapped(
  captureContent: LlmTapOptions['captureContent'] = 'full',
  under: typeof fetch = native,
  register = false,
  more: Partial<LlmTapOptions> = {},
): Tapped {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  if (register) {
    trace.setGlobalTracerProvider(provider)
    propagation.setGlobalPropagator(
      new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
    )
  }
  const failures: unknown[] = []
  const counted = new WeakMap<object, Usage>()
  globalThis.fetch = under
  const tap = startLlmTap(
    {
      captureContent,
      ...more,
      tracer: provider.getTracer('test'),
      ends: (span, counts) => counted.set(span, counts),
      onFailure: (error, where) => failures.push(where, error),
    },
    () => observers,
  )
  const spans = () => {
    const ours = exporter.getFinishedSpans().filter(span => span.instrumentationScope.name === 'test')
    // what is handed over is what stands on the span, whichever of the two is read
    for (const span of ours) {
      const counts = counted.get(span)
      if (counts) expect(usageAttributes(counts)).toEqual(usageAttributes(usageOf(span.attributes)))
    }
    return ours
  }
  return {
    spans,
    everySpan: () => exporter.getFinishedSpans(),
    async span() {
      await vi.waitFor(() => expect(spans()).toHaveLength(1), { timeout: 5000, interval: 5 })
      return spans()[0]!
    },
    provider,
    failures,
    http: tap.http,
    reset: () => exporter.reset(),
    stop() {
      tap.stop()
      globalThis.fetch = native
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

/** Makes the garbage collector run, and its finalizers after it. */
export async function collectGarbage(rounds = 8): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  for (let i = 0; i < rounds; i++) {
    gc()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
