/** Overview: how the services do against their objectives, what fails, what fires, and whether telemetry arrives at all. */

import { ATTR_HTTP_RESPONSE_STATUS_CODE, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions/incubating'
import {
  AFN_HEALTH_CHECK_STATE_VALUE_FAIL,
  AFN_HEALTH_CHECK_STATE_VALUE_WARN,
  ATTR_AFN_HEALTH_CHECK_COMPONENT,
  ATTR_AFN_HEALTH_CHECK_NAME,
  ATTR_AFN_HEALTH_CHECK_STATE,
  ATTR_AFN_LLM_USAGE_ROLLUP,
} from '../../../../semconv'
import { ENVIRONMENT, TEAM } from '../../../shared/otlp/origin-labels'
import { severities } from '../../../shared/severities'
import type { Board, Step } from '../board'
import { is, isNot, level, matches, orZero, quantile, rate, selector, share, total } from '../metric-queries'
import { labelOf, metrics, ofServers, records } from '../metrics'
import { boardOf, type Frame } from './frame'
import { budgetLeft, burn, legend, objective, reached } from './objectives'

const failed = matches(ATTR_HTTP_RESPONSE_STATUS_CODE, '5..')
/** Requests that a service answers, as the Collector sees them: these lead to traces. A model provider may send spans of its own side of a call. */
const served = [is('span.kind', 'SPAN_KIND_SERVER'), isNot(ATTR_AFN_LLM_USAGE_ROLLUP, 'true')]
const seconds: readonly Step[] = [{ level: 'good' }, { from: 1, level: 'warning' }, { from: 2, level: 'bad' }]
const none: readonly Step[] = [{ level: 'good' }, { from: 1, level: 'bad' }]
const errors: readonly Step[] = [{ level: 'good' }, { from: 0.005, level: 'warning' }, { from: 0.01, level: 'bad' }]
/** What is left of a budget, and how fast it burns: evenly is 1, and 14.4 leaves nothing of a month after two days. */
const left: readonly Step[] = [{ level: 'bad' }, { from: 0, level: 'warning' }, { from: 0.25, level: 'good' }]
const burning: readonly Step[] = [{ level: 'good' }, { from: 1, level: 'warning' }, { from: 14.4, level: 'bad' }]

const firing = `${ofServers.alerts}{alertstate="firing", severity!="none", service=~"$service|"}`
const checkLabels = [ATTR_AFN_HEALTH_CHECK_NAME, ATTR_AFN_HEALTH_CHECK_COMPONENT]

/** Of every check the worst state in any process: 0 passes, 1 warns, 2 fails. */
function worst(): string {
  const state = (value: string) => selector(metrics.checkState, [is(ATTR_AFN_HEALTH_CHECK_STATE, value)])
  const by = checkLabels.map(labelOf).join(', ')
  const all = `0 * ${selector(metrics.checkState)}`
  return `max by (${by}) (2 * ${state(AFN_HEALTH_CHECK_STATE_VALUE_FAIL)} or ${state(AFN_HEALTH_CHECK_STATE_VALUE_WARN)} or ${all})`
}

/** Seconds since a process of the service last sent a metric; one that was silent for an hour is gone. */
const lastSent = `timestamp(${selector(metrics.uptime)})`
const silence = `time() - max by (${labelOf(ATTR_SERVICE_NAME)}) (${lastSent} or max_over_time(${lastSent}[1h:30s]))`

export function overview(frame: Frame): Board {
  const { text } = frame
  const service = `{{${labelOf(ATTR_SERVICE_NAME)}}}`
  const byService = { by: [ATTR_SERVICE_NAME] }
  const noRequests = text('empty.requests')
  return boardOf('overview', 'afn-overview', frame, [
    {
      title: 'row.now',
      panels: [
        {
          text: 'overview.requests',
          type: 'stat',
          unit: 'reqps',
          w: 4,
          h: 4,
          queries: [{ expr: orZero(rate(metrics.requests)), legend: '' }],
        },
        {
          text: 'overview.errors',
          type: 'stat',
          unit: 'percentunit',
          steps: errors,
          empty: noRequests,
          w: 4,
          h: 4,
          queries: [{ expr: share(rate(metrics.requests, { where: [failed] }), rate(metrics.requests)), legend: '' }],
        },
        {
          text: 'overview.latency',
          type: 'stat',
          unit: 's',
          steps: seconds,
          empty: noRequests,
          w: 4,
          h: 4,
          queries: [{ expr: quantile(0.95, metrics.requests), legend: '' }],
        },
        {
          text: 'overview.cost',
          type: 'stat',
          unit: 'currencyUSD',
          since: 'day',
          w: 4,
          h: 4,
          queries: [{ expr: orZero(total(metrics.cost)), legend: '', store: 'high' }],
        },
        {
          text: 'overview.alerts',
          type: 'stat',
          unit: 'short',
          steps: none,
          w: 4,
          h: 4,
          queries: severities.map(severity => ({
            expr: orZero(`count(${firing.replace('severity!="none"', `severity="${severity}"`)})`),
            legend: text(`severity.${severity}`),
            store: 'high' as const,
          })),
        },
        {
          text: 'overview.dependencies',
          type: 'stat',
          unit: 'short',
          steps: none,
          w: 4,
          h: 4,
          queries: [
            {
              expr: orZero(
                level(metrics.checkState, {
                  where: [is(ATTR_AFN_HEALTH_CHECK_STATE, AFN_HEALTH_CHECK_STATE_VALUE_FAIL)],
                }),
              ),
              legend: '',
              store: 'high',
            },
          ],
        },
      ],
    },
    {
      title: 'row.objectives',
      panels: [
        {
          text: 'overview.objectives',
          type: 'table',
          unit: 'percentunit',
          decimals: 2,
          w: 24,
          h: 7,
          labels: {
            sloth_service: text('label.service'),
            sloth_slo: text('label.objective'),
            [ENVIRONMENT]: text('variable.environment'),
            [TEAM]: text('label.team'),
          },
          queries: [
            { expr: objective, legend: text('column.objective'), store: 'long' },
            { expr: reached, legend: text('column.reached'), store: 'long' },
            { expr: budgetLeft, legend: text('column.budget'), store: 'long' },
            { expr: burn(records.errors1h), legend: text('column.burn1h'), store: 'long' },
            { expr: burn(records.errors6h), legend: text('column.burn6h'), store: 'long' },
          ],
          columns: {
            [text('column.objective')]: { decimals: 3 },
            [text('column.reached')]: { decimals: 3 },
            [text('column.budget')]: { steps: left },
            [text('column.burn1h')]: { unit: 'short', steps: burning },
            [text('column.burn6h')]: { unit: 'short', steps: burning },
          },
        },
        {
          text: 'overview.budget',
          type: 'timeseries',
          unit: 'percentunit',
          w: 12,
          h: 8,
          max: 1,
          queries: [{ expr: budgetLeft, legend, store: 'long' }],
        },
        {
          text: 'overview.burn',
          type: 'timeseries',
          unit: 'short',
          w: 12,
          h: 8,
          steps: burning,
          queries: [{ expr: burn(records.errors1h), legend, store: 'long' }],
        },
      ],
    },
    {
      title: 'row.red',
      panels: [
        {
          text: 'overview.rate',
          type: 'timeseries',
          unit: 'reqps',
          w: 8,
          h: 8,
          queries: [{ expr: rate(metrics.requests, byService), legend: service }],
        },
        {
          text: 'overview.failures',
          type: 'timeseries',
          unit: 'percentunit',
          w: 8,
          h: 8,
          steps: errors,
          queries: [
            {
              expr: share(rate(metrics.requests, { ...byService, where: [failed] }), rate(metrics.requests, byService)),
              legend: service,
            },
          ],
        },
        {
          text: 'overview.duration',
          type: 'timeseries',
          unit: 's',
          w: 8,
          h: 8,
          steps: seconds,
          queries: [
            {
              expr: quantile(0.95, metrics.spanDuration, { ...byService, where: served }),
              legend: service,
              exemplars: true,
            },
          ],
        },
      ],
    },
    {
      title: 'row.state',
      panels: [
        {
          text: 'overview.checks',
          type: 'stat',
          unit: 'short',
          w: 9,
          h: 7,
          words: [
            { value: 0, text: text('state.pass'), level: 'good' },
            { value: 1, text: text('state.warn'), level: 'warning' },
            { value: 2, text: text('state.fail'), level: 'bad' },
          ],
          empty: text('empty.checks'),
          queries: [
            { expr: worst(), legend: checkLabels.map(label => `{{${labelOf(label)}}}`).join(' '), store: 'high' },
          ],
        },
        {
          text: 'overview.firing',
          type: 'table',
          unit: 'short',
          w: 15,
          h: 7,
          labels: {
            severity: text('label.severity'),
            alertname: text('label.alert'),
            service: text('label.service'),
            environment: text('variable.environment'),
          },
          queries: [
            {
              // a line that says so where none fires: an empty table may mean that nobody looks
              expr: `sum by (severity, alertname, service, environment) (${firing}) or label_replace(0 * max(${selector(metrics.uptime)}), "alertname", "${text('none.firing')}", "", "")`,
              legend: text('column.count'),
              store: 'high',
            },
          ],
        },
      ],
    },
    {
      title: 'row.telemetry',
      panels: [
        {
          text: 'overview.freshness',
          type: 'bars',
          unit: 's',
          w: 12,
          h: 7,
          min: 0,
          steps: [{ level: 'good' }, { from: 150, level: 'warning' }, { from: 600, level: 'bad' }],
          queries: [{ expr: silence, legend: service, store: 'high' }],
        },
        {
          text: 'overview.spans',
          type: 'timeseries',
          unit: 'cps',
          w: 12,
          h: 7,
          queries: [
            { expr: perSecond(ofServers.acceptedSpans), legend: text('legend.accepted'), store: 'high' },
            { expr: losses(ofServers.refusedSpans), legend: text('legend.refused'), store: 'high' },
            { expr: losses(ofServers.failedSpans), legend: text('legend.failed'), store: 'high' },
          ],
          colours: {
            [text('legend.accepted')]: 'blue',
            [text('legend.refused')]: 'orange',
            [text('legend.failed')]: 'vermillion',
          },
        },
      ],
    },
  ])
}

/** Of the Collectors together: they know no service. */
const perSecond = (series: string): string => `sum(rate(${series}[$__rate_interval]))`
/** 0 where the Collector never had to count one. */
const losses = (series: string): string => `(${perSecond(series)}) or (0 * ${perSecond(ofServers.acceptedSpans)})`
