// Writes the usage of each run as one attribute: objects with the usage attributes, and the model name if a run has its own.
import { ATTR_AFN_LLM_USAGE_ITERATIONS } from '../../../semconv'
import { countsOf, type Iteration, usageAttributes, usageOf } from './usage'

/** `undefined` if there was only one run. */
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
