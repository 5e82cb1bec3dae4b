// Which stores an erasure and an export are about: those that the settings name.
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { AuditLog } from '../../audit/log'
import type { Settings } from '../../config/settings'
import { auditStore } from '../../gdpr/stores/audit'
import { embeddedFolder, embeddedUp } from '../../gdpr/stores/embedded-up'
import { langfuseStore } from '../../gdpr/stores/langfuse'
import { logFilesStore } from '../../gdpr/stores/log-files'
import { lokiStore } from '../../gdpr/stores/loki'
import { prometheusStore } from '../../gdpr/stores/prometheus'
import { spoolStore } from '../../gdpr/stores/spool'
import type { SubjectStore } from '../../gdpr/stores/store'
import { tempoStore } from '../../gdpr/stores/tempo'
import { isLoopback, nameOfHost } from '../../otlp/host'
import { type Plan, planOf } from '../../pipeline/plan'
import { type Backend, httpUrl } from '../../queries/http'
import { retention } from '../../tiers'
import { prometheusOf } from '../backends'
import { dataFolder } from '../local/data-folder'
import { pipelineSettings } from '../pipeline-settings'

export interface StoreOptions {
  readonly settings: Settings
  /** Folder of the audit log, and file of its key ring. */
  readonly audit: { readonly folder: string; readonly keys: string; readonly log: AuditLog }
  /** As the command's options name them. */
  readonly data: string | undefined
  readonly prometheus: string | undefined
}

/** In the order of an erasure: what delivers to others stands first, else it delivers again what was erased. */
export function storesOf({ settings, audit, ...named }: StoreOptions): SubjectStore[] {
  const { logDir, langfuseHost, langfusePublicKey, langfuseSecretKey } = settings
  const folder = named.data ?? dataFolder()
  const prometheus = named.prometheus ?? process.env.AFN_PROMETHEUS_URL
  const { AFN_TEMPO_URL, AFN_TEMPO_GRPC_URL, AFN_LOKI_URL, AFN_LOKI_TENANT } = process.env
  const plan = planOf('laptop', pipelineSettings())
  const logs = logDir ?? 'logs'
  return [
    spoolStore(settings),
    ...embeddedStores(folder, plan),
    ...(AFN_TEMPO_URL
      ? [
          tempoStore({
            backend: backendOf('Tempo', AFN_TEMPO_URL, 'AFN_TEMPO_URL'),
            scheduler: backendOf('Tempo', AFN_TEMPO_GRPC_URL || AFN_TEMPO_URL, 'AFN_TEMPO_GRPC_URL'),
            retention: plan.retention.traces,
            now: Date.now,
          }),
        ]
      : []),
    ...(langfusePublicKey && langfuseSecretKey
      ? [
          langfuseStore({
            project: {
              url: langfuseHost.replace(/\/+$/, ''),
              publicKey: langfusePublicKey,
              secretKey: langfuseSecretKey,
            },
            // what `afn-otel langfuse janitor` keeps
            retentionDays: plan.retention.traces.sampled,
          }),
        ]
      : []),
    ...(prometheus ? [prometheusStore(prometheusOf(prometheus), plan.retention.metrics.high, Date.now)] : []),
    ...(AFN_LOKI_URL
      ? [
          lokiStore({
            backend: backendOf('Loki', AFN_LOKI_URL, 'AFN_LOKI_URL'),
            ...(AFN_LOKI_TENANT && { tenant: AFN_LOKI_TENANT }),
            retentionDays: plan.retention.logs.error,
            now: Date.now,
          }),
        ]
      : []),
    ...(existsSync(logs) ? [logFilesStore([logs])] : []),
    auditStore({ folder: audit.folder, keys: audit.keys, retentionDays: retention.logs.audit }, audit.log),
  ]
}

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
