/** Looks up the retirement date of a model in all known sources. */
import { bedrockModel } from '../bedrock-model'
import type { CostConfig } from '../config'
import { knownRetirements } from './known-dates'
import type { Retirement } from './retirement'

export type RetirementOf = (provider: string, model: string) => Retirement | undefined

/** A fine-tuned model retires with its base model. Some clients add the type of resource, and Bedrock the region. */
const nameOf = (model: string): string =>
  bedrockModel(model)
    .replace(/^(?:publishers\/[^/]+\/)?models\//, '')
    .replace(/^ft:([^:]+):.*$/, '$1')

const keyOf = (provider: string, model: string) => JSON.stringify([provider, nameOf(model)])

/**
 * The user's dates take precedence over the provider's list of models, and that over our table. Only our table and the user's file have
 * replacements.
 */
export function retirementsBy({ retirements }: CostConfig, listed: readonly Retirement[] = []): RetirementOf {
  const byModel = new Map<string, Retirement>()
  for (const one of [...knownRetirements, ...listed, ...retirements]) {
    const key = keyOf(one.provider, one.model)
    byModel.set(key, { ...one, replacement: one.replacement ?? byModel.get(key)?.replacement })
  }
  return (provider, model) => byModel.get(keyOf(provider, model))
}
