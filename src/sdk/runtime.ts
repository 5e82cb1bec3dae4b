// Chunk `runtime`: event loop, heap, garbage collection, CPU and memory as metrics. Loaded after the app is up, since
// watching the event loop from the first line makes every start slower.
import { metrics } from '@opentelemetry/api'
import { HostMetricsInstrumentation } from '@opentelemetry/instrumentation-host-metrics'
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node'

/**
 * Starts both; they report through the global meter provider. Network figures of the host are left to the Collector:
 * they would need a library larger than all else here, and each process of a host would report the same.
 */
export function startRuntimeMetrics(): void {
  // makes its instruments in nothing but this call; its base class makes it before the collectors are there
  new RuntimeNodeInstrumentation().setMeterProvider(metrics.getMeterProvider())
  new HostMetricsInstrumentation({ metricGroups: ['process.cpu', 'process.memory', 'system.cpu', 'system.memory'] })
}
