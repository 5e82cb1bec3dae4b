// A real Collector, started as a user starts it, and what it wrote.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, inject } from 'vitest'
import { freePorts } from '../support/ports'

const binary = inject('collectorBinary')

/** What needs the Collector; setup.ts has said why it is skipped, if it is. */
export const describeCollector = describe.skipIf(binary === undefined)

/** What `afn-otel collector run` starts with by itself, and what it starts an otelcol-contrib with. */
export const everyConfiguration = [
  { name: 'by our own components', args: [] },
  {
    name: 'by those of upstream',
    args: ['--config', path.join(import.meta.dirname, '../../otel-collector.yaml')],
  },
] as const

export const scratchFolder = (): string => mkdtempSync(path.join(tmpdir(), 'afn-otelcol-'))

/** This process's environment, without what would configure a Collector of the user's own. */
export function environment(folder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AFN|LANGFUSE)_/.test(name))
  return { ...Object.fromEntries(kept), OTELCOL_BIN: binary, AFN_CACHE_DIR: path.join(folder, 'cache') }
}

export interface Running {
  /** Where it takes OTLP over HTTP. */
  readonly url: string
  /** Where it takes it with the token. */
  readonly trusted: string
  /** The variables that say where its health and its own metrics are. */
  readonly places: Record<string, string>
  /** Posts OTLP JSON, with a token to the listener that asks for it, and says the status. */
  readonly send: (signal: 'traces' | 'metrics' | 'logs', body: unknown, token?: string) => Promise<number>
  /** Sum of the series of one of the Collector's own metrics, or of those in which `label` stands; 0 when there is none. */
  readonly own: (metric: string, label?: string) => Promise<number>
  /** What it said on stderr so far. */
  readonly log: () => string
  /** Ends it by a signal, and says its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** Starts `afn-otel collector run ARGS` on free ports, and waits until it answers its health check. */
export async function startCollector(
  folder: string,
  args: readonly string[],
  settings: Record<string, string> = {},
): Promise<Running> {
  const [http, grpc, trusted, health, metrics] = await freePorts(5)
  const env = {
    ...environment(folder),
    AFN_OTLP_HTTP: `127.0.0.1:${http}`,
    AFN_OTLP_GRPC: `127.0.0.1:${grpc}`,
    AFN_OTLP_TRUSTED_HTTP: `127.0.0.1:${trusted}`,
    AFN_COLLECTOR_HEALTH: `127.0.0.1:${health}`,
    AFN_SELF_METRICS_PORT: String(metrics),
    ...settings,
  }
  const command = [inject('collectorCommand'), 'run', ...args]
  // In a process group, so that SIGKILL, which no command can pass on, reaches the Collector too.
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  const isRunning = () => child.exitCode === null && child.signalCode === null
  // Neither a test that fails half-way nor a start that comes to nothing leaves it running, and its queue locked.
  const kill = () => void (isRunning() && process.kill(-child.pid!, 'SIGKILL'))
  process.once('exit', kill)
  child.once('close', () => process.off('exit', kill))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    log += text
  })
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  await until('the Collector to be healthy', async () => {
    if (child.exitCode !== null) throw new Error(`the Collector ended with ${child.exitCode}:\n${log}`)
    return (await fetch(`http://127.0.0.1:${health}/`).catch(() => undefined))?.ok
  }).catch(error => {
    kill()
    throw error
  })
  const url = `http://127.0.0.1:${http}`
  return {
    url,
    trusted: `http://127.0.0.1:${trusted}`,
    places: { AFN_COLLECTOR_HEALTH: env.AFN_COLLECTOR_HEALTH, AFN_SELF_METRICS_PORT: env.AFN_SELF_METRICS_PORT },
    async send(signal, body, token) {
      const response = await fetch(`${token === undefined ? url : `http://127.0.0.1:${trusted}`}/v1/${signal}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      })
      await response.arrayBuffer()
      return response.status
    },
    async own(metric, label = '') {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()
      const series = text.split('\n').filter(line => line.startsWith(metric) && line.includes(label))
      return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
    },
    log: () => log,
    stop(signal = 'SIGTERM') {
      if (signal === 'SIGKILL') kill()
      else child.kill(signal)
      return exited
    },
  }
}

/** The lines of a file that `--files` writes, without one that is being written; none before the first. */
export function linesOf(folder: string, name: string): string[] {
  const file = path.join(folder, `${name}.json`)
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

/** The span ids in such a file, sorted, by trace id; an id that was written twice is there twice. */
export function spanIdsIn(folder: string, name: string): Map<string, string[]> {
  return idsOf(
    linesOf(folder, name).flatMap(line =>
      JSON.parse(line).resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: Ids[] }[] }) =>
        scopeSpans.flatMap(({ spans }) => spans),
      ),
    ),
  )
}

interface Ids {
  readonly traceId: string
  readonly spanId: string
}

/** The span ids, sorted, by trace id; an id that is there twice stays there twice. */
export function idsOf(spans: readonly Ids[]): Map<string, string[]> {
  const traces = new Map<string, string[]>()
  for (const { traceId, spanId } of spans) {
    const ids = traces.get(traceId)
    if (ids) ids.push(spanId)
    else traces.set(traceId, [spanId])
  }
  for (const ids of traces.values()) ids.sort()
  return traces
}

/** Waits, two minutes at most, until the condition gives something true. */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<void> {
  const deadline = Date.now() + 120_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
