/**
 * Recommends cheaper models of equal quality, by evaluations of the same task. A model qualifies if a non-inferiority test rejects that its
 * pass rate is worse by `MARGIN` or more. `ERROR` bounds the probability of a wrong recommendation over all comparisons of a task.
 */
import { normalQuantile, noWorseScore, type Passed } from '../../../shared/statistics'
import { type AdviceFinding, isWorthwhile, LEAST_CALLS, percent } from './advice'
import type { Group, Pricing } from './call'
import { savingOf } from './saving'

export interface Arm {
  readonly service: string
  /** `gen_ai.evaluation.name` */
  readonly evaluation: string
  readonly model: string
  /** `gen_ai.provider.name` */
  readonly provider: string
  readonly passes: Passed
}

/** A pass rate that is lower by this counts as worse. */
export const MARGIN = 0.05
/** Maximum probability that a model which is worse by the margin passes the test. */
export const ERROR = 0.05
/** Per arm. */
export const LEAST_EVALUATIONS = 200

/** @param comparisons number of comparisons for the task, which share the error */
export function isNoWorse(candidate: Passed, reference: Passed, comparisons = 1): boolean {
  if (Math.min(candidate.of, reference.of) < LEAST_EVALUATIONS) return false
  return noWorseScore(candidate, reference, MARGIN) > normalQuantile(1 - ERROR / comparisons)
}

/**
 * @param group calls of the more expensive model
 * @param arms of all services
 */
export function modelAdvice(group: Group, arms: readonly Arm[], price: Pricing): AdviceFinding | undefined {
  if (group.calls.length < LEAST_CALLS) return undefined
  const ofService = arms.filter(({ service }) => service === group.service)
  const own = ofService.filter(({ model, provider }) => model === group.model && provider === group.provider)
  if (own.length === 0) return undefined
  const others = ofService.filter(({ model, provider }) => model !== group.model || provider !== group.provider)
  const passesOf = (provider: string, model: string) =>
    own.flatMap(reference => {
      const candidate = others.find(
        arm => arm.provider === provider && arm.model === model && arm.evaluation === reference.evaluation,
      )
      return candidate
        ? [{ evaluation: reference.evaluation, candidate: candidate.passes, reference: reference.passes }]
        : []
    })
  const cheaper = [...new Map(others.map(arm => [`${arm.provider}/${arm.model}`, arm])).values()].flatMap(arm => {
    const { provider, model } = arm
    // another provider has nothing cached
    const saving = savingOf(group.calls, price, call =>
      provider === call.provider ? { model } : { model, provider, cacheRead: 0, cacheWrite: 0, serviceTier: undefined },
    )
    return isWorthwhile(saving) ? [{ provider, model, saving, pairs: passesOf(provider, model) }] : []
  })
  // the cheaper model must have all evaluations that the other one has
  const sure = cheaper.filter(
    ({ pairs }) =>
      pairs.length === own.length &&
      pairs.every(({ candidate, reference }) => isNoWorse(candidate, reference, cheaper.length)),
  )
  const [best] = sure.toSorted((a, b) => b.saving.interval.low - a.saving.interval.low)
  if (!best) return undefined
  const { provider, model, saving, pairs } = best
  const share = ({ passed, of }: Passed) => `${percent(passed / of)} of ${of}`
  const figures = pairs.map(
    ({ evaluation, candidate, reference }) => `${evaluation} ${share(candidate)} against ${share(reference)}`,
  )
  const isSameProvider = provider === group.provider
  return {
    kind: isSameProvider ? 'model' : 'provider',
    why: `${model}${isSameProvider ? '' : ` of ${provider}`} passes as often on the same task: ${figures.join(', ')}; a drop of ${MARGIN * 100} points is ruled out at the ${ERROR * 100} % level.`,
    what: `Try ${model}${isSameProvider ? '' : ` of ${provider}`} for this task, starting with a share of the calls.`,
    saving,
    confidence: 'medium',
    risk: `It may be worse by up to ${MARGIN * 100} points, or in ways that no evaluation covers; answers differ in length, which changes the saving.${isSameProvider ? '' : ' Another provider has different data terms, limits and outages.'}`,
    verify:
      'Route a tenth of the calls to it for a week; compare afn-otel query quality --since 7d, and call-p95 and call-error-ratio.',
    unless: 'the two models do different work, so their evaluations are not comparable.',
    condition: '',
  }
}
