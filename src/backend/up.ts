// The embedded backend: receiver, store and API in one process.
import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { appRules } from '../monitoring/pipeline-rules/rules'
import type { Links } from '../monitoring/slo/alerts'
import { type RuleGroup, renderRules } from '../monitoring/slo/rule-file'
import { ruleFiles } from '../monitoring/slo/rule-files'
import type { Slo } from '../monitoring/slo/spec'
import { daysNeeded } from '../monitoring/slo/windows'
import type { Signal } from '../shared/config/otlp'
import type { Settings } from '../shared/config/settings'
import { defaultUrls } from '../shared/config/urls'
import type { Document } from '../shared/otlp/schema'
import type { TracesData } from '../shared/otlp/trace'
import { readCatalogue } from '../shared/queries/catalogue'
import type { Backend } from '../shared/queries/http'
import { createRedactor } from '../shared/redact'
import type { Policies, Retention } from '../shared/tiers'
import type { AccessPolicy } from './access-policy'
import { type AgentsOptions, agentsOf } from './agents-of-up'
import { ownEvaluator } from './alerts/own-evaluator'
import { prometheusEvaluator } from './alerts/prometheus-evaluator'
import { type Firing, watchAlerts } from './alerts/watch'
import { readPage } from './api/page'
import type { Boards, Parts, SubjectAnswers } from './api/parts'
import { startApi } from './api/server'
import { Load } from './body'
import { type GrpcReceiverOptions, startGrpcReceiver } from './grpc-receiver'
import { createIntake } from './ingest'
import type { Listening } from './listen'
import { McpEndpoint, type McpHandler } from './mcp-endpoint'
import { type Prometheus, type PrometheusOptions, startPrometheus } from './prometheus-process'
import { startReceiver } from './receiver'
import { RequestCounts } from './request-counts'
import { announce } from './running'
import { sourceMapFolder } from './sourcemaps/store'
import { loadDuckDB } from './store/duckdb'
import { repair } from './store/repair'
import { openStore, type Store } from './store/store'

/** For the header of each rule file. */
const WRITTEN = 'Written anew at each start of afn-otel up.'

export interface UpOptions {
  /** Ports of the explorer and API, and of OTLP/HTTP; 0 for a free one. */
  readonly port: number
  readonly otlpPort: number
  /** Port of OTLP/gRPC. If it is undefined or in use, gRPC is not served. */
  readonly grpcPort?: number | undefined
  /** The data folder, created if missing; if undefined, nothing is written to disk. */
  readonly data: string | undefined
  /** Whether to replace a damaged file with what can be read of it. */
  readonly repair?: boolean
  /** Without settings, the size of the file is not limited. */
  readonly settings?: Pick<Settings, 'localMaxBytes'> & AgentsOptions['settings']
  readonly access: AccessPolicy
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From the settings file. */
  readonly retention: Retention
  readonly policies: Policies
  /** The SLOs to alert on, and the errors in their files, one sentence each. */
  readonly objectives: { readonly slos: readonly Slo[]; readonly problems: readonly string[] }
  readonly boards: Boards
  /** Answers `afn-otel gdpr` while the store is open. */
  readonly subjectOf?: (store: Store) => SubjectAnswers['answer']
  /** Whether everything is redacted with all rules before it is stored. */
  readonly redact?: boolean
  /** The Prometheus to start, and the targets of the links in its alerts. */
  readonly prometheus?:
    | (Pick<PrometheusOptions, 'binary' | 'setBy' | 'url' | 'config' | 'flags'> & { readonly links: Links })
    | undefined
  readonly notify?: Notify | undefined
  /** Creates the handler of `/mcp` at the first request. @throws Error with the remedy */
  readonly mcp?: ((api: Backend) => McpHandler) | undefined
  /** If given, telemetry of coding agents is converted, priced and redacted. */
  readonly prices?: AgentsOptions['prices']
  /** Prints a line for the user. */
  readonly say: (line: string) => void
  /** The folder of this package, which has the explorer's files and the query catalogue. */
  readonly package: string
}

/** Receives firing alerts. It has its own language and more rules than those of objectives. */
interface Notify {
  readonly groups: readonly RuleGroup[]
  readonly language: NonNullable<Links['language']>
  take(firing: readonly Firing[]): Promise<void>
}

export interface Up {
  readonly api: Listening
  readonly receiver: Listening
  readonly grpc: Listening | undefined
  /** Stops accepting, answers pending requests, and closes the file. */
  close(): Promise<void>
}

