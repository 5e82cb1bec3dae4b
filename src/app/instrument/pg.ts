// Chunk `instrument-pg`: OpenTelemetry's instrumentation, with the unit that the conventions have for what waits for a connection,
// and searches by vector told as such.
import type { Meter, MetricOptions } from '@opentelemetry/api'
import { type PgInstrumentationConfig, PgInstrumentation as Upstream } from '@opentelemetry/instrumentation-pg'
import { METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS } from '@opentelemetry/semantic-conventions/incubating'
import { retrievalOf } from './pgvector'

export class PgInstrumentation extends Upstream {
  constructor(config: PgInstrumentationConfig = {}) {
    super({
      ...config,
      requestHook(span, request) {
        const { text, values } = request.query as { text: string; values?: unknown[] }
        const attributes = retrievalOf(text, values)
        if (attributes) span.setAttributes(attributes)
        config.requestHook?.(span, request)
      },
    })
  }

  protected override get meter(): Meter {
    const meter = super.meter
    const createUpDownCounter = (name: string, options?: MetricOptions) =>
      meter.createUpDownCounter(
        name,
        name === METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS ? { ...options, unit: '{request}' } : options,
      )
    return Object.assign(Object.create(meter), { createUpDownCounter })
  }
}
