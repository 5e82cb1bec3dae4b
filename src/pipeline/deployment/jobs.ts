// What runs now and then: one table, by which `afn-otel jobs` starts the commands, in a container of compose.yaml or of a cluster.
import { posix } from 'node:path'
import type { Language } from '../../monitoring/alerts/config'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { SETTINGS_FILE } from './command-settings'
import { always, healthy, onLoopback, required } from './compose-service'
import { ALERTMANAGERS, alertmanagerPort, prometheusOf, published, RECEIVER_FOLDER } from './hosts'
import { ownImage } from './images'
import { hasLangfuse } from './langfuse-services'
import { placeholder } from './placeholder'
import type { Plan } from './plan'
import { note, type Section } from './yaml-comments'

export const JOBS = 'jobs'
/** The table, as `afn-otel jobs` reads it. */
export const JOBS_FILE = 'jobs.json'
export const JOBS_PORT = published.jobs
/** What it goes by in the container. In a cluster a ConfigMap as a folder: kubelet brings each change of it. */
export const JOBS_FOLDER = `${RECEIVER_FOLDER}/config`
/**
 * Of its database in the container. A volume and a claim with the name of the only job that there was once: what each day has cost is
 * in there.
 */
export const JOBS_DATA = `${RECEIVER_FOLDER}/data`
export const JOBS_DISK = 'cost-budget-data'
/** Of the Collector's log files, as its configuration has it where no variable names another one. */
export const COLLECTOR_LOGS = '/var/log/otelcol'

