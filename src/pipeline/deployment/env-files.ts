// The two files of a generated folder that hold secrets: .env, which compose.yaml and the Secret of Kubernetes read, and
// app.env, what apps and the commands of afn-otel need to know. `afn-otel generate` makes the first one once and the second
// one from it.
import { randomBytes, randomUUID } from 'node:crypto'
import { keyIdOf } from '../../shared/config/hmac-key'
import { published, urlOf } from './hosts'
import { hasLangfuse } from './langfuse-services'
import { MADE_BY, type Plan } from './plan'

/** Name → value. */
export type Values = ReadonlyMap<string, string>

interface Variable {
  readonly name: string
  readonly meaning: string
  /** @param known the variables that stand before it */
  readonly make: (known: Values) => string
}

/** 256 bits, as letters and digits: such a value means itself in a shell, in YAML and in a URL. */
const secret = (): string => randomBytes(32).toString('hex')

function variablesOf(plan: Plan): Variable[] {
  const ofCollector: Variable[] = [
    { name: 'AFN_HMAC_KEY', meaning: 'Key of the pseudonyms; the apps have the same one.', make: secret },
    {
      name: 'AFN_HMAC_KEY_ID',
      meaning: 'Names that key and tells nothing of it: the first word that afn-otel pseudonym prints.',
      make: known => keyIdOf(known.get('AFN_HMAC_KEY')!),
    },
    { name: 'AFN_INGEST_TOKEN', meaning: 'Token of the apps that redact what they send.', make: secret },
  ]
  if (plan.profile === 'cluster')
    return [
      ...ofCollector,
      { name: 'AFN_GATEWAY_TOKEN', meaning: 'Token of the agents at the gateways.', make: secret },
    ]
  const grafana = { name: 'GRAFANA_PASSWORD', meaning: "Of Grafana's user admin.", make: secret }
  return [...ofCollector, grafana, ...(hasLangfuse(plan) ? ofLangfuse : [])]
}

const ofLangfuse: Variable[] = [
  {
    name: 'LANGFUSE_PUBLIC_KEY',
    meaning: "Keys of LangFuse's project, which its first start makes.",
    make: () => `pk-lf-${randomUUID()}`,
  },
  { name: 'LANGFUSE_SECRET_KEY', meaning: '', make: () => `sk-lf-${randomUUID()}` },
  {
    name: 'AFN_LANGFUSE_AUTH',
    meaning: 'Base64 of publicKey:secretKey, for the Collector.',
    make: known =>
      Buffer.from(`${known.get('LANGFUSE_PUBLIC_KEY')}:${known.get('LANGFUSE_SECRET_KEY')}`).toString('base64'),
  },
  { name: 'LANGFUSE_USER_EMAIL', meaning: "LangFuse's first user.", make: () => 'admin@example.com' },
  { name: 'LANGFUSE_USER_PASSWORD', meaning: '', make: secret },
  {
    name: 'LANGFUSE_SALT',
    meaning: "LangFuse's own secrets. What is stored can't be read without them.",
    make: secret,
  },
  { name: 'LANGFUSE_ENCRYPTION_KEY', meaning: '', make: secret },
  { name: 'LANGFUSE_NEXTAUTH_SECRET', meaning: '', make: secret },
  {
    name: 'LANGFUSE_POSTGRES_PASSWORD',
    meaning: "Passwords of LangFuse's stores, which take them at their first start.",
    make: secret,
  },
  { name: 'LANGFUSE_CLICKHOUSE_PASSWORD', meaning: '', make: secret },
  { name: 'LANGFUSE_REDIS_PASSWORD', meaning: '', make: secret },
  { name: 'LANGFUSE_MINIO_PASSWORD', meaning: '', make: secret },
]

/** The variables of such a file; quotes around a value are taken off. */
export function valuesIn(text: string): Map<string, string> {
  const lines = text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/gm)
  return new Map([...lines].map(([, name, value]) => [name!, value!.replace(/^(["'])(.*)\1$/, '$2')]))
}

/**
 * @param present what stands in the file; '' when there is none
 * @returns what is to be appended: the variables that are missing, with made secrets; '' when none is
 */
export function missingSecrets(plan: Plan, present: string): string {
  const known = valuesIn(present)
  const lines = variablesOf(plan).flatMap(({ name, meaning, make }) => {
    if (known.has(name)) return []
    known.set(name, make(known))
    return [...(meaning ? ['', `# ${meaning}`] : []), `${name}=${known.get(name)}`]
  })
  if (lines.length === 0) return ''
  const header = `# ${MADE_BY}${plan.profile}", which never changes a line of it: secrets, made here and known nowhere else.\n# Keep a copy: without them the stores can't be read.\n`
  return `${present === '' ? header : ''}${lines.join('\n')}\n`
}

/** app.env: where the folder's services are on this host, and the secrets that apps share with them. */
export function appEnvironment(plan: Plan, secrets: Values): string {
  const langfuse = hasLangfuse(plan)
  const variables: [string, string][] = [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', urlOf(published.otlpTrusted)],
    ['OTEL_EXPORTER_OTLP_HEADERS', `authorization=Bearer%20${secrets.get('AFN_INGEST_TOKEN')}`],
    ['AFN_HMAC_KEY', secrets.get('AFN_HMAC_KEY')!],
    ['AFN_COLLECTOR_HEALTH', `127.0.0.1:${published.health}`],
    ['AFN_SELF_METRICS_PORT', String(published.selfMetrics)],
    ['AFN_TEMPO_URL', urlOf(published.tempo)],
    ['AFN_PROMETHEUS_URL', urlOf(published.prometheus.high)],
    ...(plan.metrics === 'three'
      ? ([
          ['AFN_PROMETHEUS_MEDIUM', urlOf(published.prometheus.medium)],
          ['AFN_PROMETHEUS_LOW', urlOf(published.prometheus.low)],
        ] satisfies [string, string][])
      : []),
    ...(plan.logs === 'loki' ? ([['AFN_LOKI_URL', urlOf(published.loki)]] satisfies [string, string][]) : []),
    ['AFN_ALERTMANAGER_URL', urlOf(published.alertmanager)],
    ['AFN_ALERTS_URL', urlOf(published.alerts)],
    ['AFN_JOBS_URL', urlOf(published.jobs)],
    ...(plan.profile === 'cluster'
      ? []
      : ([
          ['AFN_TEMPO_OTLP_URL', urlOf(published.tempoOtlp)],
          ['AFN_GRAFANA', plan.urls.grafana],
        ] satisfies [string, string][])),
    // no leg of this Collector reads them
    ...(plan.langfuse ? [] : ([['AFN_LANGFUSE_ATTRIBUTES', 'false']] satisfies [string, string][])),
    ...(langfuse
      ? ([
          ['LANGFUSE_HOST', urlOf(published.langfuse)],
          ['LANGFUSE_PUBLIC_KEY', secrets.get('LANGFUSE_PUBLIC_KEY')!],
          ['LANGFUSE_SECRET_KEY', secrets.get('LANGFUSE_SECRET_KEY')!],
        ] satisfies [string, string][])
      : []),
  ]
  const header = `# ${MADE_BY}${plan.profile}" from .env, anew each time: what apps and the commands of afn-otel need.\n# node --env-file=app.env --require @afn/otel app.js, or in a shell: set -a; . ./app.env; set +a\n`
  return `${header}${variables.map(([name, value]) => `${name}=${value}`).join('\n')}\n`
}
