// Prometheus: one server, or one for each resolution.
// https://prometheus.io/docs/prometheus/latest/querying/api/
import { METRIC_AFN_REDACTION_LEAKS } from '../../../semconv'
import { parseDuration } from '../../shared/durations'
import type { Resolution } from '../../shared/tiers'
import { type Plan, prometheusDays } from '../deployment/plan'
import { placeOf, silence, stranger } from './addresses'
import { type Check, checksOf } from './check'
import { clockCheck } from './clock'
import { grownInADay } from './daily-growth'
import { spanOfSeconds } from './durations-text'
import { lossCheck, lossesOfADay } from './losses'
import { type Answered, ask, emptyOtlp, objectIn, type Silent } from './probe-request'
import { qualityCheck, type Vector, violationsOfADay } from './quality'
import { unobservedCheck, unobservedOfADay } from './unobserved'
import { compareVersions } from './version'

const { holds, fails, skips } = checksOf('Prometheus')
const oldest = '3.0'

/** The medium and low resolutions are looked at where a variable says that they have a server of their own. */
export async function prometheusChecks(env: NodeJS.ProcessEnv, plans: readonly Plan[]): Promise<Check[]> {
  const servers: [Resolution, [string, ...string[]], string][] = [
    ['high', ['AFN_PROMETHEUS_URL', 'AFN_PROMETHEUS'], 'http://localhost:9090'],
    ['medium', ['AFN_PROMETHEUS_MEDIUM'], ''],
    ['low', ['AFN_PROMETHEUS_LOW'], ''],
  ]
  const used = servers.filter(([, names, usual]) => usual || env[names[0]])
  return (
    await Promise.all(used.map(([resolution, names, usual]) => server(resolution, placeOf(env, names, usual), plans)))
  ).flat()
}

async function server(
  resolution: Resolution,
  place: ReturnType<typeof placeOf>,
  plans: readonly Plan[],
): Promise<Check[]> {
  const name = (what: string) => (resolution === 'high' ? what : `${resolution} ${what}`)
  if (!URL.canParse(place.url))
    return [
      fails(
        name('reachable'),
        `${place.setBy}=${place.url} is not a URL; it must be the URL of Prometheus. To set the binary for afn-otel up --prometheus, use PROMETHEUS_BIN`,
      ),
    ]
  const build = await ask(`${place.url}/api/v1/status/buildinfo`)
  if ('silent' in build) return [silence('Prometheus', name('reachable'), place, build)]
  const { goVersion, version } = dataOf(build)
  if (goVersion === undefined) return [stranger('Prometheus', name('reachable'), place, `HTTP ${build.status}`)]
  const question = (promql: string) =>
    resolution === 'high' ? ask(`${place.url}/api/v1/query?query=${encodeURIComponent(promql)}`) : undefined
  const [runtime, otlp, leaks, violations, losses, unobserved] = await Promise.all([
    ask(`${place.url}/api/v1/status/runtimeinfo`),
    ask(`${place.url}/api/v1/otlp/v1/metrics`, emptyOtlp),
    question(leaksOfADay),
    question(violationsOfADay),
    question(lossesOfADay),
    question(unobservedOfADay),
  ])
  return [
    holds(name('reachable'), place.url),
    versionCheck(name('version'), String(version ?? '')),
    ...clockCheck('Prometheus', build),
    receiver(name('OTLP receiver'), otlp),
    retention(
      name('retention'),
      runtime,
      [...new Set(plans.map(plan => prometheusDays(plan, resolution)))],
      resolution,
    ),
    ...(leaks ? [leakCheck(resultOf(leaks))] : []),
    ...(violations ? [qualityCheck(resultOf(violations))] : []),
    ...(losses ? [lossCheck(resultOf(losses))] : []),
    ...(unobserved ? [unobservedCheck(resultOf(unobserved))] : []),
  ]
}

function versionCheck(name: string, version: string): Check {
  const order = compareVersions(version, oldest)
  if (order === undefined) return skips(name, 'unknown')
  return order < 0
    ? fails(name, `${version} is older than ${oldest}, which is required for OTLP; update it`)
    : holds(name, version)
}

function receiver(name: string, answer: Answered | Silent): Check {
  if ('status' in answer && answer.status < 300) return holds(name, 'on')
  const reason = 'silent' in answer ? answer.silent : `HTTP ${answer.status}`
  return fails(name, `off (${reason}): no metrics are ingested; start Prometheus with --web.enable-otlp-receiver`)
}

function retention(name: string, answer: Answered | Silent, days: readonly number[], resolution: Resolution): Check {
  const { storageRetention } = dataOf(answer)
  const retention = typeof storageRetention === 'string' ? storageRetention : ''
  // `1w or 10GiB` when there is a limit of size too
  const seconds = parseDuration(retention.split(' ')[0] ?? '')
  if (seconds === undefined) return skips(name, `unknown${retention && `: ${retention}`}`)
  if (days.some(number => seconds === number * 86_400)) return holds(name, `${seconds / 86_400} d`)
  return fails(
    name,
    `retains ${spanOfSeconds(seconds)}, not ${days.join(' or ')} d; use the prometheus.yml from afn-otel generate, or change pipeline.retention.metrics.${resolution} in the settings file`,
  )
}

/** What the second line of redaction had to mask in what came from this SDK. */
const leaksOfADay = `sum(${grownInADay(`${METRIC_AFN_REDACTION_LEAKS.replaceAll('.', '_')}_total{telemetry_distro_name="@afn/otel"}`)})`

function leakCheck(result: Vector | undefined): Check {
  if (!result) return skips('redaction leaks', 'the query failed')
  const leaks = Math.ceil(Number(result[0]?.value?.[1] ?? 0))
  return leaks > 0
    ? fails(
        'redaction leaks',
        `in the last day, the Collector masked values in ${leaks} records that this SDK had missed; check afn.redaction.leaks by service`,
      )
    : holds('redaction leaks', 'none in the last day')
}

function resultOf(answer: Answered | Silent): Vector | undefined {
  const { result } = dataOf(answer)
  return Array.isArray(result) ? result : undefined
}

function dataOf(answer: Answered | Silent): Record<string, unknown> {
  const data = 'status' in answer ? objectIn(answer.body).data : undefined
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
}
