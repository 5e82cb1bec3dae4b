/** LLM Analytics: what calls cost and for what, what they use, how long they take, how they fail, and how good their answers are. */
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions/incubating'
import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS,
  ATTR_AFN_LLM_DIALECT,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_AFN_LLM_USER_GROUP,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { Board, Step } from '../board'
import { both, is, isNot, matches, orZero, quantile, rate, type Scope, share, total } from '../metric-queries'
import { labelOf, type Metric, metrics } from '../metrics'
import { bars, boardOf, type Frame, lines, type Sketch, stat } from './frame'

const byModel = { by: [ATTR_GEN_AI_REQUEST_MODEL] }
const byProvider = { by: [ATTR_GEN_AI_PROVIDER_NAME] }
const byService = { by: [ATTR_SERVICE_NAME] }
const byEvaluation = { by: [ATTR_GEN_AI_EVALUATION_NAME] }
const legendOf = (attribute: string): string => `{{${labelOf(attribute)}}}`
const [model, provider] = [legendOf(ATTR_GEN_AI_REQUEST_MODEL), legendOf(ATTR_GEN_AI_PROVIDER_NAME)]
const byAgent = { by: [ATTR_GEN_AI_AGENT_NAME] }
const byTool = { by: [ATTR_GEN_AI_TOOL_NAME] }
const [agent, tool] = [legendOf(ATTR_GEN_AI_AGENT_NAME), legendOf(ATTR_GEN_AI_TOOL_NAME)]
const USD = 'currencyUSD'

const failed = isNot(ATTR_ERROR_TYPE, '')
/** By what counts the cost, so that the calls of coding agents are among them. */
const answered = both(total(metrics.costPerCall), total(metrics.unpriced))
const passed = is(ATTR_AFN_LLM_EVALUATION_OUTCOME, AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS)
/** An evaluation that was skipped or has no threshold says nothing about quality. */
const judged = matches(
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  [AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS, AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL].join('|'),
)

/** The mean of a histogram of counts. */
const perRun = (metric: Metric): string => `${rate(metric, {}, 'sum')} / (${rate(metric)} > 0)`
const hourly = (scope: Scope): string => `${rate(metrics.cost, scope)} * 3600`
const passShare = share(
  total(metrics.evaluations, { ...byEvaluation, where: [passed] }),
  total(metrics.evaluations, { ...byEvaluation, where: [judged] }),
)
/** What an answered call costs, of those whose price is known. */
const costPerCallOf = (scope: Scope): string =>
  `${total(metrics.cost, scope)} / (${total(metrics.costPerCall, scope)} > 0)`
const costPerCall = costPerCallOf({})
/** Nobody rates those of coding agents. */
const costPerRated = costPerCallOf({ where: [is(ATTR_AFN_LLM_DIALECT, '')] })

/** The month's spend as it goes on like this; nothing before a tenth of the month is over. */
const forecast = `(${total(metrics.cost)}) / $__range_s * days_in_month() * 86400 and on () ($__range_s > 8640 * days_in_month())`

const errorSteps: readonly Step[] = [{ level: 'good' }, { from: 0.01, level: 'warning' }, { from: 0.05, level: 'bad' }]
const quality: readonly Step[] = [{ level: 'bad' }, { from: 0.8, level: 'warning' }, { from: 0.9, level: 'good' }]

/** Input tokens hold those of the cache, and output tokens those of reasoning: here each token counts once. */
const rest = (metric: Metric, ...parts: readonly Metric[]): string =>
  `clamp_min(${[rate(metric), ...parts.map(part => `((${rate(part)}) or (${rate(metric)}) * 0)`)].join(' - ')}, 0)`

