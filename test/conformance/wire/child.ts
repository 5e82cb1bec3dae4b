// Runs a case's app, without us or with the packed preload, and gathers what it got and what was exported.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type ReceivedMetric, type ReceivedSpan, startReceiver } from '../../support/receiver'
import { runNode } from '../node-process'
import type { Case } from './case'
import type { Loopback, Received } from './loopback'

export interface Outcome {
  /** What the application got of each call; nothing where the process did not come to its end. */
  readonly results: Readonly<Record<string, unknown>>
  readonly received: readonly Received[]
  readonly spans: readonly ReceivedSpan[]
  readonly metrics: readonly ReceivedMetric[]
  /** What is not of one call. */
  readonly problems: readonly string[]
}

export interface Place {
  readonly loopback: Loopback
  readonly folder: string
  /** Binary of Node.js. */
  readonly node: string
}

export async function runCase(
  { app, calls, env }: Case,
  { loopback, folder, node }: Place,
  preloaded: boolean,
): Promise<Outcome> {
  const file = path.join(folder, 'results.json')
  rmSync(file, { force: true })
  loopback.start(calls)
  const receiver = preloaded ? await startReceiver() : undefined
  const args = [...(receiver ? ['--require', '@afn/otel'] : []), app]
  const { code, signal, stdout, stderr } = await runNode(node, args, folder, {
    NODE_EXTRA_CA_CERTS: loopback.ca,
    TMPDIR: folder,
    CALLS: JSON.stringify(Object.keys(calls)),
    RESULTS: file,
    PROXY: loopback.proxy,
    OPENAI_API_KEY: 'sk-test',
    ANTHROPIC_API_KEY: 'sk-ant-test',
    GEMINI_API_KEY: 'test',
    MISTRAL_API_KEY: 'test',
    COHERE_API_KEY: 'test',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    ...env,
    ...(receiver && { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRIC_EXPORT_INTERVAL: '600000' }),
  })
  const problems = code === 0 ? [] : [`the process ended with ${code ?? signal}: ${(stderr || stdout).slice(-2000)}`]
  // what was exported is held to the registry
  await receiver?.close().catch(error => problems.push(String(error.message).slice(0, 500)))
  return {
    results: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {},
    received: [...loopback.received],
    spans: receiver?.spans() ?? [],
    metrics: receiver?.metrics() ?? [],
    problems,
  }
}
