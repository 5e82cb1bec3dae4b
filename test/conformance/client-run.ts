// Runs a client's scenarios once, with or without the preload, and gathers all that can be seen: what the application got,
// what went over the wire, what was exported.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { ReceivedSpan } from '../support/receiver'
import { startReceiver } from '../support/receiver'
import { runNode } from './node-process'
import type { Provider, Received } from './provider'

export interface Outcome {
  /** What the application got, by scenario; nothing where the process did not come to its end. */
  results: Record<string, { outcome: unknown; began: number }>
  /** What is not of one scenario: exit code, output, warnings, unhandled rejections. */
  process: unknown
  /** By the scenario's name as it stands in paths. */
  wire: Map<string, Received[]>
  spans: ReceivedSpan[]
}

export interface ClientRun {
  folder: string
  node: string
  /** As after `node`. */
  args: string[]
  env?: Record<string, string>
  preloaded: boolean
  /** By default a minute. */
  patienceMs?: number | undefined
}

export async function runClient(
  provider: Provider,
  { folder, node, args, env, preloaded, patienceMs }: ClientRun,
): Promise<Outcome> {
  const file = path.join(folder, 'results.json')
  rmSync(file, { force: true })
  provider.received.length = 0
  const receiver = preloaded ? await startReceiver() : undefined
  const all = {
    PROVIDER: `http://127.0.0.1:${provider.port}`,
    PROVIDER2: `http://127.0.0.1:${provider.port2}`,
    RESULTS: file,
    ...env,
    ...(receiver && {
      OTEL_API: '@afn/otel/api',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      AFN_LOG_LEVEL: 'none',
      OTEL_METRICS_EXPORTER: 'none',
    }),
  }
  const { code, signal, stdout, stderr } = await runNode(node, ['--expose-gc', ...args], folder, all, patienceMs)
  const written = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { results: {}, process: 'did not come to its end' }
  const spans = receiver?.spans() ?? []
  await receiver?.close()
  return {
    results: written.results,
    process: { code, signal, stdout, stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node)'), ...written.process },
    wire: grouped(provider.received),
    spans,
  }
}

function grouped(received: Received[]): Map<string, Received[]> {
  const by = new Map<string, Received[]>()
  for (const request of received) {
    const scenario = request.path.split('/')[1] ?? ''
    by.set(scenario, [...(by.get(scenario) ?? []), request])
  }
  return by
}
