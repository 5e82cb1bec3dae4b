// What each run used, as one attribute: objects of the attributes of counts, and of the name of a call of its own.
import { ATTR_AFN_LLM_USAGE_ITERATIONS } from '../../../semconv'
import { countsOf, type Iteration, usageAttributes, usageOf } from './usage'

/** `undefined` where one run is all there was. */
export function iterationsAttribute(iterations: readonly Iteration[]): string | undefined {
  if (iterations.length < 2 && !iterations[0]?.hosted) return undefined
  return JSON.stringify(iterations.map(({ usage, hosted }) => ({ ...hosted, ...usageAttributes(usage) })))
}

export function readIterations(attributes: Readonly<Record<string, unknown>>): Iteration[] {
  const told = attributes[ATTR_AFN_LLM_USAGE_ITERATIONS]
  if (typeof told !== 'string') return []
  try {
    return (JSON.parse(told) as Record<string, unknown>[]).map(({ operation, model, ...counts }) => {
      const usage = countsOf(usageOf(counts))
      return typeof operation === 'string' ? { usage, hosted: { operation, model: model as string } } : { usage }
    })
  } catch {
    return []
  }
}
