// What became of stored calls, in sentences and as JSON.
import type { Evaluator } from '../../../app/evaluate/evaluator'
import type { Estimate } from './judge-meter'
import type { Plan } from './plan'
import type { RatedCounts } from './rate-stored'

const number = (count: number): string => count.toLocaleString('en-US')
const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`
/** Judges cost little. */
const usd = (amount: number): string => `USD ${amount === 0 || amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2)}`

function callLines({ calls, withoutContent, withoutAnswer, cut, left }: Plan): string[] {
  const rest = [
    [
      withoutContent,
      'without content left out; set AFN_CAPTURE_CONTENT=redacted in the app to record messages from now on',
    ],
    [withoutAnswer, 'without an answer left out: they failed, or only their question was recorded'],
    [cut, 'with messages that were cut left out; raise OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT in the app'],
    [left, 'left out: their traces have more content or more matching spans than one answer of the store holds'],
  ] as const
  return [
    `${counted(calls, 'call')} found`,
    ...rest.flatMap(([count, why]) => (count > 0 ? [`${counted(count, 'call')} ${why}`] : [])),
  ]
}

/** What is not to be done, and why. */
function restOf(plan: Plan, evaluator: Evaluator): string[] {
  const { ratedBefore, notSampled, beyondHour } = plan.counts.get(evaluator)!
  return [
    ...(ratedBefore > 0 ? [`${number(ratedBefore)} rated before`] : []),
    ...(notSampled > 0 ? [`${number(notSampled)} not sampled (rate ${evaluator.rate})`] : []),
    ...(beyondHour > 0 ? [`${number(beyondHour)} beyond per_hour ${evaluator.perHour}`] : []),
  ]
}

export function plannedLines(plan: Plan, estimates: ReadonlyMap<Evaluator, Estimate>): string[] {
  const lines = [...plan.counts].map(([evaluator, { planned }]) => {
    const estimate = estimates.get(evaluator)
    return `${evaluator.name}: ${[`${number(planned)} to rate`, ...(estimate ? [priceOf(estimate)] : []), ...restOf(plan, evaluator)].join('; ')}`
  })
  const sum = (of: keyof Estimate) =>
    [...estimates.values()].reduce((all, estimate) => all + (estimate[of] ?? Number.NaN), 0)
  const total =
    estimates.size > 1 ? [`all judges: ${priceOf({ likely: known(sum('likely')), most: known(sum('most')) })}`] : []
  return [...callLines(plan), ...lines, ...total, 'dry run: no model was asked, and nothing was written']
}

const known = (amount: number): number | undefined => (Number.isNaN(amount) ? undefined : amount)

const priceOf = ({ likely, most }: Estimate): string =>
  likely === undefined
    ? 'at an unknown price'
    : `about ${usd(likely)}${most === undefined ? '' : `, at most ${usd(most)}`}`

export function ratedLines(plan: Plan, rated: ReadonlyMap<Evaluator, RatedCounts>): string[] {
  const lines = [...rated].flatMap(([evaluator, counts]) => {
    const { passed, failed, unrated, nothing, overCost, problems, asked, cost, unpriced } = counts
    const verdicts = [
      ...(passed > 0 ? [`${number(passed)} passed`] : []),
      ...(failed > 0 ? [`${number(failed)} failed`] : []),
      ...(unrated > 0 ? [`${number(unrated)} without a verdict`] : []),
    ]
    const said = [
      `${number(passed + failed + unrated)} rated${verdicts.length > 0 ? ` (${verdicts.join(', ')})` : ''}`,
      ...(asked > 0 ? [`${usd(cost)} for ${counted(asked, 'request')}${unpriced > 0 ? `, ${number(unpriced)} of them at an unknown price` : ''}`] : []), // biome-ignore format: one line
      ...(nothing > 0 ? [`${number(nothing)} with nothing to rate`] : []),
      ...(overCost > 0 ? [`${number(overCost)} left out, since --max-cost is used up`] : []),
      ...restOf(plan, evaluator),
    ]
    const why = [...problems].map(([problem, count]) => `  ${number(count)} not rated: ${problem}`)
    return [`${evaluator.name}: ${said.join('; ')}`, ...why]
  })
  return [...callLines(plan), ...lines]
}

interface Done {
  readonly rated?: ReadonlyMap<Evaluator, RatedCounts>
  readonly estimates?: ReadonlyMap<Evaluator, Estimate>
}

/** As JSON. */
export function summaryOf(plan: Plan, { rated, estimates }: Done): object {
  const { calls, withoutContent, withoutAnswer, cut, left } = plan
  return {
    ...{ calls, withoutContent, withoutAnswer, cut, left },
    evaluators: Array.from(plan.counts, ([evaluator, counts]) => {
      const done = rated?.get(evaluator)
      const estimate = estimates?.get(evaluator)
      return {
        evaluation: evaluator.name,
        evaluator: evaluator.evaluator,
        ...counts,
        ...(done && { ...done, problems: Object.fromEntries(done.problems) }),
        ...(estimate && { estimate: { likely: estimate.likely ?? null, most: estimate.most ?? null } }),
      }
    }),
  }
}
