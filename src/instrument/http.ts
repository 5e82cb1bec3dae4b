// Chunk `instrument-http`: OpenTelemetry's, for requests whose headers are a list (it copies them into an object, which
// turns ['x-a', '1'] into headers named 0 and 1), silent about the telemetry of pages that comes in, and unable to throw out of
// its listeners: what one throws is an uncaught exception of the app.
import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { HttpInstrumentation as Upstream } from '@opentelemetry/instrumentation-http'
import { isPageTelemetry } from '../config/page-telemetry'
import { isProbe } from '../config/probes'

type Request = (this: unknown, ...args: unknown[]) => unknown
type Patch = (original: Request) => Request

/** What is private there, and ours to change. */
declare class Internals {
  constructor(config: object)
  getConfig(): { readonly onFailure?: (error: unknown) => void }
  _getPatchOutgoingRequestFunction(component: string): Patch
  _traceClientRequest<T extends EventEmitter>(request: T, ...args: unknown[]): T
  _closeHttpSpan(...args: unknown[]): void
  _onServerResponseFinish(...args: unknown[]): void
  _onServerResponseError(...args: unknown[]): void
  _onOutgoingRequestError(...args: unknown[]): void
}

export class HttpInstrumentation extends (Upstream as unknown as typeof Internals) {
  constructor(config: object) {
    const ignoreIncomingRequestHook = ({ method, url }: IncomingMessage) =>
      isPageTelemetry(method, url) || isProbe(method, url)
    const responseHook = (_: unknown, response: EventEmitter) => oneMoreListener(response)
    super({ ...config, ignoreIncomingRequestHook, responseHook })
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