export interface Job {
  /** `afn.job.name` */
  readonly name: string
  /** From the start of one run to that of the next. */
  readonly seconds: number
  /** Arguments of `afn-otel`. */
  readonly command: readonly string[]
  /** Exit codes of a run that has done its work; 0 alone where it is absent. */
  readonly done?: readonly number[]
  /** A file by which it goes: a change of it is a reason to run. */
  readonly reads?: string
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Hosts; each of a cluster gets every alert. */
const alertmanagersOf = ({ profile }: Plan): string[] =>
  profile === 'cluster'
    ? Array.from({ length: ALERTMANAGERS }, (_, n) => `alertmanager-${n}.alertmanager-headless`)
    : ['alertmanager']

/** A row is there where the plan has what it works on. @param language in which alerts of budgets speak */
export function jobsOf(plan: Plan, language: Language = 'en'): Job[] {
  const { certificates, auditDir, gdprDir } = plan.jobs
  const budgets = `${JOBS_FOLDER}/${MONITORING_FILE}`
  const alertmanagers = alertmanagersOf(plan).flatMap(host => ['--alertmanager', `http://${host}:${alertmanagerPort}`])
  const rows: (Job | false)[] = [
    {
      name: 'cost-budget',
      seconds: MINUTE,
      command: [...['cost', 'budget', '--config', budgets, '--language', language], ...alertmanagers],
      reads: budgets,
    },
    { name: 'reconcile', seconds: 10 * MINUTE, command: ['reconcile', '--since', '1h'] },
    knowsLangfuse(plan) && { name: 'langfuse-janitor', seconds: DAY, command: ['langfuse', 'janitor'] },
    // in a cluster each gateway has its own beside it
    plan.profile !== 'cluster' &&
      plan.logs === 'files' && { name: 'logs-sweep', seconds: HOUR, command: ['logs', 'sweep', COLLECTOR_LOGS] },
    auditDir !== '' && { name: 'audit-sweep', seconds: DAY, command: ['audit', 'sweep'] },
    // 3: a request is open, since a store is away or more may still arrive
    gdprDir !== '' && { name: 'gdpr', seconds: HOUR, command: ['gdpr', 'resume'], done: [0, 3] },
    // 1: one ends soon, which has an alert of its own
    certificates.length > 0 && {
      name: 'certificates',
      seconds: HOUR,
      command: ['certificates', ...certificates],
      done: [0, 1],
    },
  ]
  return rows.filter(row => row !== false)
}

/** Whose keys the folder has. */
export const knowsLangfuse = (plan: Plan): boolean => plan.langfuse && (hasLangfuse(plan) || plan.profile === 'cluster')

/** A line for each. */
export function jobsTable(plan: Plan, language: Language, by: string): string {
  const rows = jobsOf(plan, language).map(job => `    ${JSON.stringify(job)}`)
  return `{\n  "generated": ${JSON.stringify(by.replaceAll('\n', ' '))},\n  "jobs": [\n${rows.join(',\n')}\n  ]\n}\n`
}

export const jobsArguments = [JOBS, `${JOBS_FOLDER}/${JOBS_FILE}`, '--host', '0.0.0.0', '--port', String(JOBS_PORT)]

/** Without secrets. @param collector where it reports its runs */
export const jobsEnvironment = ({ metrics, logs }: Plan, collector: string): Record<string, string> => ({
  AFN_CONFIG: `${JOBS_FOLDER}/${SETTINGS_FILE}`,
  AFN_CACHE_DIR: '/tmp/afn-otel',
  AFN_COST_DATABASE: `${JOBS_DATA}/cost.db`,
  AFN_PROMETHEUS_URL: `http://${prometheusOf.high}:9090`,
  ...(metrics === 'three' && {
    AFN_PROMETHEUS_MEDIUM: `http://${prometheusOf.medium}:9090`,
    AFN_PROMETHEUS_LOW: `http://${prometheusOf.low}:9090`,
  }),
  AFN_TEMPO_URL: 'http://tempo:3200',
  AFN_TEMPO_OTLP_URL: 'http://tempo:4318',
  ...(logs === 'loki' && { AFN_LOKI_URL: 'http://loki:3100' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector}:4318`,
})

/** In compose.yaml. */
export const jobsService = (plan: Plan): Section => ({
  image: ownImage(plan, 'commands'),
  build: { context: './commands' },
  ...always,
  ...userOf(plan, "files of apps are their owner's alone; its own data are the group's"),
  command: jobsArguments,
  environment: {
    ...jobsEnvironment(plan, 'otel-collector'),
    AFN_SELF_METRICS_HOST: 'otel-collector',
    ...(hasLangfuse(plan) && {
      LANGFUSE_HOST: 'http://langfuse:3000',
      LANGFUSE_PUBLIC_KEY: placeholder('LANGFUSE_PUBLIC_KEY'),
      LANGFUSE_SECRET_KEY: placeholder('LANGFUSE_SECRET_KEY'),
    }),
    ...(plan.logs === 'files' && { AFN_COLLECTOR_LOG_DIR: COLLECTOR_LOGS }),
    ...ofApps(plan),
  },
  volumes: [
    ...[MONITORING_FILE, SETTINGS_FILE, JOBS_FILE].map(file => `./commands/${file}:${JOBS_FOLDER}/${file}:ro`),
    `${JOBS_DISK}:${JOBS_DATA}`,
    ...(plan.logs === 'files' ? [`otelcol-logs:${COLLECTOR_LOGS}`] : []),
    ...placesOf(plan).map(place => `${place}:${place}`),
  ],
  ports: [onLoopback(published.jobs, JOBS_PORT)],
  healthcheck: healthy([
    'node',
    '-e',
    `fetch('http://127.0.0.1:${JOBS_PORT}/healthz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`,
  ]),
})

/** Of the jobs, and of what writes the files that they work on. @param why there is one */
export const userOf = (plan: Plan, why: string): Section =>
  hasPlaces(plan) ? { user: note(why, `${plan.jobs.user}:10001`) } : {}

const hasPlaces = ({ jobs: { auditDir } }: Plan): boolean => auditDir !== ''

/** Folders of the host, each at its own place: what apps wrote names others by their paths. */
function placesOf({ jobs: { auditDir, auditKeys, gdprDir, gdprKey, spoolDir, logDir } }: Plan): string[] {
  const folders = [auditDir, gdprDir, spoolDir, logDir, ...[auditKeys, gdprKey].filter(Boolean).map(posix.dirname)]
  return [...new Set(folders.filter(Boolean))]
}

function ofApps({ jobs: { auditDir, auditKeys, gdprDir, gdprKey, spoolDir, logDir } }: Plan): Section {
  if (auditDir === '') return {}
  return {
    AFN_AUDIT_DIR: auditDir,
    AFN_AUDIT_KEYS: auditKeys,
    ...(gdprDir !== '' && {
      AFN_GDPR_DIR: gdprDir,
      AFN_GDPR_KEY: gdprKey,
      AFN_SPOOL_DIR: spoolDir,
      AFN_LOG_DIR: logDir,
      AFN_HMAC_KEY: required('AFN_HMAC_KEY', 'as the apps have it'),
    }),
  }
}
