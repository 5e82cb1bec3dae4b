// The variables that configure a running Collector.
interface Variable {
  readonly meaning: string
  /** What the Collector uses when the variable is unset; a variable without one must be set. */
  readonly default?: string
}

const variables = {
  AFN_OTLP_HTTP: {
    default: '127.0.0.1:4318',
    meaning: 'where OTLP over HTTP is received; 0.0.0.0:4318 in a container',
  },
  AFN_OTLP_GRPC: {
    default: '127.0.0.1:4317',
    meaning: 'where OTLP over gRPC is received; 0.0.0.0:4317 in a container',
  },
  AFN_OTLP_TRUSTED_HTTP: {
    default: '127.0.0.1:4319',
    meaning: 'where OTLP over HTTP is received from senders that have the token; 0.0.0.0:4319 in a container',
  },
  AFN_INGEST_TOKEN: { meaning: 'that token; apps send "authorization: Bearer TOKEN"' },
  AFN_OTLP_TRUSTED_GRPC: {
    default: '127.0.0.1:4320',
    meaning: 'where a gateway receives OTLP over gRPC from its agents; 0.0.0.0:4320 in a container',
  },
  AFN_GATEWAY_TOKEN: { meaning: 'token of the agents, the same for agents and gateways; not the token of the apps' },
  AFN_COLLECTOR_HEALTH: { default: '127.0.0.1:13133', meaning: 'where GET / answers if the Collector is up' },
  AFN_SELF_METRICS_HOST: { default: '127.0.0.1', meaning: "host of the Collector's own Prometheus metrics" },
  AFN_SELF_METRICS_PORT: { default: '8888', meaning: "port of the Collector's own Prometheus metrics" },
  AFN_HMAC_KEY: { meaning: "key for pseudonyms, at least 32 bytes, the same as the app's" },
  AFN_HMAC_KEY_ID: {
    default: '',
    meaning: 'first word that afn-otel pseudonym prints; identifies the key without revealing it',
  },
  AFN_FULL_CONTENT_KEYS: {
    default: '[]',
    meaning: 'attributes that the second line does not redact, [a, b]: content that apps deliberately send in full',
  },
  AFN_CANARY: {
    default: '',
    meaning: 'a planted value that must never arrive (letters, digits, @ . _ -); occurrences are counted',
  },
  AFN_GATEWAY: { default: 'otel-gateway-headless', meaning: 'DNS name that resolves to all gateways' },
  AFN_TLS_DIR: { default: '/etc/otelcol/tls', meaning: 'directory of tls.crt, tls.key and ca.crt' },
  AFN_TEMPO: { default: 'tempo:4317', meaning: 'Tempo, host:port of OTLP over gRPC' },
  AFN_PROMETHEUS: { default: 'http://prometheus:9090', meaning: 'Prometheus, base URL; its OTLP receiver must be on' },
  AFN_PROMETHEUS_MEDIUM: {
    default: 'http://prometheus-medium:9090',
    meaning: 'Prometheus of medium resolution, base URL',
  },
  AFN_PROMETHEUS_LOW: { default: 'http://prometheus-low:9090', meaning: 'Prometheus of low resolution, base URL' },
  AFN_LOKI: { default: 'http://loki:3100', meaning: 'Loki, base URL' },
  AFN_LANGFUSE: { default: 'http://langfuse:3000', meaning: 'LangFuse, base URL' },
  AFN_LANGFUSE_AUTH: { default: '', meaning: 'base64 of "publicKey:secretKey"' },
  AFN_LOG_DIR: { default: '/var/log/otelcol', meaning: 'directory of the log files, one for each class' },
  AFN_QUEUE_DIR: { default: '/var/lib/otelcol/queue', meaning: 'directory of the queues that outlive a restart' },
  AFN_QUEUE_FSYNC: {
    default: 'false',
    meaning: 'true: queues also survive a power failure, at about 44 % of the throughput',
  },
  AFN_DECISION_WAIT: {
    default: '120s',
    meaning: 'how long to wait for the root of a trace; longer than the longest turn of an agent',
  },
  AFN_AFTER_ROOT: { default: '5s', meaning: 'how long to wait for the rest of a trace after its root has arrived' },
  AFN_NUM_TRACES: { meaning: 'number of undecided traces in memory: at least traces/s × AFN_DECISION_WAIT × 2' },
  AFN_NUM_TRACES_ERRORS: {
    meaning: 'number of traces in one burst of decisions; if it is too small, error traces are lost',
  },
  AFN_COLLECTOR_NAME: {
    default: 'otel-collector',
    meaning: 'distinguishes the series of several Collectors; unique for each',
  },
  AFN_SPANMETRICS_FLUSH: { default: '15s', meaning: 'how often span metrics are sent' },
} as const satisfies Record<string, Variable>

export type VariableName = keyof typeof variables

export const variableNames = Object.keys(variables) as VariableName[]

/**
 * The Collector's spelling of a variable and its default.
 * @param sized the default of a variable that goes by the plan's size
 */
export function env(name: VariableName, sized?: number): string {
  const variable: Variable = variables[name]
  const otherwise = sized ?? variable.default
  return otherwise === undefined ? `\${env:${name}}` : `\${env:${name}:-${otherwise}}`
}

/** Undefined where it must be set, or goes by the plan's size. */
export const defaultOf = (name: VariableName): string | undefined => (variables[name] as Variable).default

interface DocumentedVariable {
  readonly name: VariableName
  readonly meaning: string
  /** Undefined when the variable must be set. */
  readonly default: string | undefined
}

/** The variables that a text of configuration names, in the order of the table. */
export function variablesIn(text: string): DocumentedVariable[] {
  return variableNames.flatMap(name => {
    const found = new RegExp(`\\$\\{env:${name}(?::-([^}]*))?\\}`).exec(text)
    return found ? [{ name, meaning: variables[name].meaning, default: found[1] }] : []
  })
}
