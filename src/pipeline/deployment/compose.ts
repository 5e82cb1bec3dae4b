// compose.yaml, the whole pipeline on one host. Ports are published on loopback. Secrets come from the .env file beside it,
// which `afn-otel generate` makes, and compose says which one is missing.
import { folders } from '../../monitoring/dashboards/files'
import type { Resolution } from '../../shared/tiers'
import { alertServices, alertVolumes, mounted } from './alert-services'
import { type Alerting, receiverToken } from './alerting'
import { keysOfBucket } from './bucket'
import { always, healthy, onLoopback, required } from './compose-service'
import { goMemoryLimit, limited, limitOf } from './container-limits'
import type { DataVolume } from './data-volumes'
import { prometheusOf, published } from './hosts'
import { images, ownImage } from './images'
import { COLLECTOR_LOGS, JOBS, JOBS_DISK, jobsService, userOf } from './jobs'
import { hasLangfuse, langfuseServices } from './langfuse-services'
import { LOKI_DATA, lokiArguments } from './loki-config'
import { placeholder } from './placeholder'
import type { Plan } from './plan'
import { prometheusArguments } from './prometheus-config'
import { note, type Section } from './yaml-comments'

export function composeConfig(plan: Plan, alerting: Alerting): Section {
  const resolutions: Resolution[] = plan.metrics === 'three' ? ['high', 'medium', 'low'] : ['high']
  const langfuse = hasLangfuse(plan) ? langfuseServices() : { services: {}, volumes: [] }
  const services: Record<string, Section> = {
    'otel-collector': collector(plan),
    tempo: tempo(plan),
    ...(plan.logs === 'loki' && { loki: loki(plan) }),
    ...Object.fromEntries(
      resolutions.map(resolution => [prometheusOf[resolution], prometheus(resolution, plan, alerting)]),
    ),
    ...alertServices(plan, alerting),
    [JOBS]: jobsService(plan),
    grafana: grafana(),
    ...(plan.langfuse && { 'langfuse-proxy': langfuseProxy(plan) }),
    ...langfuse.services,
  }
  const volumes: DataVolume[] = [
    'otelcol-queue',
    ...(plan.logs === 'files' ? (['otelcol-logs'] as const) : []),
    'tempo-data',
    ...(plan.logs === 'loki' ? (['loki-data'] as const) : []),
    ...resolutions.map(resolution => `${prometheusOf[resolution]}-data` as const),
    ...alertVolumes(alerting),
    JOBS_DISK,
    'grafana-data',
    ...langfuse.volumes,
  ]
  return {
    name: 'afn-otel',
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        { ...service, ...limited(limitOf(plan.profile, name)) },
      ]),
    ),
    volumes: Object.fromEntries(volumes.map(name => [name, {}])),
  }
}

const collector = (plan: Plan): Section => ({
  image: ownImage(plan, 'collector'),
  build: note('no image is published: it is built from the manifest next to its Dockerfile', {
    context: './collector',
  }),
  ...always,
  ...(plan.logs === 'files' && userOf(plan, 'the jobs sweep its log files, and erase from them')),
  command: ['--config=/etc/otelcol/config.yaml'],
  environment: {
    AFN_OTLP_HTTP: '0.0.0.0:4318',
    AFN_OTLP_GRPC: '0.0.0.0:4317',
    AFN_OTLP_TRUSTED_HTTP: '0.0.0.0:4319',
    AFN_COLLECTOR_HEALTH: '0.0.0.0:13133',
    AFN_SELF_METRICS_HOST: '0.0.0.0',
    GOMEMLIMIT: goMemoryLimit(limitOf(plan.profile, 'otel-collector')),
    AFN_HMAC_KEY: required('AFN_HMAC_KEY', '32 bytes or more, the same as the apps have (openssl rand -hex 32)'),
    AFN_INGEST_TOKEN: required(
      'AFN_INGEST_TOKEN',
      'that apps send to 4319 with what they have redacted (openssl rand -hex 32)',
    ),
    AFN_HMAC_KEY_ID: placeholder('AFN_HMAC_KEY_ID:-'),
    AFN_TEMPO: 'tempo:4317',
    ...(plan.logs === 'loki' && { AFN_LOKI: 'http://loki:3100' }),
    AFN_PROMETHEUS: 'http://prometheus:9090',
    ...(plan.metrics === 'three' && {
      AFN_PROMETHEUS_MEDIUM: 'http://prometheus-medium:9090',
      AFN_PROMETHEUS_LOW: 'http://prometheus-low:9090',
    }),
    ...(plan.langfuse && {
      AFN_LANGFUSE: `http://langfuse-proxy:${PROXY_PORT}`,
      AFN_LANGFUSE_AUTH: required('AFN_LANGFUSE_AUTH', 'base64 of publicKey:secretKey of the project'),
    }),
  },
  ports: note('for apps on this host; inside the network, use http://otel-collector:4318', [
    onLoopback(published.otlpGrpc, 4317),
    onLoopback(published.otlpHttp, 4318),
    onLoopback(published.otlpTrusted, 4319),
    onLoopback(published.health, 13133),
    onLoopback(published.selfMetrics, 8888),
  ]),
  volumes: [
    './otel-collector.yaml:/etc/otelcol/config.yaml:ro',
    'otelcol-queue:/var/lib/otelcol/queue',
    ...(plan.logs === 'files' ? [`otelcol-logs:${COLLECTOR_LOGS}`] : []),
  ],
  healthcheck: healthy(['wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:13133/']),
  depends_on: note(
    'a container has a name on the network only while it runs; data sent before a store is ready waits in the queue',
    {
      tempo: { condition: 'service_started' },
    },
  ),
})

