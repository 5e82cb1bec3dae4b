// The Collector: is it up, is it ours, what waits in it, and what has it lost.
// https://opentelemetry.io/docs/collector/internal-telemetry/
import type { Plan } from '../deployment/plan'
import { collectorPlaces, type Endpoint, silence, stranger } from './addresses'
import { type Check, checksOf } from './check'
import { clockCheck } from './clock'
import { storeExporters } from './collector/components'
import { countChecks } from './collector/counts'
import { keyCheck } from './collector/key'
import { queueCheck } from './collector/queues'
import { spanOfSeconds } from './durations-text'
import { type Sample, samplesIn } from './exposition'
import { ask, objectIn } from './probe-request'
import { compareVersions } from './version'

const { holds, fails, skips } = checksOf('Collector')

export interface CollectorSubject {
  readonly env: NodeJS.ProcessEnv
  /** Where the app sends its traces: on that host the Collector is, unless the environment says otherwise. */
  readonly endpoint: string | undefined
  /** One of each profile: which one runs, nobody says. */
  readonly plans: readonly Plan[]
  /** Of the Collector for which this package's configuration is. */
  readonly version: string
  /** Names the key of the app's pseudonyms; undefined when the app has none. */
  readonly keyId: string | undefined
}

export async function collectorChecks(subject: CollectorSubject): Promise<Check[]> {
  const { health, metrics } = collectorPlaces(subject.env, subject.endpoint)
  const [healthy, exposed] = await Promise.all([ask(health.url), ask(metrics.url)])
  if ('silent' in healthy) return [silence('Collector', 'health', health, healthy)]
  const { status, uptime } = objectIn(healthy.body)
  if (typeof status !== 'string') return [stranger('Collector', 'health', health, `HTTP ${healthy.status}`)]
  const up =
    healthy.status === 200
      ? holds('health', `${health.url}: ${status}, up for ${uptime}`)
      : fails('health', `${health.url}: ${status} (HTTP ${healthy.status}); to find the failed component, see its log`)
  return [up, ...clockCheck('Collector', healthy), ...(await ownMetrics(subject, metrics, exposed))]
}

async function ownMetrics(
  subject: CollectorSubject,
  place: Endpoint,
  answer: Awaited<ReturnType<typeof ask>>,
): Promise<Check[]> {
  const samples = 'status' in answer ? samplesIn(answer.body) : new Map<string, Sample[]>()
  if (!samples.has('otelcol_process_uptime')) {
    const reason = 'silent' in answer ? answer.silent : `HTTP ${answer.status}`
    const detail = `no Collector metrics at ${place.url} (${reason}); to change the address, set ${place.setBy}`
    return [place.isSet ? fails('own metrics', detail) : skips('own metrics', detail)]
  }
  const seconds = samples.get('otelcol_process_uptime')?.[0]?.value ?? 0
  const since = `since it started ${spanOfSeconds(seconds)} ago`
  return [
    version(samples, subject.version),
    components(samples, subject.plans),
    keyCheck(samples, subject.keyId),
    await queueCheck(samples, subject.env, async () => {
      const later = await ask(place.url)
      return 'status' in later ? samplesIn(later.body) : samples
    }),
    ...countChecks(samples, since),
  ]
}

function version(samples: ReadonlyMap<string, readonly Sample[]>, ours: string): Check {
  const { service_name: name = 'unnamed', service_version: version = '' } =
    samples.get('target_info')?.[0]?.labels ?? {}
  const order = compareVersions(version, ours)
  if (order === undefined) return skips('version', `${name}, version unknown`)
  if (order < 0)
    return fails(
      'version',
      `${name} ${version} is older than ${ours}, which the generated configuration requires; update it (afn-otel collector build)`,
    )
  return holds('version', `${name} ${version}${order > 0 ? `; the configuration was generated for ${ours}` : ''}`)
}

function components(samples: ReadonlyMap<string, readonly Sample[]>, plans: readonly Plan[]): Check {
  const running = (samples.get('otelcol_exporter_queue_capacity') ?? []).map(({ labels }) => labels.exporter ?? '')
  if (running.length === 0) return skips('components', 'no exporter has a queue, as with `collector run --files`')
  if (running.some(name => name.startsWith('load_balancing')))
    return skips('components', 'this is an agent, which forwards everything; check its gateways')
  const missing = storeExporters(plans).filter(name => !running.includes(name))
  return missing.length === 0
    ? holds('components', `sends to ${[...new Set(running)].sort().join(', ')}`)
    : fails(
        'components',
        `it runs a different configuration: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing; start it with the otel-collector.yaml from afn-otel generate`,
      )
}
