// Whose API a host is. Called when a call starts.

const hosts: readonly (readonly [suffix: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure.ai.openai'],
  ['cognitiveservices.azure.com', 'azure.ai.openai'],
  ['services.ai.azure.com', 'azure.ai.openai'],
  ['api.anthropic.com', 'anthropic'],
  ['api.x.ai', 'x_ai'],
  ['api.deepseek.com', 'deepseek'],
  ['api.groq.com', 'groq'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.moonshot.ai', 'moonshot_ai'],
  ['api.moonshot.cn', 'moonshot_ai'],
  ['api.together.ai', 'together_ai'],
  ['api.together.xyz', 'together_ai'],
  ['openrouter.ai', 'openrouter'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
]

/** `gen_ai.provider.name`. Regional hosts (`eu.api.openai.com`) belong to the same provider. */
export function providerOf(hostname: string, fallback: string): string {
  const found = hosts.find(([suffix]) => hostname === suffix || hostname.endsWith(`.${suffix}`))
  // Azure serves Anthropic's models by Anthropic's protocol; those are not Azure OpenAI's.
  if (!found || (found[1] === 'azure.ai.openai' && fallback === 'anthropic')) return fallback
  return found[1]
}
