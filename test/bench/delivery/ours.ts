// The room src/app/delivery as a span processor of OpenTelemetry's TracerProvider.
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { createBatchExporter } from '../../../src/app/delivery/batch-exporter'
import { DeliveryCounts } from '../../../src/app/delivery/counts'
import { rankOf, sizeOf } from '../../../src/app/sdk/overload'
import type { SpanCopy } from '../../../src/app/sdk/span-copy'
import { resolve } from '../../../src/shared/config/resolve'
import { type Exported, newExported } from '../../../src/shared/diag/status'

export function ours(): { processor: SpanProcessor; exported: Exported } {
  const { settings } = resolve({ env: process.env, cwd: '/nowhere', parseYaml: JSON.parse })
  const exported = newExported()
  const exporter = createBatchExporter<ReadableSpan>('traces', settings, new DeliveryCounts(exported), {
    sizeOf: span => sizeOf(span as SpanCopy),
    rankOf: span => rankOf(span as SpanCopy),
    shrink() {},
  })
  if (!exporter) throw new Error('spans are not exported')
  return {
    exported,
    processor: {
      onStart() {},
      onEnd: span => exporter.add(span),
      forceFlush: () => exporter.flush(),
      shutdown: () => exporter.shutdown(),
    },
  }
}
