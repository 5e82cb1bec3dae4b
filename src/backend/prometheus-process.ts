// Runs a real Prometheus beside the embedded backend and forwards all metrics to it. If it fails, everything else goes on.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { renamed } from '../shared/config/renamed'
import { fromProtobuf } from '../shared/otlp/from-protobuf'
import { messages } from '../shared/otlp/messages'
import type { Document } from '../shared/otlp/schema'
import { toProtobuf } from '../shared/otlp/to-protobuf'
import { reasonOf } from '../shared/queries/http'
import type { Listening } from './listen'
import { startProxy } from './proxy'
import { withTodaysNames } from './renamed-attributes'

export interface PrometheusOptions {
  /** A path, or a name to find on PATH. */
  readonly binary: string
  /** The variable that sets the path, for messages. Default: PROMETHEUS_BIN. */
  readonly setBy?: string
  /** The address at which it listens, such as http://127.0.0.1:9090. */
  readonly url: string
  /** The folder for its configuration and data. */
  readonly folder: string
  /** Minimum retention in days. */
  readonly days: number
  /** Returns the text of its configuration. @param days of minimum retention @param ruleFiles paths of the rule files */
  readonly config: (days: number, ruleFiles: readonly string[]) => string
  /** Its flags, except those for file paths and the address. */
  readonly flags: readonly string[]
  /** Rule files by name. */
  readonly rules: Readonly<Record<string, string>>
  /** Prints a line for the user. */
  readonly say: (line: string) => void
}

export interface Prometheus {
  /** The base URL of its API, for this process only. */
  readonly url: string
  /** Rule files that it did not load, by name, with the reason. */
  readonly refused: ReadonlyMap<string, string>
  /** Forwards an OTLP request; failures are reported once. */
  forward(request: Buffer | Document): void
  close(): Promise<void>
}

/** Timeout of a request, in milliseconds. */
const PATIENCE = 30_000

/** @returns undefined if it can't be started, which has then been reported */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus | undefined> {
  const { say } = options
  const files = writeRules(options)
  let { behind, child, ended, why } = await startProcess(options, files)
  const refused = new Map<string, string>()
  for (let one = refusalOf(why, files); one; one = refusalOf(why, files)) {
    const name = path.basename(one.file)
    say(`Prometheus refuses ${name}, which is left out (${one.reason})`)
    refused.set(name, one.reason)
    files.splice(files.indexOf(one.file), 1)
    ;({ behind, child, ended, why } = await startProcess(options, files))
  }
  let isEnding = false
  let proxy: Listening | undefined
  if (why === undefined) {
    const { hostname, port } = new URL(options.url)
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    proxy = await startProxy(behind, Number(port) || 80, { host }).catch(error => {
      why = reasonOf(error)
      return undefined
    })
  }
  if (proxy === undefined) {
    child.kill()
    say(
      `no Prometheus (${why}): put one on PATH, or name it in ${options.setBy ?? 'PROMETHEUS_BIN'}; metrics are stored all the same`,
    )
    return undefined
  }
  if (options.setBy !== undefined) say(`name the binary of Prometheus in ${options.setBy}`)
  ended.then(reason => {
    if (!isEnding) say(`Prometheus is gone (${reason}); metrics are stored all the same`)
  })
  return {
    url: behind.href,
    refused,
    forward: forwarder(behind.href, say),
    async close() {
      isEnding = true
      await proxy.close()
      child.kill()
      await ended
    },
  }
}

/** @returns the process, and if it is not ready, the reason */
async function startProcess(options: PrometheusOptions, rules: readonly string[]) {
  const behind = await placeBehind()
  const child = spawn(options.binary, argumentsOf(options, behind, rules), { stdio: ['ignore', 'ignore', 'pipe'] })
  let lastLine = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastLine = text.trim().split('\n').at(-1) ?? ''
  })
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(reasonOf(error)))
    child.once('close', code => resolve(`it ended with ${code}: ${lastLine}`))
  })
  const patience = new AbortController()
  const why = await Promise.race([ready(behind.href, patience.signal), ended])
  patience.abort()
  return { behind, child, ended, why }
}

