// Chunk `runtime`: event loop, heap and garbage collection, machine, container and process as metrics. Loaded after the app is up,
// since watching the event loop from the first line makes every start slower.
import { tmpdir } from 'node:os'
import { metrics } from '@opentelemetry/api'
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node'
import { workingDirectory } from '../config/entry'
import type { Settings } from '../config/settings'
import { measureSystem } from '../system/metrics'
import { version } from '../version'

/**
 * Starts both; they report through the global meter provider. Network figures of the host are left to the Collector: each process of
 * a host would report the same.
 */
export function startRuntimeMetrics({ spoolDir, logDir, auditDir }: Settings): void {
  // makes its instruments in nothing but this call; its base class makes it before the collectors are there
  new RuntimeNodeInstrumentation().setMeterProvider(metrics.getMeterProvider())
  const own = [spoolDir, logDir, auditDir].filter(folder => folder !== undefined)
  const folders = ['/', workingDirectory(), tmpdir(), ...own]
  measureSystem(metrics.getMeter('@afn/otel/system', version), folders)
}
