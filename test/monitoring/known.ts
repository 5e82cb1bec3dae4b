// Metrics that there really are, by the names that Prometheus has for them, with their labels: what Collector, Prometheus,
// Alertmanager and Tempo had at /metrics, and what apps with this SDK and the Collector had sent by OTLP, was recorded from the real ones into exposed/;
// what the registry has besides follows from it by the rules of Prometheus' OTLP receiver.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

/** Name → labels. */
export type Metrics = Map<string, Set<string>>

/** Of every series that was scraped, and of every one that came by OTLP. */
const ofScrapes = ['job', 'instance', 'resolution']
const ofOtlp = ['job', 'instance', 'service_name', 'service_namespace', 'service_version', 'service_instance_id', 'deployment_environment_name', 'team'] // biome-ignore format: one line

export function exposed(part: string): Metrics {
  const text = readFileSync(path.join(import.meta.dirname, 'exposed', `${part}.txt`), 'utf8')
  return new Map(
    [...text.matchAll(/^([\w:]+)\{(.*)\}$/gm)].map(([, name, labels]) => [
      name!,
      new Set(labels!.split(',').filter(Boolean)),
    ]),
  )
}

export function knownMetrics(): Metrics {
  const known: Metrics = new Map()
  const add = (name: string, labels: Iterable<string>) =>
    known.set(name, new Set([...(known.get(name) ?? []), ...labels]))
  for (const part of ['otel-collector', 'prometheus', 'alertmanager', 'alert-receiver', 'tempo', 'loki', 'thanos'])
    for (const [name, labels] of exposed(part)) add(name, [...labels, ...ofScrapes])
  for (const part of ['apps', 'collector-disks'])
    for (const [name, labels] of exposed(part)) add(name, [...labels, ...ofOtlp])
  for (const [name, labels] of registered()) add(name, [...labels, ...ofOtlp])
  // of each scrape, and what Prometheus makes of its own rules
  for (const name of ['up', 'scrape_duration_seconds', 'scrape_samples_scraped']) add(name, ofScrapes)
  for (const name of ['ALERTS', 'ALERTS_FOR_STATE']) add(name, ['alertname', 'alertstate', 'severity', 'service'])
  // by the conventions on what failed alone
  for (const name of known.keys()) if (/^otel_sdk_.*_total$|_duration_seconds_/.test(name)) add(name, ['error_type'])
  // docs/slo.md: somebody sends it while a time does not count
  add('slo_exclude', ['sloth_id', 'sloth_service', 'sloth_slo'])
  return known
}

interface Registered {
  readonly name: string
  readonly instrument: 'counter' | 'updowncounter' | 'gauge' | 'histogram'
  readonly unit: string
  /** A group of them has no `ref`. */
  readonly attributes?: readonly { readonly ref?: string }[]
}

/** The conventions of OpenTelemetry that the registry does not have, but the SDK's resource has. */
const ofResource: Record<string, readonly string[]> = {
  afn_redaction_leaks_total: ['telemetry_distro_name'],
  afn_dq_violations_total: ['rule'],
}

function registered(): Metrics {
  const folder = path.resolve(import.meta.dirname, '../../semconv/registry')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.yaml'))
  const metrics = files.flatMap(
    file => (parse(readFileSync(path.join(folder, file), 'utf8')) as { metrics?: Registered[] })?.metrics ?? [],
  )
  return new Map(
    metrics.flatMap(metric => {
      const labels = (metric.attributes ?? []).flatMap(({ ref }) => ref?.replaceAll('.', '_') ?? [])
      return prometheusNames(metric).map(name => [name, new Set([...labels, ...(ofResource[name] ?? [])])] as const)
    }),
  )
}

const units: Record<string, string> = { s: '_seconds', By: '_bytes', ms: '_milliseconds', '1': '' }

/** https://prometheus.io/docs/guides/opentelemetry: dots become underscores; unit and kind are suffixes. */
function prometheusNames({ name, instrument, unit }: Registered): string[] {
  const plain = `${name.replaceAll('.', '_')}${units[unit] ?? ''}`
  if (instrument === 'counter') return [`${plain}_total`]
  if (instrument === 'histogram') return ['_bucket', '_sum', '_count'].map(suffix => plain + suffix)
  return [instrument === 'gauge' && unit === '1' ? `${plain}_ratio` : plain]
}
