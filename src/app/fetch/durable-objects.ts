/**
 * `@afn/otel/fetch/durable-objects`: Durable Objects of Cloudflare's Workers, with a span of each event that one of them handles.
 */
import { type Attributes, context, createContextKey, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api'
import { begin, type Described, type ExecutionContext, observed, ofRequest } from './event'
import type { Bindings } from './handler'
import type { OtelOptions } from './options'

type Method = (this: object, ...args: never[]) => unknown

/** What of `DurableObjectState` is used. */
interface State extends ExecutionContext {
  readonly id?: { toString(): string }
}

// biome-ignore lint/suspicious/noExplicitAny: of a class that has any constructor
type Class = new (...args: any[]) => object

/** Handlers that the runtime calls by their names, besides methods that a stub calls. */
const handlers = new Set(['fetch', 'alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError'])

/** What an object does for itself, below an event of it or in its constructor, is no event. */
const ACTIVE = createContextKey('active object')

/**
 * The class, with a span around `fetch`, `alarm`, the handlers of hibernating WebSockets and each method that a stub calls; `globalThis.fetch`
 * is observed, and all is sent with `waitUntil`. A method that the object calls itself has no span. Methods have one where the runtime has
 * AsyncLocalStorage (`nodejs_compat`), by which the two are told apart.
 * @param options as of `instrument()`, of which one process has one
 * @example
 * export const Room = instrumentDurableObject(class Room extends DurableObject { … }, env => ({ serviceName: 'chat', exporter: { url: env.OTLP_URL } }))
 */
export function instrumentDurableObject<C extends Class, Env = Bindings>(
  observedClass: C,
  options: OtelOptions | ((env: Env) => OtelOptions),
): C {
  const objects = new WeakMap<object, { ctx: State; env: Env; active: object }>()
  const { name } = observedClass
  class Instrumented extends (observedClass as Class) {}
  Object.defineProperty(Instrumented, 'name', { value: name })
  for (const [method, work] of methodsOf(observedClass)) {
    const value = function (this: object, ...args: never[]) {
      const call = () => Reflect.apply(work, this, args) as unknown
      const object = objects.get(this)
      if (!object || context.active().getValue(ACTIVE) === object.active) return call()
      const { ctx, env, active } = object
      const otel = begin(options, env)
      if (!otel.isAsync && !handlers.has(method)) return call()
      return observed(otel, describe(name, method, args, ctx), ctx, call, ROOT_CONTEXT.setValue(ACTIVE, active))
    }
    Object.defineProperty(Instrumented.prototype, method, { value, writable: true, configurable: true })
  }
  return new Proxy(Instrumented, {
    construct(target, args: [State, Env], newTarget) {
      const [ctx, env] = args
      begin(options, env)
      const active = {}
      const create = () => Reflect.construct(target, args, newTarget) as object
      const object = context.with(context.active().setValue(ACTIVE, active), create)
      objects.set(object, { ctx, env, active })
      return object
    },
  }) as unknown as C
}

/** Of the class and those above it, up to the runtime's own `DurableObject`. */
function methodsOf(of: Class): Map<string, Method> {
  const methods = new Map<string, Method>()
  for (let one = of; typeof one === 'function' && !isNative(one); one = Object.getPrototypeOf(one) as Class) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one.prototype)))
      if (name !== 'constructor' && typeof value === 'function' && !methods.has(name))
        methods.set(name, value as Method)
  }
  return methods
}

const isNative = (one: Class) => /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(one))

/** By the names of Cloudflare's own traces: https://developers.cloudflare.com/workers/observability/traces/spans-and-attributes/ */
function describe(entrypoint: string, method: string, args: readonly unknown[], { id }: State): Described {
  const isHandler = handlers.has(method)
  const attributes: Attributes = {
    'cloudflare.entrypoint': entrypoint,
    'cloudflare.handler_type': isHandler ? method.toLowerCase() : 'jsrpc',
    ...(id && { 'cloudflare.durable_object.id': String(id) }),
  }
  if (method === 'fetch') {
    const request = ofRequest(args[0] as Request)
    return { ...request, attributes: { ...attributes, ...request.attributes } }
  }
  if (!isHandler) attributes['cloudflare.jsrpc.method'] = method
  if (method === 'alarm') attributes['faas.trigger'] = 'timer'
  return { name: `${entrypoint}/${method}`, kind: method === 'alarm' ? SpanKind.INTERNAL : SpanKind.SERVER, attributes }
}
