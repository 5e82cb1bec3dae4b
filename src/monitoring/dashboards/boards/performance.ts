/** Performance: how long requests take, and what of the process, its databases, its machine and its pages makes people wait. */
import {
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions/incubating'
import {
  ATTR_AFN_HEALTH_CHECK_NAME,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_BROWSER_WEB_VITAL_NAME,
  ATTR_BROWSER_WEB_VITAL_RATING,
  BROWSER_WEB_VITAL_NAME_VALUE_FCP,
  BROWSER_WEB_VITAL_NAME_VALUE_INP,
  BROWSER_WEB_VITAL_NAME_VALUE_LCP,
  BROWSER_WEB_VITAL_NAME_VALUE_TTFB,
  BROWSER_WEB_VITAL_RATING_VALUE_GOOD,
} from '../../../../semconv'
import type { Board, Colour, Query, Step } from '../board'
import {
  is,
  isNot,
  level,
  matches,
  quantile,
  quantileOfAll,
  rate,
  selector,
  share,
  total,
  type Where,
} from '../metric-queries'
import { labelOf, type Metric, metrics } from '../metrics'
import { boardOf, type Frame, lines, type Sketch, stat } from './frame'

const byService = { by: [ATTR_SERVICE_NAME] }
const service = `{{${labelOf(ATTR_SERVICE_NAME)}}}`
/** By the apps: a model provider may send spans of its own side of a call. */
const served = [is('span.kind', 'SPAN_KIND_SERVER'), isNot(ATTR_AFN_LLM_USAGE_ROLLUP, 'true')]
const failed = matches(ATTR_HTTP_RESPONSE_STATUS_CODE, '5..')
const routed = isNot(ATTR_HTTP_ROUTE, '')

/** From the fastest to the slowest, in colours that get darker. */
const percentileColours: Readonly<Record<string, Colour>> = { p50: 'skyBlue', p95: 'blue', p99: 'vermillion' }
const percentiles = (metric: Metric, where: readonly Where[]): Query[] =>
  Object.keys(percentileColours).map(name => ({
    expr: quantile(Number(name.slice(1)) / 100, metric, { where }),
    legend: name,
    exemplars: name === 'p99',
  }))

const half: readonly Step[] = [{ level: 'good' }, { from: 0.7, level: 'warning' }, { from: 0.9, level: 'bad' }]

/** https://web.dev/articles/vitals: what is good ends at the first edge, and what is poor begins at the second. In seconds. */
const edges = {
  [BROWSER_WEB_VITAL_NAME_VALUE_LCP]: [2.5, 4],
  [BROWSER_WEB_VITAL_NAME_VALUE_INP]: [0.2, 0.5],
  [BROWSER_WEB_VITAL_NAME_VALUE_FCP]: [1.8, 3],
  [BROWSER_WEB_VITAL_NAME_VALUE_TTFB]: [0.8, 1.8],
} as const
const shift = [0.1, 0.25] as const
const rated = ([good, poor]: readonly [number, number]): Step[] => [
  { level: 'good' },
  { from: good, level: 'warning' },
  { from: poor, level: 'bad' },
]

export function performance(frame: Frame): Board {
  const { text } = frame
  /** A page is as fast as it is for three visits of four: Google rates the 75th percentile. */
  const vital = (name: keyof typeof edges): Sketch =>
    stat(
      `performance.${name}`,
      's',
      [{ expr: quantileOfAll(0.75, metrics.vitals, { where: [is(ATTR_BROWSER_WEB_VITAL_NAME, name)] }), legend: '' }],
      { steps: rated(edges[name]), empty: text('empty.pages') },
    )
  const good = is(ATTR_BROWSER_WEB_VITAL_RATING, BROWSER_WEB_VITAL_RATING_VALUE_GOOD)
  const byVital = { by: [ATTR_BROWSER_WEB_VITAL_NAME] }
  const vitalLegend = `{{${labelOf(ATTR_BROWSER_WEB_VITAL_NAME)}}}`
  return boardOf('performance', 'afn-performance', frame, [
    {
      title: 'row.requests',
      panels: [
        lines('performance.percentiles', 's', percentiles(metrics.spanDuration, served), {
          w: 12,
          colours: percentileColours,
        }),
        {
          text: 'performance.heatmap',
          type: 'heatmap',
          unit: 's',
          w: 12,
          h: 8,
          queries: [
            {
              expr: `sum by (le) (increase(${selector(metrics.spanDuration, served, 'bucket')}[$__rate_interval]))`,
              legend: '',
              exemplars: true,
            },
          ],
        },
        {
          text: 'performance.routes',
          type: 'table',
          unit: 's',
          w: 24,
          h: 8,
          empty: text('empty.requests'),
          labels: {
            [labelOf(ATTR_SERVICE_NAME)]: text('label.service'),
            [labelOf(ATTR_HTTP_ROUTE)]: text('label.route'),
          },
          queries: [
            {
              expr: `topk(20, ${total(metrics.requests, { by: [ATTR_SERVICE_NAME, ATTR_HTTP_ROUTE], where: [routed] })})`,
              legend: text('column.requests'),
            },
            {
              expr: quantileOfAll(0.5, metrics.requests, { by: [ATTR_SERVICE_NAME, ATTR_HTTP_ROUTE], where: [routed] }),
              legend: 'p50',
            },
            {
              expr: quantileOfAll(0.95, metrics.requests, {
                by: [ATTR_SERVICE_NAME, ATTR_HTTP_ROUTE],
                where: [routed],
              }),
              legend: 'p95',
            },
            {
              expr: share(
                total(metrics.requests, { by: [ATTR_SERVICE_NAME, ATTR_HTTP_ROUTE], where: [routed, failed] }),
                total(metrics.requests, { by: [ATTR_SERVICE_NAME, ATTR_HTTP_ROUTE], where: [routed] }),
              ),
              legend: text('column.errors'),
            },
          ],
          columns: {
            [text('column.requests')]: { unit: 'short', decimals: 0 },
            [text('column.errors')]: {
              unit: 'percentunit',
              steps: [{ level: 'good' }, { from: 0.005, level: 'warning' }, { from: 0.01, level: 'bad' }],
            },
          },
        },
      ],
    },
    {
      title: 'row.process',
      panels: [
        lines('performance.loopDelay', 's', [
          { expr: level(metrics.loopDelayP99, byService, 'max'), legend: `p99 ${service}` },
          { expr: level(metrics.loopDelayP50, byService, 'max'), legend: `p50 ${service}` },
        ]),
        lines(
          'performance.loopUse',
          'percentunit',
          [{ expr: level(metrics.loopUtilization, byService, 'max'), legend: service }],
          { min: 0, max: 1, steps: half },
        ),
        lines(
          'performance.collection',
          'percentunit',
          [{ expr: rate(metrics.garbageCollection, byService, 'sum'), legend: service }],
          { min: 0 },
        ),
        lines('performance.heap', 'bytes', [
          { expr: level(metrics.heapUsed, byService), legend: `${text('legend.used')} ${service}` },
          { expr: level(metrics.heapSize, byService), legend: `${text('legend.reserved')} ${service}` },
        ]),
        lines('performance.memory', 'bytes', [{ expr: level(metrics.residentMemory, byService), legend: service }]),
        lines(
          'performance.cpu',
          'percentunit',
          [
            {
              expr: `max by (${labelOf(ATTR_SERVICE_NAME)}) (sum without (cpu_mode) (${selector(metrics.processCpu)}))`,
              legend: service,
            },
          ],
          { min: 0 },
        ),
      ],
    },
    {
      title: 'row.databases',
      panels: [
        lines('performance.queries', 's', [
          {
            expr: quantile(0.95, metrics.queries, { by: [ATTR_DB_SYSTEM_NAME, ATTR_DB_OPERATION_NAME] }),
            legend: `{{${labelOf(ATTR_DB_SYSTEM_NAME)}}} {{${labelOf(ATTR_DB_OPERATION_NAME)}}}`,
          },
        ]),
        lines('performance.pool', 'short', [
          { expr: level(metrics.connections, byService), legend: `${text('legend.connections')} ${service}` },
          { expr: level(metrics.pendingConnections, byService), legend: `${text('legend.pending')} ${service}` },
        ]),
        lines('performance.checks', 's', [
          {
            expr: quantile(0.95, metrics.checkDuration, { by: [ATTR_AFN_HEALTH_CHECK_NAME] }),
            legend: `{{${labelOf(ATTR_AFN_HEALTH_CHECK_NAME)}}}`,
          },
        ]),
      ],
    },
    {
      title: 'row.machine',
      panels: [
        lines(
          'performance.machineCpu',
          'percentunit',
          [
            {
              expr: `max by (${labelOf(ATTR_SERVICE_NAME)}) (1 - ${selector(metrics.machineCpu, [is('cpu.mode', 'idle')])})`,
              legend: service,
            },
          ],
          { min: 0, max: 1, steps: half },
        ),
        lines(
          'performance.machineMemory',
          'percentunit',
          [
            {
              expr: level(metrics.machineMemory, { ...byService, where: [is('system.memory.state', 'used')] }, 'max'),
              legend: service,
            },
          ],
          { min: 0, max: 1, steps: half },
        ),
        lines('performance.disk', 'percentunit', [{ expr: level(metrics.disk, byService, 'max'), legend: service }], {
          min: 0,
          max: 1,
          steps: half,
        }),
      ],
    },
    {
      title: 'row.pages',
      panels: [
        vital(BROWSER_WEB_VITAL_NAME_VALUE_LCP),
        vital(BROWSER_WEB_VITAL_NAME_VALUE_INP),
        {
          text: 'performance.cls',
          type: 'stat',
          unit: 'short',
          steps: rated(shift),
          empty: text('empty.pages'),
          w: 4,
          h: 4,
          queries: [{ expr: quantileOfAll(0.75, metrics.layoutShift), legend: '' }],
        },
        vital(BROWSER_WEB_VITAL_NAME_VALUE_FCP),
        vital(BROWSER_WEB_VITAL_NAME_VALUE_TTFB),
        {
          text: 'performance.goodVisits',
          type: 'bars',
          unit: 'percentunit',
          min: 0,
          max: 1,
          empty: text('empty.pages'),
          steps: [{ level: 'bad' }, { from: 0.5, level: 'warning' }, { from: 0.75, level: 'good' }],
          w: 4,
          h: 4,
          queries: [
            {
              expr: share(total(metrics.vitals, { ...byVital, where: [good] }), total(metrics.vitals, byVital)),
              legend: vitalLegend,
            },
            {
              expr: share(total(metrics.layoutShift, { where: [good] }), total(metrics.layoutShift)),
              legend: 'cls',
            },
          ],
        },
      ],
    },
  ])
}
