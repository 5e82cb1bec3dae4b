// Metrics of commands about their own runs, pushed by OTLP to the endpoint of the environment, as an app would do it.
import { parse } from 'yaml'
import { ATTR_AFN_JOB_NAME, METRIC_AFN_JOB_INTERVAL, METRIC_AFN_JOB_LAST_SUCCESS } from '../../semconv'
import { withoutCredentials } from '../shared/config/credentials'
import { otlpTarget } from '../shared/config/otlp'
import { resolve } from '../shared/config/resolve'
import { secondsOfDuration } from '../shared/queries/window'

export interface Gauge {
  readonly name: string
  /** Default `s`. */
  readonly unit?: string
  readonly value: number
  readonly attributes: Readonly<Record<string, string | number>>
  /** ms since 1970. Default now. */
  readonly at?: number
}

/** Longest wait: the work itself is done. */
const PATIENCE_MS = 5_000

/** What the help of a command says that calls `tellSuccess` after each round. */
export const successHelp =
  'With OTEL_EXPORTER_OTLP_ENDPOINT, it reports each successful run as a metric, and the alert AfnJobStale fires after three missing runs (AFN_JOB_INTERVAL for a cron job)'

/**
 * Reports that a round of a job succeeded.
 * @param every pause between two rounds, such as `10m`; where another program starts the job, AFN_JOB_INTERVAL is the pause. A job that
 *   has neither is never reported as missing
 */
export async function tellSuccess(job: string, every: string | undefined): Promise<void> {
  const attributes = { [ATTR_AFN_JOB_NAME]: job }
  const interval = every || process.env.AFN_JOB_INTERVAL
  await pushGauges([
    { name: METRIC_AFN_JOB_LAST_SUCCESS, value: Date.now() / 1_000, attributes },
    ...(interval
      ? [{ name: METRIC_AFN_JOB_INTERVAL, value: secondsOfDuration('AFN_JOB_INTERVAL', interval), attributes }]
      : []),
  ])
}

/** Whether a variable names an endpoint. */
export function hasEndpoint(): boolean {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT } = process.env
  return Boolean(OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_METRICS_ENDPOINT)
}

/** Of the environment. */
function target(): { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined {
  if (!hasEndpoint()) return undefined
  return otlpTarget('metrics', resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse }).settings)
}

/**
 * Where no variable names an endpoint, nothing is sent; a failure is one line on stderr.
 * @returns whether they were taken
 */
export async function pushGauges(gauges: readonly Gauge[], to = target()): Promise<boolean> {
  if (gauges.length === 0 || to === undefined) return false
  const { url, headers } = to
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(gauges)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return true
  } catch (error) {
    console.error(
      `afn-otel: ${withoutCredentials(url)} rejected the metric of this run (${(error as Error).message}), so an alert may report a missing run; correct OTEL_EXPORTER_OTLP_ENDPOINT`,
    )
    return false
  }
}

function requestOf(gauges: readonly Gauge[]): object {
  const now = Date.now()
  const points = new Map<string, { readonly name: string; readonly unit: string; readonly dataPoints: object[] }>()
  for (const { name, unit = 's', value, attributes, at = now } of gauges) {
    const metric = points.get(name) ?? { name, unit, dataPoints: [] }
    points.set(name, metric)
    metric.dataPoints.push({
      timeUnixNano: `${at}000000`,
      asDouble: value,
      attributes: Object.entries(attributes).map(([key, value]) => ({
        key,
        value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
      })),
    })
  }
  const metrics = [...points.values()].map(({ dataPoints, ...metric }) => ({ ...metric, gauge: { dataPoints } }))
  const attributes = [{ key: 'service.name', value: { stringValue: 'afn-otel' } }]
  return { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: 'afn-otel' }, metrics }] }] }
}
