// What a user of `@afn/otel/fetch` sets, and what is wrong with it.
import type { Attributes } from '@opentelemetry/api'
import type { Redactor } from '../../shared/redact'
import type { PriceTable } from '../llm/report/cost/price-table'

/** What is used of Node's class `AsyncLocalStorage`, which Workers, Deno, Bun and Vercel's edge have too. */
export type AsyncStorageClass = new () => {
  getStore(): unknown
  run<Result>(store: unknown, work: () => Result): Result
}

/** Readers of wire protocols by their names, as `@afn/otel/fetch/protocols` has them. */
export type Protocols = Readonly<Record<string, object>>

/** What is used of a redactor of `@afn/otel/redact`. */
export type SpanRedactor = Pick<Redactor, 'span' | 'attributes'>

export interface RedactorOptions {
  readonly content: 'off' | 'redacted' | 'full'
  readonly onError: (where: string, error: unknown) => void
}

export interface OtelOptions {
  /** `service.name` */
  serviceName: string
  /** `service.version` */
  serviceVersion?: string
  /** Further attributes of the resource, as `deployment.environment.name`. Redacted. */
  resource?: Attributes
  /** An OTLP/HTTP endpoint that takes JSON, as every Collector does. */
  exporter: {
    /** Without `/v1/traces`: `https://collector.example`. */
    url: string
    headers?: Record<string, string>
  }
  /** Prompts and answers on spans. Default `off`; `redacted` and `full` need `redactor`. */
  captureContent?: 'off' | 'redacted' | 'full'
  /**
   * `createRedactor` of `@afn/otel/redact`, or a function that calls it with more options. Default: secrets, e-mail addresses, cards and
   * passwords in URLs are masked, and content is removed wherever it stands.
   */
  redactor?: (options: RedactorOptions) => SpanRedactor
  /** `prices` of `@afn/otel/fetch/prices`. Default: a call has a cost only where its provider tells one. */
  prices?: PriceTable
  /** `protocols` of `@afn/otel/fetch/protocols`, or some of them. Default: OpenAI's, which most providers and gateways speak, and Anthropic's. */
  protocols?: Protocols
  /** Streams are asked for their token counts where the application did not, hidden from it. Default `off`. */
  includeUsage?: 'auto' | 'on' | 'off'
  /** Share of the traces beginning here that are exported, 0 to 1. Metrics count all calls. Default 1. */
  sampleRate?: number
  /** Default `true`. */
  metrics?: boolean
  /** The class, where the runtime has none that is found: with Workers' `nodejs_als` that of `node:async_hooks`. */
  asyncLocalStorage?: AsyncStorageClass
}

/** @throws TypeError that names every option that is wrong */
export function check(options: OtelOptions): void {
  const wrong: string[] = []
  const { serviceName, exporter, captureContent = 'off', redactor, sampleRate = 1, includeUsage = 'off' } = options
  if (typeof serviceName !== 'string' || serviceName === '')
    wrong.push('serviceName is missing; give the name of the service')
  if (!isHttp(exporter?.url))
    wrong.push(`exporter.url ${JSON.stringify(exporter?.url)} is no http(s) address; give the Collector's, as https://collector.example`) // biome-ignore format: one line
  if (!['off', 'redacted', 'full'].includes(captureContent))
    wrong.push(`captureContent ${JSON.stringify(captureContent)} is unknown; use off, redacted or full`)
  else if (captureContent !== 'off' && typeof redactor !== 'function')
    wrong.push(`captureContent "${captureContent}" needs a redactor; pass createRedactor of @afn/otel/redact`)
  if (!['auto', 'on', 'off'].includes(includeUsage))
    wrong.push(`includeUsage ${JSON.stringify(includeUsage)} is unknown; use auto, on or off`)
  if (!(sampleRate >= 0 && sampleRate <= 1)) wrong.push(`sampleRate ${sampleRate} is not between 0 and 1`)
  if (wrong.length > 0) throw new TypeError(`@afn/otel/fetch: ${wrong.join('; ')}`)
}

function isHttp(url: unknown): boolean {
  return typeof url === 'string' && /^https?:\/\/[^/\s]/.test(url) && URL.canParse(url)
}
