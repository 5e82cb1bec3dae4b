// All files of a profile: those of a folder for a user, and those of this repository itself.

import { isJson } from '../../shared/config/json-comments'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'
import { agentConfig } from './agent-config'
import { ALERTS_FILE, type Alerting, alertmanagerSection, defaultAlerting, rulesOf } from './alerting'
import { thanosBucket } from './bucket'
import { collectorConfig } from './collector-config'
import { commandSettings, SETTINGS_FILE } from './command-settings'
import { composeConfig } from './compose'
import { variablesIn } from './environment'
import { filesOverlay } from './files'
import type { GeneratedFile } from './generated-file'
import { grafanaDashboards, grafanaDatasources, grafanaProviders } from './grafana-config'
import { JOBS_FILE, jobsTable } from './jobs'
import { kubernetesFiles } from './kubernetes'
import { lokiConfig } from './loki-config'
import { MADE_BY, type Plan, planOf } from './plan'
import { features, prometheusConfig } from './prometheus-config'
import { readme } from './readme'
import { render, renderForCollector } from './render'
import { ruleSetFile } from './rule-set'
import { tempoConfig, tempoOverrides } from './tempo-config'
import { BUCKET_FILE, ENDPOINTS_FILE, thanosEndpoints } from './thanos'
import type { Section } from './yaml-comments'

/**
 * What `npm run generate` writes: the configuration of `single` for any otelcol-contrib, what the package lays over it, and a constant for the SDK.
 * The package has the Collector's file, which therefore lies in the root; the others are for review alone.
 */
export default function generate(): GeneratedFile[] {
  const plan = planOf('single', { components: 'contrib' })
  const [, ...others] = generateFiles(plan)
  const forReview = others.map(({ path, content }) => ({ path: `deploy/single/${path}`, content }))
  return [...runFiles(plan), ...forReview, ruleSetFile()]
}

/** What `afn-otel collector run` starts the Collector with: otel-collector.yaml, and what `--files` lays over it. */
export const runFiles = (plan: Plan): [GeneratedFile, GeneratedFile] => [
  ofCollector('otel-collector.yaml', collectorHeader(plan), collectorConfig(plan), plan),
  ofCollector('collector/files.yaml', filesHeader, filesOverlay(plan), plan),
]

/** What a folder has of the package: `collector/Dockerfile`, `collector/builder.yaml`, `collector/components`, the CLI of `dist` and `docs/runbooks`. */
export interface Packaged {
  readonly dockerfile: string
  readonly manifest: string
  /** Of `collector/components`, by paths relative to it. */
  readonly components: readonly { readonly name: string; readonly text: string }[]
  /** `cli.cjs` and the chunks that it requires, by paths relative to `dist`. */
  readonly commands: readonly { readonly name: string; readonly text: string }[]
  readonly runbooks: readonly { readonly name: string; readonly text: string }[]
}

/** A whole folder: the configuration of every service, what builds the Collector's image, and what explains it. */
export function folderFiles(
  plan: Plan,
  alerting: Alerting,
  { dockerfile, manifest, components, commands, runbooks }: Packaged,
): GeneratedFile[] {
  const by = `# ${MADE_BY}${plan.profile}": a copy of what is in @afn/otel.\n`
  const copied = `${MADE_BY}${plan.profile}": what runs goes by this copy, so that an edit with a mistake changes nothing.`
  return [
    { path: 'README.md', content: readme(plan) },
    { path: '.gitignore', content: `# ${MADE_BY}${plan.profile}": all have secrets.\n/.env\n/app.env\n/secrets/\n` },
    { path: 'collector/Dockerfile', content: `${by}${dockerfile}` },
    { path: 'collector/builder.yaml', content: `${by}${manifest}` },
    ...components.map(({ name, text }) => ({
      path: `collector/components/${name}`,
      content: `// ${MADE_BY}${plan.profile}": a copy of what is in @afn/otel.\n\n${text}`,
    })),
    { path: 'commands/Dockerfile', content: commandsImage(plan, commands) },
    ...commands.map(({ name, text }) => ({
      path: `commands/${name}`,
      content: `${text.trimEnd()}\n// ${MADE_BY}${plan.profile}": a copy of what is in @afn/otel.\n`,
    })),
    { path: `commands/${SETTINGS_FILE}`, content: commandSettings(plan, origin(plan)) },
    { path: `commands/${JOBS_FILE}`, content: jobsTable(plan, alerting.alerts.language, origin(plan)) },
    { path: `commands/${ALERTS_FILE}`, content: `${isJson(alerting.text) ? '//' : '#'} ${copied}\n${alerting.text}` },
    { path: `commands/${MONITORING_FILE}`, content: `// ${copied}\n${alerting.monitoring}` },
    ...runbooks.map(({ name, text }) => ({
      path: `runbooks/${name}`,
      content: `${text}\n<!-- ${MADE_BY}${plan.profile}": a copy of what is in @afn/otel. -->\n`,
    })),
    ...generateFiles(plan, alerting),
  ]
}

const commandsImage = (
  { profile }: Plan,
  commands: Packaged['commands'],
): string => `# ${MADE_BY}${profile}": the commands of afn-otel, as its package has them.
FROM node:22.22.3-bookworm-slim
${commands.map(({ name }) => `COPY ${name} /opt/afn-otel/${name}`).join('\n')}
# databases of the alert receiver and of the jobs belong to the user that they run as, or to its group
RUN install -d -m 0775 -o 10001 -g 10001 /etc/afn-otel/data
USER 10001:10001
ENTRYPOINT ["node", "/opt/afn-otel/cli.cjs"]
`

