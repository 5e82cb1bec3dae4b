// Chunk `instrument-http`: OpenTelemetry's, with a server's side of our own (http-server.ts) unless a setting wants theirs. Theirs
// is changed for requests whose headers are a list (it copies them into an object, which turns ['x-a', '1'] into headers named 0
// and 1), is silent about the telemetry of pages that comes in, and can't throw out of its listeners: what one throws is an
// uncaught exception of the app.
import type { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Attributes, Tracer } from '@opentelemetry/api'
import type { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation'
import { HttpInstrumentation as Upstream } from '@opentelemetry/instrumentation-http'
import { isPageTelemetry } from '../config/page-telemetry'
import { isProbe } from '../config/probes'
import { type Recorder, traceServer } from './http-server'
import type { Scheme } from './http-server-attributes'

type Request = (this: unknown, ...args: unknown[]) => unknown
type Patch = (original: Request) => Request

interface Config {
  readonly onFailure?: (error: unknown) => void
  /** Whether the server's side is OpenTelemetry's. Default: it is ours. */
  readonly theirServer?: boolean
  readonly headersToSpanAttributes?: {
    readonly server?: { readonly requestHeaders?: readonly string[]; readonly responseHeaders?: readonly string[] }
  }
}

/** What is private there, and ours to change. */
declare class Internals {
  constructor(config: object)
  readonly tracer: Tracer
  readonly _headerCapture: {
    readonly server: {
      captureRequestHeaders(header: (name: string) => unknown): Attributes
      captureResponseHeaders(header: (name: string) => unknown): Attributes
    }
  }
  getConfig(): Config
  _getHttpInstrumentation(): InstrumentationNodeModuleDefinition
  _getHttpsInstrumentation(): InstrumentationNodeModuleDefinition
  _recordServerDuration(ms: number, attributes: Attributes): void
  _getPatchOutgoingRequestFunction(component: string): Patch
  _traceClientRequest<T extends EventEmitter>(request: T, ...args: unknown[]): T
  _closeHttpSpan(...args: unknown[]): void
  _onServerResponseFinish(...args: unknown[]): void
  _onServerResponseError(...args: unknown[]): void
  _onOutgoingRequestError(...args: unknown[]): void
}

export class HttpInstrumentation extends (Upstream as unknown as typeof Internals) {
  constructor(config: Config) {
    const ignoreIncomingRequestHook = isIgnored
    const responseHook = (_: unknown, response: EventEmitter) => oneMoreListener(response)
    const disableIncomingRequestInstrumentation = !config.theirServer
    super({ ...config, ignoreIncomingRequestHook, responseHook, disableIncomingRequestInstrumentation })
  }

  override _getHttpInstrumentation(): InstrumentationNodeModuleDefinition {
    return this.getConfig().theirServer
      ? super._getHttpInstrumentation()
      : withServer(super._getHttpInstrumentation(), 'http', () => recorderOf(this))
  }

  override _getHttpsInstrumentation(): InstrumentationNodeModuleDefinition {
    return this.getConfig().theirServer
      ? super._getHttpsInstrumentation()
      : withServer(super._getHttpsInstrumentation(), 'https', () => recorderOf(this))
  }

  override _traceClientRequest<T extends EventEmitter>(request: T, ...args: unknown[]): T {
    oneMoreListener(request)
    return super._traceClientRequest(request, ...args)
  }

  override _closeHttpSpan(...args: unknown[]): void {
    this.#harmlessly(() => super._closeHttpSpan(...args))
  }

  override _onServerResponseFinish(...args: unknown[]): void {
    this.#harmlessly(() => super._onServerResponseFinish(...args))
  }

  override _onServerResponseError(...args: unknown[]): void {
    this.#harmlessly(() => super._onServerResponseError(...args))
  }

  override _onOutgoingRequestError(...args: unknown[]): void {
    this.#harmlessly(() => super._onOutgoingRequestError(...args))
  }

  #harmlessly(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.getConfig().onFailure?.(error)
    }
  }

  override _getPatchOutgoingRequestFunction(component: string): Patch {
    const trace = (original: Request) => super._getPatchOutgoingRequestFunction(component)(original)
    return original => {
      const traced = trace(original)
      return function request(...args) {
        const list = args.map(listed).find(Boolean)
        if (!list) return Reflect.apply(traced, this, args)
        const restored = trace(function (...copies) {
          return Reflect.apply(
            original,
            this,
            copies.map(copy => withList(copy, list)),
          )
        })
        return Reflect.apply(restored, this, args)
      }
    }
  }
}

const isIgnored = ({ method, url }: IncomingMessage) => isPageTelemetry(method, url) || isProbe(method, url)

/** What serves requests is put into the module with what OpenTelemetry's definition puts there, and taken away with it. */
function withServer(
  definition: InstrumentationNodeModuleDefinition,
  scheme: Scheme,
  recorder: () => Recorder,
): InstrumentationNodeModuleDefinition {
  const { patch, unpatch } = definition
  let stop: (() => void) | undefined
  definition.patch = (exports: { Server: typeof Server }, version) => {
    // a module can come by `require` and by `import`
    stop ??= traceServer(exports.Server, scheme, recorder())
    return patch ? patch(exports, version) : exports
  }
  definition.unpatch = (exports, version) => {
    stop?.()
    stop = undefined
    unpatch?.(exports, version)
  }
  return definition
}

function recorderOf(instrumentation: HttpInstrumentation): Recorder {
  const { requestHeaders = [], responseHeaders = [] } =
    instrumentation.getConfig().headersToSpanAttributes?.server ?? {}
  const headers = instrumentation._headerCapture.server
  return {
    // another provider may come
    get tracer() {
      return instrumentation.tracer
    },
    isIgnored,
    ...(requestHeaders.length > 0 && {
      requestHeaders: request => headers.captureRequestHeaders(name => request.headers[name]),
    }),
    ...(responseHeaders.length > 0 && {
      responseHeaders: response => headers.captureResponseHeaders(name => response.getHeader(name)),
    }),
    duration: (ms, attributes) => instrumentation._recordServerDuration(ms, attributes),
    failed: error => instrumentation.getConfig().onFailure?.(error),
  }
}

/** The instrumentation adds one to each event that it waits for, and Node's warning is about the app's. */
function oneMoreListener(emitter: EventEmitter): void {
  const most = emitter.getMaxListeners()
  if (most > 0) emitter.setMaxListeners(most + 1)
}

function listed(options: unknown): unknown[] | undefined {
  const headers = (options as { headers?: unknown } | null | undefined)?.headers
  return Array.isArray(headers) ? headers : undefined
}

/** The list as the app wrote it, and what was added to the copy: the trace headers. */
function withList(options: unknown, list: unknown[]): unknown {
  const headers = (options as { headers?: Record<string, unknown> } | null | undefined)?.headers
  if (typeof options !== 'object' || !headers) return options
  const added = Object.entries(headers).filter(([name]) => !Object.hasOwn(list, name))
  // a list of pairs, or names and values in turn
  return { ...options, headers: [...list, ...(Array.isArray(list[0]) ? added : added.flat())] }
}
