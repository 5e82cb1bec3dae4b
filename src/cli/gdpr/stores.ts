// Which stores an erasure and an export are about: those that the settings name.
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { AuditLog } from '../../app/audit/log'
import { openDatabase } from '../../operations/alert-receiver/database'
import type { Unerasable } from '../../operations/gdpr/receipt'
import { auditStore } from '../../operations/gdpr/stores/audit'
import { costStore } from '../../operations/gdpr/stores/cost'
import { embeddedFolder, embeddedUp } from '../../operations/gdpr/stores/embedded-up'
import { langfuseStore } from '../../operations/gdpr/stores/langfuse'
import { logFilesStore } from '../../operations/gdpr/stores/log-files'
import { lokiStore } from '../../operations/gdpr/stores/loki'
import { prometheusStore } from '../../operations/gdpr/stores/prometheus'
import { spoolStore } from '../../operations/gdpr/stores/spool'
import type { SubjectStore } from '../../operations/gdpr/stores/store'
import { tempoStore } from '../../operations/gdpr/stores/tempo'
import {
  dataVolumes,
  RAW_BATCH_DAYS,
  type StoreVariable,
  storesByVariable,
} from '../../pipeline/deployment/data-volumes'
import { prometheusOf as hostOfPrometheus, published, urlOf } from '../../pipeline/deployment/hosts'
import { type Plan, planOf } from '../../pipeline/deployment/plan'
import type { Settings } from '../../shared/config/settings'
import { isLoopback, nameOfHost } from '../../shared/otlp/host'
import { type Backend, httpUrl } from '../../shared/queries/http'
import { retention } from '../../shared/tiers'
import { prometheusOf } from '../backends'
import { costDatabase } from '../cost-database'
import { dataFolder } from '../local/data-folder'
import { pipelineSettings } from '../pipeline-settings'

const DAY_MS = 86_400_000

export interface StoreOptions {
  readonly settings: Settings
  /** Folder of the audit log, and file of its key ring. */
  readonly audit: { readonly folder: string; readonly keys: string; readonly log: AuditLog }
  /** As the command's options name them. */
  readonly data: string | undefined
  readonly prometheus: string | undefined
}

/** In the order of an erasure: what delivers to others stands first, else it delivers again what was erased. */
export function storesOf(options: StoreOptions): SubjectStore[] {
  const { settings, audit } = options
  const plan = planOf('laptop', pipelineSettings())
  return [
    spoolStore(settings),
    ...Object.values(stores).flatMap(storeOf => storeOf(options, plan) ?? []),
    auditStore({ folder: audit.folder, keys: audit.keys, retentionDays: retention.logs.audit }, audit.log),
  ]
}

/** @throws Error where nothing but the audit log, and what waits here by chance, would be asked: nobody's data is gone then */
export function requireStore(asked: readonly SubjectStore[], { spoolDir }: Settings): void {
  if (asked.some(({ name }) => name !== 'audit' && (name !== 'spool' || spoolDir))) return
  throw new Error(
    `no telemetry store is configured, so nothing would be searched; set ${Object.keys(stores).join(', ')}: in a generated folder, run "set -a; . ./app.env; set +a"`,
  )
}

/** The variables that name a store. */
function askedBy(options: StoreOptions): StoreVariable[] {
  const plan = planOf('laptop', pipelineSettings())
  return (Object.keys(stores) as StoreVariable[]).filter(name => stores[name](options, plan) !== undefined)
}

/**
 * What has a person's data, perhaps, and is not asked.
 * @param ms when the stores were erased, in milliseconds since 1970
 */
export function notAsked(options: StoreOptions, ms: number): Unerasable[] {
  const asked = askedBy(options)
  const others = (Object.keys(stores) as StoreVariable[]).filter(name => !asked.includes(name))
  const hasFolder = asked.includes('AFN_TEMPO_URL') || asked.includes('AFN_PROMETHEUS_URL')
  const hasLangfuse = asked.includes('LANGFUSE_PUBLIC_KEY')
  const ofFolder = Object.entries(dataVolumes).flatMap(([name, volume]) => {
    if (typeof volume === 'string' || !hasFolder || (name.startsWith('langfuse-') && !hasLangfuse)) return []
    const { what, why, days } = volume
    return [{ what, why, agesOut: days === null ? null : new Date(ms + days * DAY_MS).toISOString() }]
  })
  const why = (name: StoreVariable) => `not searched: ${name} is not set`
  return [...others.map(name => ({ what: storesByVariable[name], why: why(name), agesOut: null })), ...ofFolder]
}