/** @throws Error whose message tells the user in one line the reason and the remedy */
export async function up(options: UpOptions): Promise<Up> {
  const file = options.data === undefined ? ':memory:' : fileIn(options.data)
  if (options.repair) for (const line of await repair(loadDuckDB(), file)) options.say(line)
  const store = await openStore({
    path: file,
    now: options.now,
    maxBytes: options.settings?.localMaxBytes ?? 0,
    retention: options.retention,
    policies: options.policies,
  })
  const ending = new AbortController()
  // each open tail adds a listener, and there may be many
  setMaxListeners(0, ending.signal)
  const open: Pick<Listening, 'close'>[] = []
  const close = async () => {
    ending.abort()
    for (const part of open.reverse()) await part.close()
    await store.close()
  }
  try {
    const prometheus = await prometheusOf(options)
    if (prometheus) open.push(prometheus)
    const take = createIntake(store, {
      redactor: options.redact ? createRedactor() : undefined,
      prometheus,
      agents: options.prices && agentsOf({ ...options, prices: options.prices }),
    })
    const requests = new RequestCounts()
    const takers = {
      access: options.access,
      load: new Load(),
      onTraces: (request: TracesData) => take('traces', request as Document),
      onMetrics: (request: Document) => take('metrics', request),
      onLogs: (request: Document) => take('logs', request),
      onProtobuf: take,
      onAnswered: (signal: Signal, status: number) => requests.count(signal, status),
    }
    const receiver = await startReceiver({ ...takers, port: options.otlpPort })
    open.push(receiver)
    const grpc = await grpcOf(takers, options)
    if (grpc) open.push(grpc)
    const { slos, problems } = options.objectives
    for (const problem of problems) options.say(problem)
    const evaluator = prometheus
      ? prometheusEvaluator({ ...prometheus, slos, now: options.now })
      : ownEvaluator({
          store,
          ...rulesOf(slos, defaultUrls, options.notify),
          externalUrl: `http://localhost:${options.port}`,
          now: options.now,
        })
    const alerts = watchAlerts({ ...options, evaluator, problems, notify: options.notify?.take })
    open.push(alerts)
    // without a data folder, no command could find the token
    const token = options.data === undefined ? undefined : randomBytes(32).toString('hex')
    const answer = options.subjectOf?.(store)
    const { mcp: handlerFor } = options
    const mcp = handlerFor && new McpEndpoint(() => handlerFor(ownApi(api.url, options.access)))
    const parts: Parts = {
      store,
      subject: answer && { token, answer },
      alerts,
      boards: options.boards,
      otlp: receiver.url,
      prometheus: prometheus?.url,
      requests,
      policies: options.policies,
      retention: options.retention,
      access: { ...options.access, origins: [] },
      page: readPage(path.join(options.package, 'dist/explorer')),
      catalogue: readCatalogue(path.join(options.package, 'collector/queries')),
      sourceMaps: options.data === undefined ? undefined : sourceMapFolder(options.data),
      now: options.now,
      bytes: () => sizeOf(file),
      ending: ending.signal,
      mcp: mcp && (request => mcp.answer(request)),
    }
    const api: Listening = await startApi(parts, options.port)
    open.push(api)
    if (mcp) open.push(mcp)
    if (options.data !== undefined && token !== undefined) {
      const remove = announce(options.data, { url: api.url, token })
      open.push({ close: async () => remove() })
    }
    return { api, receiver, grpc, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The API for parts of this process, which use it like any other client. */
const ownApi = (url: string, { token }: AccessPolicy): Backend => ({
  name: 'afn-otel up',
  url,
  setBy: '--port',
  ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
})

/** Apps that send over HTTP do not need it, so `up` continues without it. */
async function grpcOf(
  takers: Omit<GrpcReceiverOptions, 'port'>,
  { grpcPort, say }: UpOptions,
): Promise<Listening | undefined> {
  if (grpcPort === undefined) return undefined
  try {
    return await startGrpcReceiver({ ...takers, port: grpcPort })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'EADDRINUSE' ? `port ${grpcPort} is already in use` : message
    say(
      `${why}; running without OTLP over gRPC. Stop the process that listens there, or choose another port with --grpc-port`,
    )
    return undefined
  }
}

function fileIn(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Error(`the folder ${folder} can't be made (${(error as Error).message}); choose another with --data`)
  }
  const file = path.join(folder, 'afn.duckdb')
  // an older version left it readable for everybody
  try {
    for (const part of [file, `${file}.wal`]) if (existsSync(part)) chmodSync(part, 0o600)
  } catch (error) {
    throw new Error(`${file} can't be written (${(error as Error).message}); choose another folder with --data`)
  }
  return file
}

/** Includes the write-ahead log. */
function sizeOf(file: string): number {
  const files = [file, `${file}.wal`].filter(name => existsSync(name))
  return files.reduce((sum, name) => sum + statSync(name).size, 0)
}

/** For telemetry without an environment. */
const ENVIRONMENT = 'local'

/**
 * The rules that `afn-otel slo generate` writes, and those about apps. Prometheus keeps the data for these days, because an SLO can only be
 * rated over data that is kept.
 */
function rulesOf(slos: readonly Slo[], links: Links, notify: UpOptions['notify']) {
  const { groups = [], language = 'en' } = notify ?? {}
  const days = Math.max(0, ...slos.map(({ period }) => daysNeeded(period)))
  return {
    made: ruleFiles(slos, { days, links: { ...links, language }, environments: { own: ENVIRONMENT, silent: [] } }).made,
    groups: [...appRules({ alertsUrl: links.receiver, environment: ENVIRONMENT, language }).groups, ...groups],
    days,
  }
}

async function prometheusOf({
  prometheus,
  data,
  say,
  objectives: { slos },
  notify,
}: UpOptions): Promise<Prometheus | undefined> {
  if (!prometheus) return undefined
  const folder = data ?? mkdtempSync(path.join(tmpdir(), 'afn-prometheus-'))
  const remove = () => {
    if (data === undefined) rmSync(folder, { recursive: true, force: true })
  }
  const { made, groups, days } = rulesOf(slos, prometheus.links, notify)
  const files = made.flatMap(({ files }) => files)
  const rules = {
    ...Object.fromEntries(files.map(({ name, groups }) => [name, renderRules(WRITTEN, groups)])),
    'afn-apps.yml': renderRules(WRITTEN, groups),
  }
  const started = await startPrometheus({ ...prometheus, folder, days, rules, say })
  if (!started) remove()
  return started && { ...started, close: () => started.close().finally(remove) }
}
