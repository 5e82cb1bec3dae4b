// `afn-otel cloudflare metrics`
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ATTR_AFN_CLOUDFLARE_ZONE_NAME, ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../semconv'
import { type Analytics, completeMinutes, readAnalytics, type Value } from '../../operations/cloudflare/analytics'
import { AnalyticsWatch } from '../../operations/cloudflare/analytics-watch'
import { ApiError } from '../../operations/cloudflare/api-error'
import { zonesOfAccount } from '../../operations/cloudflare/zone'
import { table } from '../../shared/queries/table'
import { secondsOfDuration } from '../../shared/queries/window'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { type Gauge, hasEndpoint, pushGauges, tellSuccess } from '../push-gauges'
import { json } from '../terminal'
import { inZone, type Session } from './session'

export const options = {
  since: { type: 'string', default: '15m', help: 'time range: 1m, 15m, 6h …' },
  'all-zones': { type: 'boolean', default: false, help: 'includes all zones of the account that the token can read' },
  watch: {
    type: 'boolean',
    default: false,
    help: 'sends each complete minute over OTLP, until stopped',
  },
  json: { type: 'boolean', default: false, help: 'prints JSON: { from, to, values, sampleIntervals, missing }' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare metrics [--since 15m] [--all-zones] [--json]
       afn-otel cloudflare metrics --watch [--all-zones]

Prints edge metrics: requests by status and cache, time to first byte, firewall events, health checks, Workers, Pages and Web
Analytics. Values cover complete minutes that ended at least two minutes ago; where Cloudflare samples, they are estimates.

With --watch, sends them to OTEL_EXPORTER_OTLP_ENDPOINT as gauges, one per minute, with the end of the minute as timestamp:
sum_over_time(afn_cloudflare_requests[1h]) is the number of requests in an hour. afn_cloudflare_lag_seconds is the age of the newest
minute, afn_cloudflare_sample_interval the number of requests that one sample represents. Rejected data is read and sent again.

${optionLines(options)}

Exit codes: 0 success; 1 Cloudflare rejects the request; 2 usage error.`

const LONGEST_MINUTES = 31 * 1_440

export async function metrics(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const minutes = Math.min(Math.max(1, Math.floor(secondsOfDuration('--since', values.since) / 60)), LONGEST_MINUTES)
  if (values.watch && !hasEndpoint())
    throw new Error('--watch sends by OTLP; set OTEL_EXPORTER_OTLP_ENDPOINT, such as http://localhost:4318')
  return inZone('cloudflare metrics', async session => {
    const { client, place } = session
    const zones = values['all-zones']
      ? await zonesOfAccount(client, place)
      : new Map([[place.zoneId, session.zone.name]])
    if (values.watch) return await watch(session, zones)
    const window = completeMinutes(minutes, Date.now())
    const found = await readAnalytics(client, { zones, accountId: place.accountId, ...window })
    const times = { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() }
    if (values.json) return print(json({ ...times, ...found, sampleIntervals: Object.fromEntries(found.sampleIntervals) }, 2)) // biome-ignore format: one line
    return print([...tableOf(found, zones.size > 1), '', ...notesOf(found, times)].join('\n'))
  })
}

const PAUSE = '1m'
/** The job name that AfnJobStale uses. */
const JOB = 'cloudflare-metrics'

/** Runs until a signal, or until the first round is rejected, because an invalid token stays invalid. */
async function watch({ client, place }: Session, zones: ReadonlyMap<string, string>): Promise<never> {
  const watched = new AnalyticsWatch(client, {
    zones,
    accountId: place.accountId,
    now: Date.now,
    send: values => pushGauges(values.map(gaugeOf)),
  })
  let shown = new Set<string>()
  /** Repeats nothing from the previous round. */
  const say = (sentences: readonly string[]) => {
    for (const sentence of sentences)
      if (!shown.has(sentence)) console.error(`afn-otel cloudflare metrics: ${sentence}`)
    shown = new Set(sentences)
  }
  for (let isFirst = true; ; isFirst = false) {
    try {
      const { isDone, missing } = await watched.round()
      say(missing.map(sentence => `missing: ${sentence}`))
      if (isDone) await tellSuccess(JOB, PAUSE)
    } catch (error) {
      if (isFirst || !(error instanceof ApiError)) throw error
      say([error.message])
    }
    await sleep(secondsOfDuration('--watch', PAUSE) * 1_000)
  }
}

/** The conventions define the status as a number. */
const gaugeOf = ({ metric, unit, value, attributes, at }: Value): Gauge => {
  const { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status, ...others } = attributes
  return {
    name: metric,
    unit,
    value,
    attributes: { ...others, ...(status !== undefined && { [ATTR_HTTP_RESPONSE_STATUS_CODE]: Number(status) }) },
    ...(at !== undefined && { at }),
  }
}

function tableOf({ values }: Analytics, hasZones: boolean): string[] {
  const rows = values.map(({ metric, unit, value, attributes }) => {
    const of = Object.entries(attributes).filter(([name]) => hasZones || name !== ATTR_AFN_CLOUDFLARE_ZONE_NAME)
    const shown = Number.isInteger(value) ? String(value) : value.toPrecision(3)
    return [metric.replace('afn.cloudflare.', ''), of.map(([name, text]) => `${shortOf(name)}=${text}`).join(' '), shown, unit.replace(/[{}]/g, '')] // biome-ignore format: one line
  })
  return table(['metric', 'of', 'value', 'unit'], rows)
}

/** Shortens `zone.name` to `zone` and `http.response.status_code` to `status_code`. */
const shortOf = (attribute: string) =>
  attribute
    .replace(/\.name$/, '')
    .split('.')
    .at(-1)

function notesOf({ sampleIntervals, missing }: Analytics, { from, to }: { from: string; to: string }): string[] {
  const sampled = [...sampleIntervals].filter(([, interval]) => interval > 1)
  return [
    `from ${from} to ${to}; later minutes are incomplete`,
    ...sampled.map(([node, interval]) => `${node} is an estimate, with a sample rate as low as one in ${interval}`),
    ...missing.map(sentence => `missing: ${sentence}`),
  ]
}