/** What takes it is the store that its variable names, here or by the command's options; undefined where it names none. */
const stores: Readonly<Record<StoreVariable, (options: StoreOptions, plan: Plan) => SubjectStore[] | undefined>> = {
  AFN_DATA_DIR: ({ data = dataFolder() }, plan) => some(embeddedStores(data, plan)),
  AFN_TEMPO_URL: (_, { retention }) =>
    named('AFN_TEMPO_URL', url =>
      tempoStore({
        backend: backendOf('Tempo', url, 'AFN_TEMPO_URL'),
        scheduler: backendOf('Tempo', process.env.AFN_TEMPO_GRPC_URL || url, 'AFN_TEMPO_GRPC_URL'),
        retention: retention.traces,
        now: Date.now,
        progress: how => tell(`tempo: ${how}`),
      }),
    ),
  LANGFUSE_PUBLIC_KEY: ({ settings }, { retention }) => {
    const { langfuseHost, langfusePublicKey: publicKey, langfuseSecretKey: secretKey } = settings
    if (!publicKey || !secretKey) return undefined
    const project = { url: langfuseHost.replace(/\/+$/, ''), publicKey, secretKey }
    // what `afn-otel langfuse janitor` keeps
    return [langfuseStore({ project, retentionDays: retention.traces.sampled, rawDays: rawDaysOf(project.url) })]
  },
  AFN_PROMETHEUS_URL: ({ prometheus = process.env.AFN_PROMETHEUS_URL }, { retention }) =>
    prometheus
      ? [prometheusStore('prometheus', prometheusOf(prometheus), retention.metrics.high, Date.now)]
      : undefined,
  AFN_PROMETHEUS_MEDIUM: prometheusBy('AFN_PROMETHEUS_MEDIUM', 'medium'),
  AFN_PROMETHEUS_LOW: prometheusBy('AFN_PROMETHEUS_LOW', 'low'),
  AFN_LOKI_URL: (_, { retention }) =>
    named('AFN_LOKI_URL', url =>
      lokiStore({
        backend: backendOf('Loki', url, 'AFN_LOKI_URL'),
        ...(process.env.AFN_LOKI_TENANT && { tenant: process.env.AFN_LOKI_TENANT }),
        retentionDays: Math.max(...Object.values(retention.logs)),
        now: Date.now,
      }),
    ),
  AFN_LOG_DIR: ({ settings: { logDir = 'logs' } }) => (existsSync(logDir) ? [logFilesStore([logDir])] : undefined),
  AFN_COLLECTOR_LOG_DIR: () => named('AFN_COLLECTOR_LOG_DIR', folder => logFilesStore([folder], 'collector-logs')),
  AFN_COST_DATABASE: () => {
    const url = process.env.AFN_COST_DATABASE || costDatabase()
    const isThere = /^\w+:\/\//.test(url) || existsSync(url)
    const token = process.env.AFN_COST_DATABASE_TOKEN || undefined
    return isThere ? [costStore(() => openDatabase({ url, token }))] : undefined
  },
}

/** To who waits, now and then. */
let toldAt = 0
function tell(how: string): void {
  if (Date.now() - toldAt < 10_000) return
  toldAt = Date.now()
  console.error(`afn-otel gdpr: ${how}`)
}

function prometheusBy(variable: StoreVariable, resolution: 'medium' | 'low') {
  return (_: StoreOptions, { retention }: Plan) =>
    named(variable, url => {
      const backend = { ...prometheusOf(url), setBy: variable }
      return prometheusStore(hostOfPrometheus[resolution], backend, retention.metrics[resolution], Date.now)
    })
}

function named(variable: StoreVariable, storeAt: (url: string) => SubjectStore): SubjectStore[] | undefined {
  const url = process.env[variable]
  return url ? [storeAt(url)] : undefined
}

const some = (found: SubjectStore[]): SubjectStore[] | undefined => (found.length > 0 ? found : undefined)

/** The folder's own LangFuse has a bucket of which we know the rules. */
const rawDaysOf = (url: string): number | undefined =>
  [urlOf(published.langfuse), 'http://langfuse:3000'].includes(url) ? RAW_BATCH_DAYS + 1 : undefined

/** @throws Error when it is no URL */
const backendOf = (name: Backend['name'], url: string, setBy: string): Backend => ({
  name,
  url: httpUrl(url, `correct ${setBy}`).replace(/\/+$/, ''),
  setBy,
})

/** To which the settings send telemetry. */
export function endpointsOf(settings: Settings): string[] {
  const { otlpEndpoint, tracesEndpoint, metricsEndpoint, logsEndpoint, langfuseHost, langfusePublicKey } = settings
  const langfuse = langfusePublicKey ? langfuseHost : undefined
  return [otlpEndpoint, tracesEndpoint, metricsEndpoint, logsEndpoint, langfuse].filter(url => url !== undefined)
}

/** Of `afn-otel up`: a folder here, and one on another machine. */
function embeddedStores(folder: string, { retention, policies }: Plan): SubjectStore[] {
  const { AFN_LOCAL_URL: url, AFN_LOCAL_TOKEN: token } = process.env
  const isHere = existsSync(path.join(folder, 'afn.duckdb'))
  const isElsewhere = url && !isLoopback(nameOfHost(new URL(httpUrl(url, 'correct AFN_LOCAL_URL')).host))
  const address = { url: url ?? '', token: token || undefined, setBy: 'AFN_LOCAL_URL' }
  return [
    ...(isHere ? [embeddedFolder(folder, { retention, policies })] : []),
    // what a URL of this machine names has its folder here, unless it is in a container
    ...(url && (isElsewhere || !isHere) ? [embeddedUp(address, isHere ? 'embedded-2' : 'embedded')] : []),
  ]
}
