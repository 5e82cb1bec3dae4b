// Takes the chat server's telemetry with the real Collector, which writes each tier to a file. Called by main.ts for
// --collector.
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TracesData } from '../../src/shared/otlp/trace'
import { spansOfOtlp, type TraceTier } from '../../src/shared/tiers'
import { freePorts } from './ports'
import type { Telemetry } from './receive'
import type { Stage } from './stage'

const tiers: readonly TraceTier[] = ['detailed', 'sampled', 'errors']

export async function throughCollector({ app, folder, start }: Stage): Promise<Telemetry> {
  const files = path.join(folder, 'files')
  const [http, grpc, trusted, health, own] = await freePorts(5)
  const collector = start(
    process.execPath,
    [path.join(app, 'node_modules/@afn/otel/dist/cli.cjs'), 'collector', 'run', '--files', files],
    {
      env: {
        ...process.env,
        AFN_OTLP_HTTP: `127.0.0.1:${http}`,
        AFN_OTLP_GRPC: `127.0.0.1:${grpc}`,
        AFN_OTLP_TRUSTED_HTTP: `127.0.0.1:${trusted}`,
        AFN_COLLECTOR_HEALTH: `127.0.0.1:${health}`,
        AFN_SELF_METRICS_PORT: String(own),
        AFN_HMAC_KEY: randomBytes(32).toString('hex'),
        AFN_INGEST_TOKEN: randomBytes(32).toString('hex'),
      },
      // Building or downloading it takes minutes, once; the command says so.
      onError: line => line.startsWith('collector: ') && console.error(line),
    },
  )
  const why = await Promise.race([collector.ended, healthy(`http://127.0.0.1:${health}/`)])
  if (why !== undefined) throw new Error(why)
  return {
    said: `the Collector's OTLP on http://127.0.0.1:${http}`,
    endpoint: `http://127.0.0.1:${http}`,
    async take() {
      if (collector.code() !== null) throw new Error(await collector.ended)
      // At a signal that ends it, it decides on every trace that it still holds; nobody has to wait for its timers.
      await collector.stop()
      const written = new Map(tiers.map(tier => [tier, documents<TracesData>(files, tier)]))
      return {
        traces: written.get('detailed') ?? [],
        metrics: documents(files, 'metrics'),
        logs: documents(files, 'logs'),
        bytes: readdirSync(files).map(file => ({
          where: path.parse(file).name,
          content: readFileSync(path.join(files, file)),
        })),
        tiers: tiersByTrace(written),
      }
    },
  }
}

/** One OTLP request a line. */
function documents<T>(files: string, name: string): T[] {
  const file = path.join(files, `${name}.json`)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  return lines.map(line => JSON.parse(line))
}

/** Tiers nest: what is in one without being in those below it does not count. */
function tiersByTrace(written: ReadonlyMap<TraceTier, readonly TracesData[]>): Map<string, TraceTier> {
  const found = new Map<string, TraceTier>()
  let below: TraceTier | undefined
  for (const [tier, all] of written) {
    const ids = new Set(all.flatMap(spansOfOtlp).map(span => span.traceId))
    for (const id of ids) if (found.get(id) === below) found.set(id, tier)
    below = tier
  }
  return found
}

async function healthy(url: string): Promise<undefined> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await sleep(100)
  return undefined
}
