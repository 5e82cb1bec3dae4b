// A real Prometheus beside the embedded backend, which gets every metric that comes in. Called by up.ts when it was asked
// for; without one everything else goes on.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plan } from '../pipeline/plan'
import { features, noOrigins, prometheusConfig } from '../pipeline/prometheus'
import { render } from '../pipeline/render'
import { reasonOf } from '../queries/http'
import { toProtobuf } from './otlp/encode'
import { messages } from './otlp/messages'
import type { Document } from './otlp/schema'

export interface PrometheusOptions {
  /** A path, or a name to look up on PATH. */
  readonly binary: string
  /** Where it is to listen, such as http://127.0.0.1:9090. */
  readonly url: string
  /** For its configuration and its data. */
  readonly folder: string
  readonly plan: Plan
  /** For the lines that a user has to read. */
  readonly say: (line: string) => void
}

export interface Prometheus {
  /** Hands a request of OTLP over; it is told once when that does not work. */
  forward(request: Buffer | Document): void
  close(): Promise<void>
}

/** @returns undefined when it can't be started, which has been said then */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus | undefined> {
  const { binary, url, say } = options
  const child = spawn(binary, argumentsOf(options), { stdio: ['ignore', 'ignore', 'pipe'] })
  let lastLine = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').at(-1) ?? ''
  })
  let isEnding = false
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(reasonOf(error)))
    child.once('close', code => resolve(`it ended with ${code}: ${lastLine}`))
  })
  const patience = new AbortController()
  const why = await Promise.race([ready(url, patience.signal), ended])
  patience.abort()
  if (why !== undefined) {
    child.kill()
    say(`no Prometheus (${why}): put one on PATH, or name it in AFN_PROMETHEUS; metrics are stored all the same`)
    return undefined
  }
  ended.then(reason => {
    if (!isEnding) say(`Prometheus is gone (${reason}); metrics are stored all the same`)
  })
  return {
    forward: forwarder(url, say),
    async close() {
      isEnding = true
      child.kill()
      await ended
    },
  }
}

/** Its configuration is that of the pipeline, but for what is scraped: there is nothing else to scrape. */
function argumentsOf({ folder, plan, url }: PrometheusOptions): string[] {
  const { scrape_configs: _, ...config } = prometheusConfig('high', plan)
  const file = path.join(folder, 'prometheus.yml')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, render('Written anew at each start of afn-otel up.', config))
  return [
    `--config.file=${file}`,
    `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
    `--web.listen-address=${new URL(url).host}`,
    '--web.enable-otlp-receiver',
    noOrigins,
    features,
  ]
}

/** @returns undefined when it answers; why not, after half a minute */
async function ready(url: string, over: AbortSignal): Promise<string | undefined> {
  for (let tries = 0; tries < 150 && !over.aborted; tries++) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (answer?.ok) return undefined
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  return `it does not answer at ${url}`
}

function forwarder(url: string, say: (line: string) => void): Prometheus['forward'] {
  let isSaid = false
  return request => {
    const bytes = Buffer.isBuffer(request) ? request : toProtobuf(messages.ExportMetricsServiceRequest, request)
    const body = new Uint8Array(bytes)
    const headers = { 'content-type': 'application/x-protobuf' }
    fetch(`${url}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body })
      .then(async response => (response.ok ? undefined : `${response.status}: ${await response.text()}`), reasonOf)
      .then(problem => {
        if (problem === undefined || isSaid) return
        isSaid = true
        say(`Prometheus does not take all metrics (${problem.trim().slice(0, 300)})`)
      })
  }
}
