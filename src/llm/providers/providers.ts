// Whose API a host is. Called when a call starts, and by protocols whose paths alone could be anybody's.

/** The conventions' names; where they have none, those of the price table. */
const hosts: readonly (readonly [suffix: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure.ai.openai'],
  ['cognitiveservices.azure.com', 'azure.ai.openai'],
  ['services.ai.azure.com', 'azure.ai.openai'],
  ['models.ai.azure.com', 'azure.ai.inference'],
  ['models.inference.ai.azure.com', 'azure.ai.inference'],
  ['api.anthropic.com', 'anthropic'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['api.cohere.com', 'cohere'],
  ['api.cohere.ai', 'cohere'],
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
  ['ml.cloud.ibm.com', 'ibm.watsonx.ai'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.voyageai.com', 'voyageai'],
  ['api.cloudflare.com', 'cloudflare'],
  ['api.minimax.io', 'minimax'],
  ['api.novita.ai', 'novita'],
  ['api.z.ai', 'zai'],
  ['open.bigmodel.cn', 'zai'],
  ['inference.baseten.co', 'baseten'],
  ['api.deepinfra.com', 'deepinfra'],
  ['api.sambanova.ai', 'sambanova'],
  ['integrate.api.nvidia.com', 'nvidia'],
  ['router.huggingface.co', 'huggingface'],
  ['models.github.ai', 'github_models'],
  ['ai-gateway.vercel.sh', 'vercel'],
  ['ollama.com', 'ollama'],
]

/** Servers that are run by oneself, by the port that is theirs. */
const ports: Readonly<Record<string, string>> = { '11434': 'ollama', '1234': 'lm_studio' }

const BEDROCK = /^bedrock(?:-[a-z]+)*\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/

/** `gen_ai.provider.name`. */
export function providerOf({ hostname, port, pathname }: URL, fallback: string): string {
  const known = knownProvider(hostname)
  if (known === 'azure.ai.openai') {
    // Azure serves Anthropic's models by Anthropic's protocol, and those of all others under a path of its own.
    if (fallback !== 'openai') return fallback
    return pathname.startsWith('/models/') ? 'azure.ai.inference' : known
  }
  return known ?? ports[port] ?? fallback
}

/** The provider behind a host or a port that is known; undefined for anybody's server. */
export function knownProviderOf(url: URL): string | undefined {
  return isProvider(url.hostname) || ports[url.port] ? providerOf(url, 'openai') : undefined
}

/** Whether this is the host of a provider that is known. */
export function isProvider(hostname: string): boolean {
  return knownProvider(hostname) !== undefined
}

/** Regional hosts (`eu.api.openai.com`, `us-central1-aiplatform.googleapis.com`) belong to the same provider. */
function knownProvider(hostname: string): string | undefined {
  for (const [suffix, provider] of hosts) {
    if (!hostname.endsWith(suffix)) continue
    const before = hostname[hostname.length - suffix.length - 1]
    if (before === undefined || before === '.' || (before === '-' && suffix.endsWith('.googleapis.com')))
      return provider
  }
  return BEDROCK.test(hostname) ? 'aws.bedrock' : undefined
}
