// Chunk `instrument-pg`: OpenTelemetry's instrumentation, with the unit that the conventions have for what waits for a connection.
import type { Meter, MetricOptions } from '@opentelemetry/api'
import { PgInstrumentation as Upstream } from '@opentelemetry/instrumentation-pg'
import { METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS } from '@opentelemetry/semantic-conventions/incubating'

export class PgInstrumentation extends Upstream {
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
