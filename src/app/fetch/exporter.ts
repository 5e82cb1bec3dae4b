// Sends spans and metrics to an OTLP/HTTP endpoint. A flush takes all that waits and shares no promise with another one: on Workers what one
// request waits for, no other may.
import type { Attributes } from '@opentelemetry/api'
import type { FetchMeter, Metric } from './meter'
import { metricsOf, tracesOf } from './otlp'
import { problem, reason } from './problems'
import type { FetchSpan, Scope } from './span'

/** Spans that wait; beyond them the newest are dropped. */
const MOST_WAITING = 2_048
const TIMEOUT = 10_000
/** Of one export. */
const MOST_ATTEMPTS = 3
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504])
const LONGEST_PAUSE = 5_000

export interface Endpoint {
  /** Without `/v1/traces`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface ExporterOptions {
  readonly endpoint: Endpoint
  /** The runtime's own. */
  readonly fetch: typeof globalThis.fetch
  /** Called at the first export. Redacted. */
  readonly resource: () => Attributes
  readonly scope: Scope
  readonly meter: FetchMeter
  readonly sendsMetrics: boolean
}

export class Exporter {
  readonly #options: ExporterOptions
  #spans: FetchSpan[] = []
  #since = 0
  #resource: Attributes | undefined
  dropped = 0

  constructor(options: ExporterOptions) {
    this.#options = options
  }

  readonly add = (span: FetchSpan): void => {
    this.#since ||= Date.now()
    if (this.#spans.length < MOST_WAITING) this.#spans.push(span)
    else this.#drop(1)
  }

  /** Never rejects. */
  async flush(): Promise<void> {
    const { meter, sendsMetrics } = this.#options
    const spans = this.#spans
    this.#spans = []
    await Promise.all([spans.length > 0 && this.#sendSpans(spans), sendsMetrics && this.#sendMetrics(meter.take())])
  }

  get #described(): Attributes {
    this.#resource ??= this.#options.resource()
    return this.#resource
  }

  async #sendSpans(spans: FetchSpan[]): Promise<void> {
    if (await this.#post('traces', tracesOf(this.#described, spans))) return
    const room = MOST_WAITING - this.#spans.length
    this.#spans.unshift(...spans.slice(0, room))
    if (spans.length > room) this.#drop(spans.length - room)
  }

  async #sendMetrics(metrics: readonly Metric[]): Promise<void> {
    if (metrics.length === 0) return
    const { scope, meter } = this.#options
    const [since, until] = [this.#since, Date.now()]
    this.#since = until
    if (await this.#post('metrics', metricsOf(this.#described, scope, metrics, since, until))) return
    this.#since = since
    meter.giveBack(metrics)
  }

  /** @returns whether it is done with: delivered, or refused for good */
  async #post(signal: 'traces' | 'metrics', body: string): Promise<boolean> {
    const { endpoint, fetch } = this.#options
    const url = `${endpoint.url.replace(/\/+$/, '')}/v1/${signal}`
    let failure = ''
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      let pause = 100 * 4 ** attempt * Math.random()
      try {
        const headers = { 'content-type': 'application/json', ...endpoint.headers }
        const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT) })
        const answer = await response.text()
        if (response.ok) {
          if (/"rejected\w+":"?[1-9]/.test(answer)) problem('AFN135', `${signal}: ${answer.slice(0, 200)}`)
          return true
        }
        failure = `HTTP ${response.status}`
        if (!RETRIED.has(response.status)) {
          problem(
            'AFN130',
            `${signal} were refused with ${failure} and are lost; check exporter.url and exporter.headers`,
          )
          return true
        }
        pause = Math.max(pause, Number(response.headers.get('retry-after')) * 1000 || 0)
      } catch (error) {
        failure = reason(error)
      }
      if (attempt < MOST_ATTEMPTS) await new Promise(resolve => setTimeout(resolve, Math.min(pause, LONGEST_PAUSE)))
    }
    problem('AFN130', `${signal} could not be delivered (${failure}); they go with the next export`)
    return false
  }

  #drop(count: number): void {
    this.dropped += count
    problem('AFN131', `${this.dropped} spans were dropped, since more than ${MOST_WAITING} wait to be delivered`)
  }
}