/** @returns the paths of the files */
function writeRules({ folder, rules }: PrometheusOptions): string[] {
  const place = path.join(folder, 'rules')
  // the previous start may have had other objectives
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  return Object.entries(rules).map(([name, content]) => {
    const file = path.join(place, name)
    writeFileSync(file, content)
    return file
  })
}

/** Prometheus does not start with an invalid rule file, so such a file is left out and the others load. */
function refusalOf(why: string | undefined, files: readonly string[]): { file: string; reason: string } | undefined {
  const file = files.find(name => why?.includes(`${name}:`))
  if (file === undefined) return undefined
  const reason = why!.slice(why!.lastIndexOf(`${file}:`) + file.length + 1)
  return { file, reason: reason.replace(/\\"/g, '"').replace(/"$/, '').trim() }
}

/**
 * Prometheus does not check the `Host` header, so a page could reach it by DNS rebinding. It therefore listens on a free port under a path
 * that nobody can guess, behind a proxy that checks requests.
 */
async function placeBehind(): Promise<URL> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return new URL(`http://127.0.0.1:${port}/${randomBytes(16).toString('hex')}`)
}

function argumentsOf(options: PrometheusOptions, behind: URL, ruleFiles: readonly string[]): string[] {
  const { folder, url, days, config, flags } = options
  const file = path.join(folder, 'prometheus.yml')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, config(days, ruleFiles))
  return [
    `--config.file=${file}`,
    `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
    `--web.listen-address=${behind.host}`,
    `--web.route-prefix=${behind.pathname}`,
    `--web.external-url=${url}`,
    ...flags,
  ]
}

/** @returns undefined once it is ready; after half a minute, the reason why it is not */
async function ready(url: string, over: AbortSignal): Promise<string | undefined> {
  for (let tries = 0; tries < 150 && !over.aborted; tries++) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined)
    if (answer?.ok) return undefined
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  return `it does not answer at ${url}`
}

/** Maximum bytes that wait for Prometheus. Beyond it, requests are stored here but not forwarded. */
const MOST_WAITING = 32 * 2 ** 20

function forwarder(url: string, say: (line: string) => void): Prometheus['forward'] {
  let isSaid = false
  let waiting = 0

  function failed(problem: string): void {
    if (isSaid) return
    isSaid = true
    say(`Prometheus does not take all metrics (${problem.trim().slice(0, 300)})`)
  }

  async function send(body: Buffer): Promise<void> {
    const headers = { 'content-type': 'application/x-protobuf' }
    try {
      const options = { method: 'POST', headers, body: new Uint8Array(body), signal: AbortSignal.timeout(PATIENCE) }
      const response = await fetch(`${url}/api/v1/otlp/v1/metrics`, options)
      const text = await response.text()
      if (!response.ok) failed(`${response.status}: ${text}`)
    } catch (error) {
      failed(reasonOf(error))
    }
  }

  return request => {
    const body = underTodaysNames(request)
    if (waiting > 0 && waiting + body.length > MOST_WAITING) return failed('it is slower than they come')
    waiting += body.length
    void send(body).finally(() => (waiting -= body.length))
  }
}

/** In protobuf, the length precedes a string. */
const oldKeys = renamed.map(([old]) => Buffer.from(`${String.fromCharCode(old.length)}${old}`))

/** Adds the current attribute names, because rules and boards use them, and Prometheus makes labels of all names. */
function underTodaysNames(request: Buffer | Document): Buffer {
  if (Buffer.isBuffer(request) && !oldKeys.some(key => request.includes(key))) return request
  const message = messages.ExportMetricsServiceRequest
  const document = Buffer.isBuffer(request) ? fromProtobuf(message, request) : request
  const resourceMetrics = ((document.resourceMetrics ?? []) as Document[]).map(one => {
    const { attributes = [], ...resource } = (one.resource ?? {}) as Document
    return { ...one, resource: { ...resource, attributes: withTodaysNames(attributes as Document[]) } }
  })
  return toProtobuf(message, { ...document, resourceMetrics })
}
