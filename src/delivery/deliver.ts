// Sends batches of one signal where the settings say.
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core'
import { loadChunk } from '../chunks'
import { type OtlpTarget, otlpTarget, type Signal } from '../config/otlp'
import type { Settings } from '../config/settings'
import { reason, report } from '../diag/report'
import type { Transport } from './transport'

export interface Delivery<Batch> {
  /** Resolves to whether the batch was delivered; never rejects. Once `hurry` is aborted nothing is tried again. */
  deliver(batch: Batch, hurry: AbortSignal): Promise<boolean>
}

export function createDelivery<Batch>(
  signal: Signal,
  exporter: 'otlp' | 'console',
  settings: Settings,
): Delivery<Batch> {
  return exporter === 'console' ? consoleDelivery(signal) : otlpDelivery(otlpTarget(signal, settings))
}

/** Loads the encoder and the transport at the first batch. Nothing here makes spans: everything runs with tracing suppressed. */
function otlpDelivery<Batch>(target: OtlpTarget): Delivery<Batch> {
  let transport: Transport | undefined
  let encode: ((batch: Batch) => Buffer) | undefined

  async function send(batch: Batch, hurry: AbortSignal): Promise<boolean> {
    try {
      const { createTransport, encoders } = loadChunk('otlp')
      encode ??= encoders[target.protocol][target.signal] as unknown as (batch: Batch) => Buffer
      transport ??= createTransport(target)
      const failed = await transport.post(encode(batch), hurry)
      if (failed) report('AFN130', undelivered(target, failed))
      return failed === undefined
    } catch (error) {
      report('AFN130', undelivered(target, reason(error)))
      return false
    }
  }

  return { deliver: (batch, hurry) => context.with(suppressTracing(ROOT_CONTEXT), send, undefined, batch, hurry) }
}

function undelivered({ signal, url }: OtlpTarget, why: string): string {
  const { origin, pathname } = new URL(url)
  return `${signal} could not be delivered to ${origin}${pathname} (${why}); start a Collector there or set OTEL_EXPORTER_OTLP_ENDPOINT (OTEL_${signal.toUpperCase()}_EXPORTER=none turns this off)`
}

function consoleDelivery<Batch>(signal: Signal): Delivery<Batch> {
  return {
    deliver: batch =>
      new Promise(resolve => {
        const { ConsoleLogRecordExporter, ConsoleMetricExporter, ConsoleSpanExporter } = loadChunk('console')
        const exporters = {
          traces: ConsoleSpanExporter,
          metrics: ConsoleMetricExporter,
          logs: ConsoleLogRecordExporter,
        }
        const done = ({ code }: ExportResult) => resolve(code === ExportResultCode.SUCCESS)
        new exporters[signal]().export(batch as never, done)
      }),
  }
}
