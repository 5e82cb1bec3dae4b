// Chunk `instrument-http`: both sides of Node's HTTP, recorded as OpenTelemetry's instrumentation does, in its name.
import type http from 'node:http'
import type { ClientRequest, RequestOptions } from 'node:http'
import type http2 from 'node:http2'
import { type Histogram, type MetricOptions, type Span, ValueType } from '@opentelemetry/api'
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from '@opentelemetry/instrumentation'
import {
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from '@opentelemetry/semantic-conventions'
import { isPageTelemetry } from '../../shared/config/page-telemetry'
import { isProbe } from '../probes'
import { Watcher } from './emitters'
import { headerCapture, type Scheme } from './http-attributes'
import { type ClientRecorder, type Send, traced } from './http-client'
import { traceServer } from './http-server'
import { traceHttp2Server } from './http2-server'
import type { ServerRecorder } from './server-call'

/** The version whose spans and metrics these are. */
const recordsAs = '0.301.0'

interface Headers {
  readonly requestHeaders?: readonly string[]
  readonly responseHeaders?: readonly string[]
}

interface Config extends InstrumentationConfig {
  readonly onFailure?: (error: unknown) => void
  readonly headersToSpanAttributes?: { readonly client?: Headers; readonly server?: Headers }
  readonly ignoreOutgoingRequestHook?: (options: RequestOptions) => boolean
  /** Of requests that are sent. */
  readonly requestHook?: (span: Span, request: ClientRequest) => void
}

type Module = Pick<typeof http, 'Server'> & { request: Send; get: Send }

const duration = (description: string): MetricOptions => ({
  description,
  unit: 's',
  valueType: ValueType.DOUBLE,
  advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
})

/** By which Lambda's runtime client streams the answer of a function. */
const isRuntimeApi = ({ path }: RequestOptions): boolean =>
  process.env.AWS_LAMBDA_RUNTIME_API !== undefined && path?.startsWith('/2018-06-01/runtime/') === true

export class HttpInstrumentation extends InstrumentationBase<Config> {
  // the constructor of the class above makes them
  declare private durations: Readonly<Record<'client' | 'server', Histogram>>

  constructor(config: Config) {
    super('@opentelemetry/instrumentation-http', recordsAs, config)
  }

  override _updateMetricInstruments(): void {
    this.durations = {
      server: this.meter.createHistogram(
        METRIC_HTTP_SERVER_REQUEST_DURATION,
        duration('Duration of HTTP server requests.'),
      ),
      client: this.meter.createHistogram(
        METRIC_HTTP_CLIENT_REQUEST_DURATION,
        duration('Duration of HTTP client requests.'),
      ),
    }
  }

  protected init(): InstrumentationNodeModuleDefinition[] {
    return [this.definition('https'), this.definition('http'), this.http2()]
  }

  private definition(scheme: Scheme): InstrumentationNodeModuleDefinition {
    let undo: (() => void)[] | undefined
    const patch = (exports: Module & { default?: Module }): Module => {
      // a module can come by `require` and by `import`, whose names are copies
      const { default: module = exports } = exports
      undo ??= [traceServer(module.Server, scheme, this.#serverRecorder()), this.#patchClient(module, scheme)]
      if (module !== exports) for (const name of ['request', 'get'] as const) exports[name] = module[name]
      return exports
    }
    const unpatch = () => {
      for (const each of undo ?? []) each()
      undo = undefined
    }
    return new InstrumentationNodeModuleDefinition(scheme, ['*'], patch, unpatch)
  }

  /** Servers alone: calls of a model over HTTP/2 are seen by the observer, and other requests over it have no span. */
  private http2(): InstrumentationNodeModuleDefinition {
    let undo: (() => void) | undefined
    const patch = (exports: typeof http2 & { default?: typeof http2 }) => {
      undo ??= traceHttp2Server(exports.default ?? exports, this.#serverRecorder())
      return exports
    }
    const unpatch = () => {
      undo?.()
      undo = undefined
    }
    return new InstrumentationNodeModuleDefinition('http2', ['*'], patch, unpatch)
  }

  #patchClient(module: Module, scheme: Scheme): () => void {
    const watcher = new Watcher()
    const recorder = this.#clientRecorder(watcher)
    const { get: before } = module
    this._wrap(module, 'request', send => traced(send, scheme, recorder))
    const { request } = module
    // Node's own sends the request before headers can be added; but for that it is this
    function get(this: unknown): ClientRequest {
      const sent = Reflect.apply(request, this, arguments)
      sent.end()
      return sent
    }
    const { name, length } = Object.getOwnPropertyDescriptors(before)
    module.get = Object.defineProperties(get, { name, length } as PropertyDescriptorMap)
    return () => {
      this._unwrap(module, 'request')
      if (module.get === get) module.get = before
      watcher.stop()
    }
  }

  #clientRecorder(watcher: Watcher): ClientRecorder {
    const instrumentation = this
    const { requestHeaders = [], responseHeaders = [] } = this.getConfig().headersToSpanAttributes?.client ?? {}
    const ofRequest = headerCapture('request', requestHeaders)
    const ofResponse = headerCapture('response', responseHeaders)
    return {
      // another provider may come
      get tracer() {
        return instrumentation.tracer
      },
      watcher,
      isIgnored: options => isRuntimeApi(options) || this.getConfig().ignoreOutgoingRequestHook?.(options) === true,
      began: (span, request) => this.getConfig().requestHook?.(span, request),
      requestHeaders: request => ofRequest(name => request.getHeader(name)),
      responseHeaders: response => ofResponse(name => response.headers[name]),
      duration: (ms, attributes) => this.durations.client.record(ms / 1000, attributes),
      failed: error => this.getConfig().onFailure?.(error),
    }
  }

  #serverRecorder(): ServerRecorder {
    const instrumentation = this
    const { requestHeaders = [], responseHeaders = [] } = this.getConfig().headersToSpanAttributes?.server ?? {}
    const ofRequest = headerCapture('request', requestHeaders)
    const ofResponse = headerCapture('response', responseHeaders)
    return {
      get tracer() {
        return instrumentation.tracer
      },
      isIgnored: ({ method, url }) => isPageTelemetry(method, url) || isProbe(method, url),
      ...(requestHeaders.length > 0 && {
        requestHeaders: request => ofRequest(name => request.headers[name]),
      }),
      ...(responseHeaders.length > 0 && {
        responseHeaders: response => ofResponse(name => response.getHeader(name)),
      }),
      duration: (ms, attributes) => this.durations.server.record(ms / 1000, attributes),
      failed: error => this.getConfig().onFailure?.(error),
    }
  }
}
