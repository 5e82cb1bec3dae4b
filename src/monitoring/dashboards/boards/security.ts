/** Security: who is refused where and since when, what redaction masked and missed, and whether the audit log goes on. Nobody's name. */
import {
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions/incubating'
import {
  ATTR_AFN_REDACTION_PLACE,
  ATTR_AFN_REDACTION_TYPE,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
} from '../../../../semconv'
import type { Board, Step, Store } from '../board'
import { is, matches, orZero, rate, type Scope, selector, total } from '../metric-queries'
import { labelOf, metrics } from '../metrics'
import { boardOf, type Frame, type Sketch } from './frame'

const statuses = ['401', '403', '429'] as const
const refused = matches(ATTR_HTTP_RESPONSE_STATUS_CODE, statuses.join('|'))
const legendOf = (attribute: string): string => `{{${labelOf(attribute)}}}`
const none: readonly Step[] = [{ level: 'good' }, { from: 1, level: 'bad' }]

const ours = is('telemetry.distro.name', '@afn/otel')
const service = labelOf(ATTR_SERVICE_NAME)

/** A line at 0 with a legend of its own while nothing is counted, so that the panel is not empty as it is without telemetry. */
const labelled = (expr: string, attribute: string, word: string): string =>
  `(${expr}) or label_replace(0 * max(${selector(metrics.uptime)}), "${labelOf(attribute)}", "${word}", "", "")`

export function security(frame: Frame): Board {
  const { text } = frame
  type More = Partial<Sketch> & { readonly legend?: string; readonly store?: Store }
  const count = (key: Sketch['text'], expr: string, { store = 'chosen', ...more }: More = {}): Sketch => ({
    text: key,
    type: 'stat',
    unit: 'short',
    decimals: 0,
    w: 8,
    h: 4,
    queries: [{ expr: orZero(expr), legend: '', store }],
    ...more,
  })
  const lines = (key: Sketch['text'], expr: string, { legend = '', store = 'chosen', ...more }: More): Sketch => ({
    text: key,
    type: 'timeseries',
    unit: 'cps',
    w: 8,
    h: 8,
    queries: [{ expr, legend, store }],
    ...more,
  })
  const ofStatus = (status: string): Scope => ({ where: [is(ATTR_HTTP_RESPONSE_STATUS_CODE, status)] })
  return boardOf('security', 'afn-security', frame, [
    {
      title: 'row.access',
      panels: [
        count('security.unauthenticated', total(metrics.requests, ofStatus('401'))),
        count('security.forbidden', total(metrics.requests, ofStatus('403'))),
        count('security.limited', total(metrics.requests, ofStatus('429'))),
        {
          text: 'security.refusals',
          type: 'timeseries',
          unit: 'reqps',
          w: 12,
          h: 8,
          // each status in each case: a line at 0 says that it was looked at
          queries: statuses.map(status => ({ expr: orZero(rate(metrics.requests, ofStatus(status))), legend: status })),
          colours: { 401: 'blue', 403: 'vermillion', 429: 'orange' },
        },
        {
          text: 'security.where',
          type: 'table',
          unit: 'short',
          decimals: 0,
          w: 12,
          h: 8,
          empty: text('empty.refusals'),
          labels: {
            [labelOf(ATTR_SERVICE_NAME)]: text('label.service'),
            [labelOf(ATTR_HTTP_ROUTE)]: text('label.route'),
            [labelOf(ATTR_HTTP_RESPONSE_STATUS_CODE)]: text('label.status'),
          },
          queries: [
            {
              expr: `topk(25, ${total(metrics.requests, { by: [ATTR_SERVICE_NAME, ATTR_HTTP_ROUTE, ATTR_HTTP_RESPONSE_STATUS_CODE], where: [refused] })} > 0)`,
              legend: text('column.requests'),
            },
          ],
        },
      ],
    },
    {
      title: 'row.privacy',
      panels: [
        count('security.masked', total(metrics.masked)),
        count('security.leaks', total(metrics.leaks, { where: [ours] }), { steps: none, store: 'high' }),
        count('security.maskingErrors', total(metrics.maskingErrors), { steps: none }),
        lines('security.byType', rate(metrics.masked, { by: [ATTR_AFN_REDACTION_TYPE] }), {
          legend: legendOf(ATTR_AFN_REDACTION_TYPE),
          stacked: true,
        }),
        lines(
          'security.secondLine',
          // of other SDKs nothing was masked before: what is found there is no leak of ours
          labelled(
            rate(metrics.leaks, { by: [ATTR_AFN_REDACTION_PLACE] }),
            ATTR_AFN_REDACTION_PLACE,
            text('none.leak'),
          ),
          { legend: legendOf(ATTR_AFN_REDACTION_PLACE), store: 'high' },
        ),
        lines(
          'security.violations',
          labelled(rate(metrics.violations, { by: ['rule'] }), 'rule', text('none.violation')),
          {
            legend: '{{rule}}',
            store: 'high',
          },
        ),
      ],
    },
    {
      title: 'row.models',
      panels: [
        count('security.guardrails', total(metrics.guardrails), { h: 8 }),
        lines(
          'security.guardrailsOverTime',
          labelled(
            rate(metrics.guardrails, { by: [ATTR_GEN_AI_REQUEST_MODEL] }),
            ATTR_GEN_AI_REQUEST_MODEL,
            text('none.guardrail'),
          ),
          { legend: legendOf(ATTR_GEN_AI_REQUEST_MODEL) },
        ),
        lines(
          'security.providers',
          labelled(
            rate(metrics.calls, {
              by: [ATTR_GEN_AI_PROVIDER_NAME, ATTR_ERROR_TYPE],
              where: [
                matches(ATTR_ERROR_TYPE, '401|403|429|rate_limit.*|authentication.*|permission.*|invalid_api_key'),
              ],
            }),
            ATTR_ERROR_TYPE,
            text('none.refusal'),
          ),
          { legend: `${legendOf(ATTR_GEN_AI_PROVIDER_NAME)} ${legendOf(ATTR_ERROR_TYPE)}` },
        ),
      ],
    },
    {
      title: 'row.audit',
      panels: [
        count('security.audit', total(metrics.auditEntries), { h: 8 }),
        {
          text: 'security.checkpoint',
          type: 'bars',
          unit: 's',
          min: 0,
          empty: text('empty.audit'),
          w: 8,
          h: 8,
          queries: [
            {
              expr: `time() - max by (${service}) (last_over_time(${selector(metrics.auditCheckpoint)}[2d]))`,
              legend: `{{${service}}}`,
              store: 'high',
            },
          ],
        },
        lines('security.auditOverTime', rate(metrics.auditEntries, { by: [ATTR_SERVICE_NAME] }), {
          legend: `{{${service}}}`,
        }),
      ],
    },
  ])
}
