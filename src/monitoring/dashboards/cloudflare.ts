/** A board of what Cloudflare's edge and the monitoring Worker see, for those whose `monitoring-config.json` has `cloudflare_config`. */
import * as names from '../../../semconv'
import type { Board, Query, Step } from './board'
import { frameOf, type MetricRetention } from './boards'
import { common, lines, placed, type Sketch, stat } from './boards/frame'
import { is, level, matches, selector, share, type Where } from './metric-queries'
import { labelOf, type Metric, metrics } from './metrics'
import { type Language, textsOf } from './words'

const WINDOW = '5m'
const SECONDS = 300

const all = (metric: Metric, where: readonly Where[] = []) => selector(metric, where, undefined, true)
const by = (attribute: string) => `by (${labelOf(attribute)})`
const legendOf = (attribute: string) => `{{${labelOf(attribute)}}}`

/** A sample is the count of its minute. A thinned store has not all of them. */
const counted = (metric: Metric, where: readonly Where[] = [], attribute?: string) =>
  `sum${attribute === undefined ? '' : ` ${by(attribute)}`} (sum_over_time(${all(metric, where)}[${WINDOW}]))`
const aSecond = (metric: Metric, attribute: string): Query[] => [
  { expr: `${counted(metric, [], attribute)} / ${SECONDS}`, legend: legendOf(attribute), store: 'high' },
]
const quantilesOf = (metric: Metric): Query[] => [
  {
    expr: `max ${by(names.ATTR_AFN_CLOUDFLARE_QUANTILE)} (avg_over_time(${all(metric)}[${WINDOW}]))`,
    legend: `p ${legendOf(names.ATTR_AFN_CLOUDFLARE_QUANTILE)}`,
    store: 'high',
  },
]
const newest = (metric: Metric, attribute: string): Query[] => [
  { expr: level(metric, { by: [attribute], whole: true }, 'max'), legend: legendOf(attribute), store: 'high' },
]
const number = (text: Sketch['text'], unit: string, expr: string, more: Partial<Sketch> = {}): Sketch =>
  stat(text, unit, [{ expr, legend: '', store: 'high' }], { w: 6, ...more })

const errorSteps: readonly Step[] = [{ level: 'good' }, { from: 0.01, level: 'warning' }, { from: 0.05, level: 'bad' }]
const ageSteps = (warning: number, bad: number): readonly Step[] => [
  { level: 'good' },
  { from: warning, level: 'warning' },
  { from: bad, level: 'bad' },
]

export function cloudflareBoard(language: Language, kept: MetricRetention): Board {
  const text = textsOf(language)
  const { edgeRequests } = metrics
  const requests = counted(edgeRequests)
  const failed = counted(edgeRequests, [matches(names.ATTR_HTTP_RESPONSE_STATUS_CODE, '5..')])
  const cached = counted(edgeRequests, [is(names.ATTR_AFN_CLOUDFLARE_CACHE_STATUS, 'hit')])
  return {
    ...common(frameOf(language, kept)),
    // what is seen at the edge belongs to zones, and to no service or environment
    variables: [],
    uid: language === 'en' ? 'afn-cloudflare' : `afn-cloudflare-${language}`,
    title: text('cloudflare.title'),
    description: text('cloudflare.title.about'),
    ...placed(text, [
      {
        title: 'row.edge',
        panels: [
          number('cloudflare.errors', 'percentunit', share(failed, requests), { steps: errorSteps, decimals: 2 }),
          number('cloudflare.cached', 'percentunit', share(cached, requests), { decimals: 1 }),
          lines('cloudflare.requests', 'reqps', aSecond(edgeRequests, names.ATTR_HTTP_RESPONSE_STATUS_CODE), {
            w: 12,
            stacked: true,
          }),
          lines('cloudflare.firstByte', 's', quantilesOf(metrics.edgeFirstByte)),
          lines('cloudflare.origin', 's', quantilesOf(metrics.originDuration)),
          lines(
            'cloudflare.firewall',
            'cps',
            aSecond(metrics.firewallEvents, names.ATTR_AFN_CLOUDFLARE_FIREWALL_ACTION),
            {
              stacked: true,
            },
          ),
        ],
      },
      {
        title: 'row.outside',
        panels: [
          stat('cloudflare.probes', 'short', newest(metrics.probeUp, names.ATTR_AFN_PROBE_NAME), {
            w: 6,
            h: 8,
            words: [
              { value: 0, text: text('probe.down'), level: 'bad' },
              { value: 1, text: text('probe.up'), level: 'good' },
            ],
          }),
          lines('cloudflare.probeDuration', 's', newest(metrics.probeDuration, names.ATTR_AFN_PROBE_NAME), { w: 12 }),
          number('cloudflare.lastRun', 's', `time() - max(last_over_time(${all(metrics.monitorRun)}[1d]))`, {
            steps: ageSteps(180, 600),
          }),
          number('cloudflare.heartbeat', 's', `max(${all(metrics.heartbeatAge)})`, { steps: ageSteps(300, 900) }),
        ],
      },
      {
        title: 'row.functions',
        panels: [
          lines('cloudflare.workers', 'reqps', aSecond(metrics.workerRequests, names.ATTR_AFN_CLOUDFLARE_SCRIPT_NAME), {
            w: 6,
          }),
          lines(
            'cloudflare.workerErrors',
            'cps',
            aSecond(metrics.workerErrors, names.ATTR_AFN_CLOUDFLARE_SCRIPT_NAME),
            {
              w: 6,
            },
          ),
          lines('cloudflare.pages', 'reqps', aSecond(metrics.pagesRequests, names.ATTR_AFN_CLOUDFLARE_SCRIPT_NAME), {
            w: 6,
          }),
          lines('cloudflare.loads', 'cpm', newest(metrics.pageLoads, names.ATTR_SERVER_ADDRESS), { w: 6 }),
        ],
      },
      {
        title: 'row.numbers',
        panels: [
          number('cloudflare.lag', 's', `max(${all(metrics.edgeLag)})`, { steps: ageSteps(600, 1_800) }),
          lines('cloudflare.sampling', 'short', newest(metrics.edgeSampling, names.ATTR_AFN_CLOUDFLARE_DATASET), {
            w: 18,
            h: 4,
          }),
        ],
      },
    ]),
  }
}
