/** The day on which a model ends, by all who know one. */
import { bedrockModel } from '../bedrock-model'
import type { CostConfig } from '../config'
import { knownRetirements } from './known-dates'
import type { Retirement } from './retirement'

export type RetirementOf = (provider: string, model: string) => Retirement | undefined

/** A model that was tuned ends with its base; some clients write what kind of resource it is, and Bedrock where it runs. */
const nameOf = (model: string): string =>
  bedrockModel(model)
    .replace(/^(?:publishers\/[^/]+\/)?models\//, '')
    .replace(/^ft:([^:]+):.*$/, '$1')

const keyOf = (provider: string, model: string) => JSON.stringify([provider, nameOf(model)])

/** What the user says counts before the provider's list of models, and this before our table. A replacement is not in such a list. */
export function retirementsBy({ retirements }: CostConfig, listed: readonly Retirement[] = []): RetirementOf {
  const byModel = new Map<string, Retirement>()
  for (const one of [...knownRetirements, ...listed, ...retirements]) {
    const key = keyOf(one.provider, one.model)
    byModel.set(key, { ...one, replacement: one.replacement ?? byModel.get(key)?.replacement })
  }
  return (provider, model) => byModel.get(keyOf(provider, model))
}
