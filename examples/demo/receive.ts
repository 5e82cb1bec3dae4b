// Takes the chat server's telemetry with a receiver of ours, where no option wants a Collector.

import { startReceiver } from '../../src/backend/receiver'
import type { Document } from '../../src/shared/otlp/schema'
import type { TracesData } from '../../src/shared/otlp/trace'
import type { TraceTier } from '../../src/shared/tiers'

/** Where telemetry goes, and what has come when the chat server has ended. */
export interface Telemetry {
  readonly said: string
  readonly endpoint: string
  take(): Promise<Received>
}

export interface Received {
  readonly traces: readonly TracesData[]
  readonly metrics: readonly Document[]
  readonly logs: readonly Document[]
  /** Everything that came, unpacked, and the signal; of a Collector everything that it wrote, and the file's name. */
  readonly bytes: readonly { readonly where: string; readonly content: Buffer }[]
  /** Where a Collector has decided: the highest tier in which it put each trace. */
  readonly tiers?: ReadonlyMap<string, TraceTier>
}

export async function receive(): Promise<Telemetry> {
  const traces: TracesData[] = []
  const metrics: Document[] = []
  const logs: Document[] = []
  const bytes: { where: string; content: Buffer }[] = []
  const receiver = await startReceiver({
    onTraces(request) {
      traces.push(request)
      return undefined
    },
    onMetrics(request) {
      metrics.push(request)
      return undefined
    },
    onLogs(request) {
      logs.push(request)
      return undefined
    },
    onBytes: (where, content) => bytes.push({ where, content }),
  })
  return {
    said: `OTLP on ${receiver.url}`,
    endpoint: receiver.url,
    async take() {
      await receiver.close()
      return { traces, metrics, logs, bytes }
    },
  }
}
