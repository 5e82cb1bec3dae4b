/** Selects the models in use that need a notice: those called recently, by service. */
import {
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  METRIC_AFN_LLM_MODEL_RETIREMENT,
  METRIC_OPTIONS_AFN_LLM_MODEL_RETIREMENT,
} from '../../../../semconv'
import type { Spend } from '../spend'
import type { RetirementOf } from './lookup'
import { daysUntil, type Retirement } from './retirement'

export interface InUse extends Retirement {
  readonly service: string
  readonly days: number
  readonly calls: number
}

export interface Notice extends InUse {
  /** The smallest notice period that has been reached, in days; 0 on the day of the retirement. */
  readonly threshold: number
}

/** @param spends by service, provider and model @param now milliseconds since 1970 */
export const retiringIn = (spends: readonly Spend[], retirementOf: RetirementOf, now: number): InUse[] =>
  spends.flatMap(({ labels: { service = 'unknown', provider = '', model = '' }, calls, unpriced }) => {
    const retirement = calls + unpriced > 0 ? retirementOf(provider, model) : undefined
    return retirement
      ? [{ ...retirement, model, service, days: daysUntil(retirement, now), calls: calls + unpriced }]
      : []
  })

/** @param notice notice periods in days; empty: no notices */
export const noticesOf = (inUse: readonly InUse[], notice: readonly number[]): Notice[] =>
  notice.length === 0
    ? []
    : inUse.flatMap(one => {
        const reached = [0, ...notice].filter(threshold => one.days <= threshold)
        return reached.length > 0 ? [{ ...one, threshold: Math.min(...reached) }] : []
      })

export interface RetirementGauge {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly attributes: Readonly<Record<string, string>>
}

/** One gauge per model, however many services call it. */
export function retirementGauges(inUse: readonly InUse[]): RetirementGauge[] {
  const byModel = new Map(inUse.map(one => [JSON.stringify([one.provider, one.model]), one]))
  return Array.from(byModel.values(), ({ provider, model, days }) => ({
    name: METRIC_AFN_LLM_MODEL_RETIREMENT,
    unit: METRIC_OPTIONS_AFN_LLM_MODEL_RETIREMENT.unit,
    value: days * 86_400,
    attributes: { [ATTR_GEN_AI_PROVIDER_NAME]: provider, [ATTR_GEN_AI_REQUEST_MODEL]: model },
  }))
}
