// The oracles are what OpenTelemetry's SDK makes, and https://opentelemetry.io/docs/specs/semconv/database/database-metrics/.
import type { Meter } from '@opentelemetry/api'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { PgInstrumentation } from '../../../src/app/instrument/pg'

it('requests that wait for a connection of pg are counted in requests, and connections in connections', () => {
  const units: Record<string, string | undefined> = {}
  const meter = new MeterProvider().getMeter('')
  const createUpDownCounter: Meter['createUpDownCounter'] = (name, options) => {
    units[name] = options?.unit
    return meter.createUpDownCounter(name, options)
  }
  const getMeter = () => Object.assign(Object.create(meter), { createUpDownCounter })
  new PgInstrumentation({ enabled: false }).setMeterProvider({ getMeter })
  expect(units).toEqual({
    'db.client.connection.count': '{connection}',
    'db.client.connection.max': '{connection}',
    'db.client.connection.pending_requests': '{request}',
  })
})
