// What a service tier does to the price of tokens. Called by both price tables.

const standard: readonly string[] = ['default', 'auto', 'standard', 'standard_only', 'on_demand']

/**
 * By `gen_ai.provider.name`. OpenAI: flex costs what batch costs, half (platform.openai.com/docs/guides/flex-processing).
 * Anthropic: batches cost half (docs: Batch processing), inference in the US alone 1.1 times (docs: Pricing, Data residency). Gemini: batch and flex cost half (ai.google.dev/gemini-api/docs/pricing).
 * Groq: flex costs what on_demand costs (console.groq.com/docs/flex-processing).
 * OpenAI's priority tier stands nowhere here: it has a price a model, 1.7 (gpt-4o) to 2 times (gpt-5) the standard one
 * (openai.com/api-priority-processing); Anthropic's is prepaid, and its fast mode has a price a model.
 */
const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  openai: { batch: 0.5, flex: 0.5 },
  anthropic: { batch: 0.5, 'inference_geo:us': 1.1 },
  'gcp.gemini': { batch: 0.5, flex: 0.5 },
  groq: { flex: 1 },
}

/** The factor on the standard price; undefined when it is not known, and the call then stays unpriced rather than wrong. */
export function tierMultiplier(provider: string, tier: string | undefined): number | undefined {
  return tier === undefined || standard.includes(tier) ? 1 : known[provider]?.[tier]
}