/** Where `afn-otel langfuse proxy` listens. */
export const PROXY_PORT = 3003

const langfuseProxy = (plan: Plan): Section => ({
  image: ownImage(plan, 'commands'),
  build: note('the Collector drops spans after a 500 or 401; behind this proxy, they wait in its queue', {
    context: './commands',
  }),
  ...always,
  command: ['langfuse', 'proxy', '--listen', `0.0.0.0:${PROXY_PORT}`],
  environment: {
    LANGFUSE_HOST: hasLangfuse(plan) ? 'http://langfuse:3000' : required('AFN_LANGFUSE', 'base URL of your LangFuse'),
  },
  healthcheck: note(
    'healthy as long as it answers, whatever the state of LangFuse',
    healthy([
      'node',
      '-e',
      `fetch('http://127.0.0.1:${PROXY_PORT}/api/public/health').then(() => process.exit(0), () => process.exit(1))`,
    ]),
  ),
})

const tempo = ({ bucket }: Plan): Section => ({
  image: images.tempo,
  ...always,
  ...(bucket.name !== '' && { environment: bucketKeys() }),
  command: ['-config.file=/conf/tempo.yaml'],
  ports: note('the API, and the receiver for afn-otel reconcile; apps send to the Collector, which redacts', [
    onLoopback(published.tempo, 3200),
    onLoopback(published.tempoOtlp, 4318),
  ]),
  volumes: [
    './tempo.yaml:/conf/tempo.yaml:ro',
    './tempo-overrides.yaml:/conf/tempo-overrides.yaml:ro',
    'tempo-data:/var/tempo',
  ],
  healthcheck: note('the image has no shell', healthy(['/tempo', '-health'])),
})

/** Of .env; a host of AWS may have a role instead. */
const bucketKeys = (): Section => Object.fromEntries(keysOfBucket.map(key => [key, placeholder(`${key}:-`)]))

const loki = (plan: Plan): Section => ({
  image: images.loki,
  ...always,
  read_only: true,
  tmpfs: ['/tmp'],
  command: lokiArguments,
  environment: {
    GOMEMLIMIT: goMemoryLimit(limitOf(plan.profile, 'loki')),
    ...(plan.bucket.name !== '' && bucketKeys()),
  },
  ports: [onLoopback(published.loki, 3100)],
  volumes: ['./loki.yaml:/etc/loki/loki.yaml:ro', `loki-data:${LOKI_DATA}`],
  healthcheck: note('the image has no shell', healthy(['loki', '-health'])),
})

function prometheus(resolution: Resolution, plan: Plan, alerting: Alerting): Section {
  const name = prometheusOf[resolution]
  const token = resolution === 'high' ? receiverToken(alerting) : undefined
  const file = resolution === 'high' ? 'prometheus.yml' : `prometheus-${resolution}.yml`
  return {
    image: images.prometheus,
    ...always,
    // compose would take a single dollar sign for a variable
    command: [
      ...prometheusArguments(resolution, plan).map(argument => argument.replaceAll('$', '$$$$')),
      // series of a person can be deleted by it, and all others by any page that a browser on this host shows: for the minutes of an erasure
      placeholder('AFN_PROMETHEUS_ADMIN:---no-web.enable-admin-api'),
    ],
    ports: [onLoopback(published.prometheus[resolution], 9090)],
    volumes: [
      `./${file}:/etc/prometheus/prometheus.yml:ro`,
      ...(resolution === 'low' ? [] : ['./rules:/etc/prometheus/rules:ro']),
      ...mounted(token ? [token] : []),
      `${name}-data:/prometheus`,
    ],
    healthcheck: healthy(['promtool', 'check', 'ready', '--url=http://127.0.0.1:9090']),
  }
}

const grafana = (): Section => ({
  image: images.grafana,
  ...always,
  environment: {
    GF_SECURITY_ADMIN_PASSWORD: required('GRAFANA_PASSWORD', "of Grafana's user admin"),
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_USERS_ALLOW_SIGN_UP: 'false',
  },
  ports: [onLoopback(published.grafana, 3000)],
  volumes: [
    './grafana/datasources.yaml:/etc/grafana/provisioning/datasources/afn.yaml:ro',
    './grafana/dashboards.yaml:/etc/grafana/provisioning/dashboards/afn.yaml:ro',
    ...folders.map(({ path }) => `./grafana/${path}:/etc/grafana/${path}:ro`),
    'grafana-data:/var/lib/grafana',
  ],
  healthcheck: healthy('wget -q -O /dev/null http://127.0.0.1:3000/api/health'),
  depends_on: { prometheus: { condition: 'service_healthy' }, tempo: { condition: 'service_started' } },
})