/** Every configuration file of a plan, in the order in which data flows through them. */
export function generateFiles(plan: Plan, alerting: Alerting = defaultAlerting()): GeneratedFile[] {
  const by = origin(plan)
  const text = (what: string, config: Section) => render(`${by}\n\n${what.trim()}`, config)
  const file = (path: string, what: string, config: Section): GeneratedFile => ({ path, content: text(what, config) })
  const collector = ofCollector('otel-collector.yaml', collectorHeader(plan), collectorConfig(plan), plan)
  const rules = rulesOf(plan, alerting, `${by}\n\nThe rules of an objective in slo.yaml.`, text)
  const stores = [
    file('tempo.yaml', 'Configuration of Tempo 3, where traces are kept.', tempoConfig(plan)),
    file(
      'tempo-overrides.yaml',
      'How long Tempo keeps the traces of each tenant, and how much it accepts.',
      tempoOverrides(plan),
    ),
    ...(plan.logs === 'loki'
      ? [file('loki.yaml', 'Configuration of Loki 3, where log records are kept.', lokiConfig(plan))]
      : []),
    file('prometheus.yml', prometheusHeader('high'), prometheusConfig('high', plan, alerting)),
    ...(plan.metrics === 'thanos'
      ? [
          file(BUCKET_FILE, 'The bucket of Thanos, where metrics are kept.', thanosBucket(plan.bucket)),
          file(ENDPOINTS_FILE, "Whom Thanos' querier asks.", thanosEndpoints()),
        ]
      : []),
    ...rules.high,
    ...rules.medium,
    file('alertmanager.yml', alertmanagerHeader, alertmanagerSection(alerting, plan)),
    file('grafana/datasources.yaml', "Grafana's data sources.", grafanaDatasources(plan)),
    file('grafana/dashboards.yaml', 'The folders from which Grafana loads its dashboards.', grafanaProviders()),
    ...grafanaDashboards(plan),
  ]
  const thinned = plan.metrics === 'three' ? (['medium', 'low'] as const) : []
  const configs = [
    collector,
    ...stores,
    ...thinned.map(resolution =>
      file(`prometheus-${resolution}.yml`, prometheusHeader(resolution), prometheusConfig(resolution, plan)),
    ),
  ]
  if (plan.profile !== 'cluster')
    return [...configs, file('compose.yaml', composeHeader, composeConfig(plan, alerting))]
  const withAgent = [ofCollector('otel-collector-agent.yaml', agentHeader, agentConfig(plan), plan), ...configs]
  return [...withAgent, ...kubernetesFiles(plan, alerting, rules, withAgent, by)]
}

function ofCollector(path: string, what: string, config: Section, plan: Plan): GeneratedFile {
  const body = renderForCollector('', config)
  const header = `${origin(plan)}\n\n${what.trim()}\n\nConfigured by environment; in brackets what holds when a variable is not set:\n${lines(body)}`
  return { path, content: renderForCollector(header, config) }
}

const origin = ({ profile }: Plan): string =>
  `${MADE_BY}${profile}" from src/shared/tiers and src/pipeline/deployment: change it there, or under\n"pipeline" in afn-otel.config.yaml.`

function lines(body: string): string {
  const line = ({ name, meaning, default: otherwise }: ReturnType<typeof variablesIn>[number]) =>
    `  ${name.padEnd(22)} ${meaning} [${otherwise === undefined ? 'must be set' : otherwise || 'empty'}]`
  return variablesIn(body).map(line).join('\n')
}

const collectorHeader = ({ metrics, langfuse, logs }: Plan): string => `
Configuration of the OpenTelemetry Collector.

  4318 -> traces -> memory_limiter -> redaction -> forward/clean -+-> Tempo afn-detailed
                                          ^               ^       +-> tail_sampling/keep -> forward/kept -+-> Tempo afn-sampled
  4319 -> traces, with the token ---------+-- redacted ---+       |                                       +-> tail_sampling/errors -> Tempo afn-errors
${langfuse ? '                                                                  +-> filter/llm -> LangFuse\n' : ''}                                                                  +-> span_metrics -> metrics
  metrics -> memory_limiter -> redaction -> ${metrics === 'three' ? 'Prometheus, in three resolutions' : metrics === 'thanos' ? 'Prometheus -> Thanos, in three resolutions' : 'Prometheus'}
  logs    -> memory_limiter -> redaction -> ${logs === 'loki' ? 'Loki, by class' : 'a file for each class'}
`

const agentHeader = `
Configuration of the OpenTelemetry Collector next to the apps. It forwards everything to the gateways, and all spans of a
trace to the same gateway.
`

const prometheusHeader = (resolution: string): string => `
Configuration of Prometheus, ${resolution} resolution. Start it with --web.enable-otlp-receiver${resolution === 'high' ? ` and ${features}` : `, ${features} and the --query.lookback-delta of compose.yaml`}.
`

const alertmanagerHeader = `
Configuration of Alertmanager: who is notified of which alert, according to alerts-config.yaml. It contains no secrets, only the names of their files.
`

const composeHeader = `
The whole pipeline on one host: docker compose up. All ports are published on loopback: OTLP on 4317 (gRPC), 4328 (HTTP) and
4319 (HTTP, with the token), Tempo on 3210, Loki on 3100 (if the profile includes it), Prometheus on 9090, Alertmanager on 9093,
the alert receiver on 9095, the jobs on 9096, Grafana on 3001, and LangFuse on 3002 (if the profile includes it). afn-otel up uses
none of these ports.
`

const filesHeader = `
An overlay of otel-collector.yaml, used by "afn-otel collector run --files DIR". Each leg writes to DIR/NAME.json, one OTLP
request per line, and nothing leaves the machine. AFN_FILES_DIR is DIR.
`
