// The effect of a service tier on token prices.

const none: readonly string[] = []
const standard: readonly string[] = ['default', 'auto', 'standard', 'standard_only', 'on_demand', 'unspecified']

/**
 * Factors by `gen_ai.provider.name`. OpenAI: flex costs the same as batch, half (platform.openai.com/docs/guides/flex-processing).
 * Anthropic: batches cost half (docs: Batch processing), inference only in the US 1.1 times (docs: Pricing, Data residency). Gemini: batch
 * and flex cost half (ai.google.dev/gemini-api/docs/pricing).
 * Groq: flex costs the same as on_demand (console.groq.com/docs/flex-processing), batches half (console.groq.com/docs/batch). Azure OpenAI:
 * batches cost half (learn.microsoft.com/azure/ai-foundry/openai/how-to/batch). Mistral: batches cost half
 * (docs.mistral.ai/capabilities/batch).
 * Priority and fast tiers are not listed: their prices vary by model and are in LiteLLM's table; Anthropic's priority is prepaid.
 */
const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  openai: { batch: 0.5, flex: 0.5 },
  anthropic: { batch: 0.5, 'inference_geo:us': 1.1 },
  'gcp.gemini': { batch: 0.5, flex: 0.5 },
  'azure.ai.openai': { batch: 0.5 },
  groq: { batch: 0.5, flex: 1 },
  mistral_ai: { batch: 0.5 },
}

/** The tiers other than the standard one. Several can be combined (Anthropic: `batch,inference_geo:us`). */
export function tiersOf(serviceTier: string | undefined): readonly string[] {
  if (serviceTier === undefined || standard.includes(serviceTier)) return none
  return serviceTier.split(',').filter(tier => !standard.includes(tier))
}

/** The factor for the standard price; undefined if unknown, so that the call stays unpriced instead of getting a wrong price. */
export function tierMultiplier(provider: string, serviceTier: string | undefined): number | undefined {
  let factor: number | undefined = 1
  for (const tier of tiersOf(serviceTier)) {
    const one = known[provider]?.[tier]
    factor = one === undefined || factor === undefined ? undefined : factor * one
  }
  return factor
}
