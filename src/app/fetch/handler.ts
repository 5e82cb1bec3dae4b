// A Worker's handlers with a span of each event, whose telemetry is sent behind the answer.
import { SpanKind } from '@opentelemetry/api'
import { begin, type Described, type ExecutionContext, observed, ofRequest } from './event'
import type { OtelOptions } from './options'

type Work = (event: never, env: never, ctx: never) => unknown

/** The handlers of a Worker; of others than these nothing is seen. */
export interface Handlers {
  fetch?: Work
  scheduled?: Work
  queue?: Work
}

/** Bindings of a Worker, where the app has no type of its own for them. */
// biome-ignore lint/suspicious/noExplicitAny: a binding is a text, a namespace or a service; which, only the app's configuration says
export type Bindings = Readonly<Record<string, any>>

/**
 * The handlers, each with a span around it, `globalThis.fetch` observed, and a flush with `waitUntil` when the spans of the event have ended.
 * @param options or a function that makes them of the bindings, called with the first event. One process has one: what else is instrumented in
 *   it uses those that came first
 * @example
 * export default instrument({ async fetch(request, env, ctx) { … } }, env => ({ serviceName: 'chat', exporter: { url: env.OTLP_URL } }))
 */
export function instrument<H extends Handlers, Env = Bindings>(
  handlers: H,
  options: OtelOptions | ((env: Env) => OtelOptions),
): H {
  const kinds = { fetch: ofRequest, scheduled: ofSchedule, queue: ofQueue }
  const wrapped: Record<string, unknown> = {}
  for (const [name, describe] of Object.entries(kinds)) {
    const work = handlers[name as keyof Handlers] as ((...args: unknown[]) => unknown) | undefined
    if (typeof work !== 'function') continue
    wrapped[name] = (event: unknown, env: unknown, ctx: unknown) =>
      observed(begin(options, env as Env), describe(event as never), ctx as ExecutionContext, () =>
        Reflect.apply(work, handlers, [event, env, ctx]),
      )
  }
  return { ...handlers, ...wrapped }
}

function ofSchedule({ cron }: { cron?: string }): Described {
  const attributes = { 'faas.trigger': 'timer', ...(cron && { 'faas.cron': cron }) }
  return { name: `scheduled ${cron ?? ''}`.trim(), kind: SpanKind.INTERNAL, attributes }
}

function ofQueue({ queue, messages }: { queue: string; messages?: readonly unknown[] }): Described {
  const attributes = {
    'messaging.system': 'cloudflare',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
    ...(messages && { 'messaging.batch.message_count': messages.length }),
  }
  return { name: `process ${queue}`, kind: SpanKind.CONSUMER, attributes }
}