export function llm(frame: Frame): Board {
  const { text } = frame
  const noCalls = text('empty.calls')
  /** More bars than twenty nobody reads. */
  const spent = (key: Sketch['text'], expr: string, legend: string, more: Partial<Sketch> = {}): Sketch =>
    bars(key, USD, [{ expr: `topk(20, ${expr})`, legend }], { min: 0, empty: noCalls, ...more })
  /** What belongs to no agent, or to a user without a group, has a bar as well: the bars add up to the whole. */
  const spentBy = (key: Sketch['text'], attribute: string): Sketch => {
    const label = labelOf(attribute)
    const sums = total(metrics.featureCost, { by: [attribute] })
    return spent(
      key,
      `label_replace(${sums}, "${label}", "${text('none.group')}", "${label}", "")`,
      legendOf(attribute),
    )
  }
  const errorType = labelOf(ATTR_ERROR_TYPE)
  const errorsByType = `${rate(metrics.calls, { by: [ATTR_ERROR_TYPE], where: [failed] })} or label_replace(0 * ${rate(metrics.calls)}, "${errorType}", "${text('none.error')}", "", "")`
  return boardOf('llm', 'afn-llm-analytics', frame, [
    {
      title: 'row.cost',
      panels: [
        stat('llm.today', USD, [{ expr: orZero(total(metrics.cost)), legend: '', store: 'high' }], { since: 'day' }),
        stat('llm.month', USD, [{ expr: orZero(total(metrics.cost)), legend: '', store: 'long' }], { since: 'month' }),
        stat('llm.forecast', USD, [{ expr: forecast, legend: '', store: 'long' }], {
          since: 'month',
          empty: text('empty.forecast'),
        }),
        stat('llm.perCall', USD, [{ expr: costPerCall, legend: '' }], { empty: noCalls }),
        stat('llm.calls', 'short', [{ expr: orZero(total(metrics.calls)), legend: '' }]),
        stat('llm.unpriced', 'percentunit', [{ expr: share(total(metrics.unpriced), answered), legend: '' }], {
          empty: noCalls,
          steps: errorSteps,
        }),
        lines('llm.byProvider', USD, [{ expr: hourly(byProvider), legend: provider }], { stacked: true, w: 12 }),
        spent('llm.byModel', total(metrics.cost, byModel), model, { w: 6, h: 8 }),
        spent('llm.byService', total(metrics.cost, byService), legendOf(ATTR_SERVICE_NAME), { w: 6, h: 8 }),
        spentBy('llm.byFeature', ATTR_GEN_AI_AGENT_NAME),
        spentBy('llm.byUserGroup', ATTR_AFN_LLM_USER_GROUP),
      ],
    },
    {
      title: 'row.tokens',
      panels: [
        lines(
          'llm.tokens',
          'short',
          [
            {
              expr: rest(metrics.inputTokens, metrics.cacheReadTokens, metrics.cacheWriteTokens),
              legend: text('legend.input'),
            },
            { expr: rate(metrics.cacheReadTokens), legend: text('legend.cacheRead') },
            { expr: rate(metrics.cacheWriteTokens), legend: text('legend.cacheWrite') },
            { expr: rest(metrics.outputTokens, metrics.reasoningTokens), legend: text('legend.output') },
            { expr: rate(metrics.reasoningTokens), legend: text('legend.reasoning') },
            { expr: rate(metrics.embeddingTokens, {}, 'sum'), legend: text('legend.embeddings') },
          ],
          {
            stacked: true,
            w: 12,
            colours: {
              [text('legend.input')]: 'blue',
              [text('legend.cacheRead')]: 'skyBlue',
              [text('legend.cacheWrite')]: 'purple',
              [text('legend.output')]: 'orange',
              [text('legend.reasoning')]: 'vermillion',
              [text('legend.embeddings')]: 'green',
            },
          },
        ),
        lines(
          'llm.cache',
          'percentunit',
          [{ expr: share(rate(metrics.cacheReadTokens, byModel), rate(metrics.inputTokens, byModel)), legend: model }],
          { min: 0, max: 1, w: 6 },
        ),
        lines(
          'llm.tokensPerCall',
          'short',
          [
            { expr: quantile(0.5, metrics.inputTokensPerCall), legend: text('legend.inputP50') },
            { expr: quantile(0.95, metrics.inputTokensPerCall), legend: text('legend.inputP95') },
            { expr: quantile(0.5, metrics.outputTokensPerCall), legend: text('legend.outputP50') },
            { expr: quantile(0.95, metrics.outputTokensPerCall), legend: text('legend.outputP95') },
          ],
          {
            w: 6,
            colours: {
              [text('legend.inputP50')]: 'skyBlue',
              [text('legend.inputP95')]: 'blue',
              [text('legend.outputP50')]: 'orange',
              [text('legend.outputP95')]: 'vermillion',
            },
          },
        ),
      ],
    },
    {
      title: 'row.latency',
      panels: [
        lines('llm.firstToken', 's', [{ expr: quantile(0.95, metrics.firstChunk, byModel), legend: model }]),
        lines('llm.perToken', 's', [{ expr: quantile(0.95, metrics.perChunk, byModel), legend: model }]),
        lines('llm.duration', 's', [
          {
            expr: quantile(0.95, metrics.spanDuration, {
              ...byModel,
              where: [
                isNot(ATTR_GEN_AI_REQUEST_MODEL, ''),
                is('span.kind', 'SPAN_KIND_CLIENT'),
                isNot(ATTR_AFN_LLM_USAGE_ROLLUP, 'true'),
              ],
            }),
            legend: model,
            exemplars: true,
          },
        ]),
      ],
    },
    {
      title: 'row.errors',
      panels: [
        lines('llm.errors', 'cps', [{ expr: errorsByType, legend: legendOf(ATTR_ERROR_TYPE) }], { stacked: true }),
        lines(
          'llm.errorShare',
          'percentunit',
          [
            {
              expr: share(rate(metrics.calls, { ...byProvider, where: [failed] }), rate(metrics.calls, byProvider)),
              legend: provider,
            },
          ],
          { steps: errorSteps },
        ),
        lines('llm.rate', 'cps', [{ expr: rate(metrics.calls, byModel), legend: model }]),
      ],
    },
    {
      title: 'row.agents',
      panels: [
        lines('llm.agents', 's', [{ expr: quantile(0.95, metrics.agentRuns, byAgent), legend: agent }], { w: 6 }),
        lines(
          'llm.agentSteps',
          'short',
          [
            { expr: perRun(metrics.callsPerRun), legend: text('legend.calls') },
            { expr: perRun(metrics.toolsPerRun), legend: text('legend.tools') },
          ],
          { w: 6 },
        ),
        lines('llm.tools', 's', [{ expr: quantile(0.95, metrics.toolRuns, byTool), legend: tool }], { w: 6 }),
        lines(
          'llm.toolErrors',
          'percentunit',
          [
            {
              expr: share(rate(metrics.toolRuns, { ...byTool, where: [failed] }), rate(metrics.toolRuns, byTool)),
              legend: tool,
            },
          ],
          { w: 6, steps: errorSteps },
        ),
      ],
    },
    {
      title: 'row.quality',
      panels: [
        {
          text: 'llm.quality',
          type: 'table',
          unit: 'percentunit',
          w: 14,
          h: 8,
          labels: { [labelOf(ATTR_GEN_AI_EVALUATION_NAME)]: text('label.evaluation') },
          queries: [
            { expr: passShare, legend: text('column.passed') },
            { expr: total(metrics.evaluations, { ...byEvaluation, where: [judged] }), legend: text('column.n') },
            {
              expr: `${total(metrics.scores, byEvaluation, 'sum')} / (${total(metrics.scores, byEvaluation)} > 0)`,
              legend: text('column.score'),
            },
            // docs/cost.md, "A good answer": counters know no single answers, so the mean is of all calls, judged or not
            { expr: `scalar(${costPerRated}) / (${passShare} > 0)`, legend: text('column.goodAnswer') },
          ],
          columns: {
            [text('column.passed')]: { steps: quality, decimals: 1 },
            [text('column.n')]: { unit: 'short', decimals: 0 },
            [text('column.score')]: { unit: 'short', decimals: 2 },
            [text('column.goodAnswer')]: { unit: USD },
          },
        },
        lines(
          'llm.qualityOverTime',
          'percentunit',
          [
            {
              expr: share(
                rate(metrics.evaluations, { ...byEvaluation, where: [passed] }),
                rate(metrics.evaluations, { ...byEvaluation, where: [judged] }),
              ),
              legend: legendOf(ATTR_GEN_AI_EVALUATION_NAME),
            },
          ],
          { min: 0, max: 1, w: 10 },
        ),
      ],
    },
  ])
}
