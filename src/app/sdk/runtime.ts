// Chunk `runtime`: event loop, heap and garbage collection, machine, container and process as metrics. Loaded after the app is up,
// since watching the event loop from the first line makes every start slower.
import { tmpdir } from 'node:os'
import { type Meter, metrics } from '@opentelemetry/api'
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node'
import {
  METRIC_V8JS_MEMORY_HEAP_SPACE_AVAILABLE_SIZE,
  METRIC_V8JS_MEMORY_HEAP_SPACE_PHYSICAL_SIZE,
  METRIC_V8JS_MEMORY_HEAP_USED,
} from '@opentelemetry/semantic-conventions/incubating'
import { workingDirectory } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { version } from '../../shared/version'
import { measureSystem } from '../system/metrics'

/** Sizes of the heap's spaces, which add up. */
const sums: ReadonlySet<string> = new Set([
  METRIC_V8JS_MEMORY_HEAP_USED,
  METRIC_V8JS_MEMORY_HEAP_SPACE_AVAILABLE_SIZE,
  METRIC_V8JS_MEMORY_HEAP_SPACE_PHYSICAL_SIZE,
])

/** OpenTelemetry's, with sums where the conventions have sums, and it has gauges. */
class Instrumentation extends RuntimeNodeInstrumentation {
  protected override get meter(): Meter {
    const meter = super.meter
    const createObservableGauge: Meter['createObservableGauge'] = (name, options) =>
      sums.has(name) ? meter.createObservableUpDownCounter(name, options) : meter.createObservableGauge(name, options)
    return Object.assign(Object.create(meter), { createObservableGauge })
  }
}

/**
 * Starts both; they report through the global meter provider. Network figures of the host are left to the Collector: each process of
 * a host would report the same.
 */
export function startRuntimeMetrics({ spoolDir, logDir, auditDir }: Settings): void {
  // makes its instruments in nothing but this call; its base class makes it before the collectors are there
  new Instrumentation().setMeterProvider(metrics.getMeterProvider())
  const own = [spoolDir, logDir, auditDir].filter(folder => folder !== undefined)
  const folders = ['/', workingDirectory(), tmpdir(), ...own]
  measureSystem(metrics.getMeter('@afn/otel/system', version), folders)
}
