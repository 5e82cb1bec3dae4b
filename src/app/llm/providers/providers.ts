// The known providers: one row each, with all its names in other systems.

interface Provider {
  /** `gen_ai.provider.name`; if the conventions define none, the name in the price table. */
  readonly name: string
  /** Suffixes of its hosts. Regional hosts (`eu.api.openai.com`, `us-central1-aiplatform.googleapis.com`) are included. */
  readonly hosts?: readonly string[]
  /** Pattern of its hosts, if a suffix is not enough. */
  readonly hostPattern?: RegExp
  /** Default port of a self-hosted server. */
  readonly port?: string
  /** Names in other conventions and SDKs, in lower case. A name also covers its sub-names (`google.vertex.chat`). */
  readonly aliases?: readonly string[]
  /**
   * Its id in genai-prices. All names that the table covers are listed here, because its own matching is by substring and would price
   * `azure.ai.openai` as `openai`.
   */
  readonly priceId?: string
  /** Names in LiteLLM's price file, if they differ. */
  readonly litellm?: readonly string[]
  /**
   * How its streams of OpenAI's format handle `stream_options.include_usage`. `on-request`: the provider documents the option, and sends
   * usage only if requested. `always`: it sends usage in every stream, or rejects unknown options. Google sends usage in the content
   * chunks, where requested usage could not be distinguished from usage that is always sent.
   */
  readonly streamUsage?: 'on-request' | 'always'
}

const providers: readonly Provider[] = [
  {
    name: 'openai',
    hosts: ['api.openai.com'],
    priceId: 'openai',
    litellm: ['text-completion-openai'],
    // https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
    streamUsage: 'on-request',
  },
  {
    name: 'azure.ai.openai',
    hosts: ['openai.azure.com', 'cognitiveservices.azure.com', 'services.ai.azure.com'],
    aliases: ['az.ai.openai', 'azure', 'azure-openai', 'azure_openai'],
    priceId: 'azure',
    litellm: ['azure', 'azure_text'],
    // https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle: from 2024-09-01-preview on, and in the API v1, which has
    // no version. Answer of an older version: https://github.com/openai/openai-python/issues/1469
    streamUsage: 'on-request',
  },
  {
    name: 'azure.ai.inference',
    hosts: ['models.ai.azure.com', 'models.inference.ai.azure.com'],
    aliases: ['azure.ai.inference', 'az.ai.inference'],
    priceId: 'azure',
    litellm: ['azure_ai'],
  },
  { name: 'anthropic', hosts: ['api.anthropic.com'], priceId: 'anthropic' },
  {
    name: 'aws.bedrock',
    hostPattern: /^bedrock(?:-[a-z]+)*\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/,
    aliases: ['aws', 'amazon', 'amazon-bedrock', 'amazon_bedrock', 'bedrock'],
    priceId: 'aws',
    litellm: ['bedrock', 'bedrock_converse'],
  },
  {
    name: 'gcp.gemini',
    hosts: ['generativelanguage.googleapis.com'],
    aliases: ['gemini', 'google', 'google_genai', 'google.generative-ai'],
    priceId: 'google',
    litellm: ['gemini'],
    streamUsage: 'always',
  },
  {
    name: 'gcp.vertex_ai',
    hosts: ['aiplatform.googleapis.com'],
    aliases: ['vertex', 'vertexai', 'vertex_ai', 'google_vertexai', 'google-vertex', 'google.vertex'],
    priceId: 'google',
    streamUsage: 'always',
  },
  { name: 'gcp.gen_ai', priceId: 'google' },
  {
    name: 'cohere',
    hosts: ['api.cohere.com', 'api.cohere.ai'],
    priceId: 'cohere',
    litellm: ['cohere_chat'],
    streamUsage: 'always',
  },
  { name: 'deepseek', hosts: ['api.deepseek.com'], priceId: 'deepseek', streamUsage: 'always' },
  { name: 'groq', hosts: ['api.groq.com'], priceId: 'groq', streamUsage: 'always' },
  {
    name: 'mistral_ai',
    hosts: ['api.mistral.ai'],
    aliases: ['mistral', 'mistralai'],
    priceId: 'mistral',
    litellm: ['mistral'],
    streamUsage: 'always',
  },
  {
    name: 'moonshot_ai',
    hosts: ['api.moonshot.ai', 'api.moonshot.cn'],
    aliases: ['moonshot', 'moonshotai'],
    priceId: 'moonshotai',
    litellm: ['moonshot'],
    streamUsage: 'always',
  },
  { name: 'perplexity', hosts: ['api.perplexity.ai'], priceId: 'perplexity', streamUsage: 'always' },
  {
    name: 'x_ai',
    hosts: ['api.x.ai'],
    aliases: ['xai'],
    priceId: 'x-ai',
    litellm: ['xai'],
    streamUsage: 'always',
  },
  {
    name: 'together_ai',
    hosts: ['api.together.ai', 'api.together.xyz'],
    aliases: ['together', 'togetherai'],
    priceId: 'together',
    streamUsage: 'always',
  },
  { name: 'openrouter', hosts: ['openrouter.ai'], streamUsage: 'always' },
  { name: 'ibm.watsonx.ai', hosts: ['ml.cloud.ibm.com'], aliases: ['watsonx'], litellm: ['watsonx'] },
  // https://docs.ollama.com/api/openai-compatibility
  { name: 'ollama', hosts: ['ollama.com'], port: '11434', streamUsage: 'on-request' },
  // https://lmstudio.ai/docs/developer/api-changelog: from 0.3.18 on; earlier versions ignore unknown options
  { name: 'lm_studio', port: '1234', streamUsage: 'on-request' },
  { name: 'fireworks', hosts: ['api.fireworks.ai'] },
  { name: 'cerebras', hosts: ['api.cerebras.ai'] },
  { name: 'voyageai', hosts: ['api.voyageai.com'], litellm: ['voyage'] },
  { name: 'cloudflare', hosts: ['api.cloudflare.com'] },
  {
    name: 'dashscope',
    hosts: ['dashscope.aliyuncs.com', 'dashscope-intl.aliyuncs.com', 'dashscope-us.aliyuncs.com', 'maas.aliyuncs.com'],
    aliases: ['alibaba', 'qwen'],
    // https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions
    streamUsage: 'on-request',
  },
  { name: 'elevenlabs', hosts: ['elevenlabs.io'] },
  { name: 'deepgram', hosts: ['deepgram.com'] },
  { name: 'assemblyai', hosts: ['assemblyai.com'] },
  { name: 'cartesia', hosts: ['api.cartesia.ai'] },
  { name: 'replicate', hosts: ['api.replicate.com'] },
  { name: 'fal_ai', hosts: ['fal.run'] },
  { name: 'minimax', hosts: ['api.minimax.io'] },
  { name: 'novita', hosts: ['api.novita.ai'] },
  { name: 'zai', hosts: ['api.z.ai', 'open.bigmodel.cn'] },
  { name: 'baseten', hosts: ['inference.baseten.co'] },
  { name: 'deepinfra', hosts: ['api.deepinfra.com'] },
  { name: 'sambanova', hosts: ['api.sambanova.ai'] },
  { name: 'nvidia', hosts: ['integrate.api.nvidia.com'] },
  { name: 'huggingface', hosts: ['router.huggingface.co', 'endpoints.huggingface.cloud'] },
  { name: 'github_models', hosts: ['models.github.ai'] },
  // The AI SDK calls it `gateway`. https://vercel.com/docs/ai-gateway
  { name: 'vercel', hosts: ['ai-gateway.vercel.sh'], aliases: ['gateway'], litellm: ['vercel_ai_gateway'] },
]

/** `gen_ai.provider.name` of a call. */
export function providerOf(url: URL, fallback: string): string {
  const known = rowOf(url)?.name
  if (known !== 'azure.ai.openai') return known ?? fallback
  // Azure serves Anthropic's models with Anthropic's protocol, and all other models under its own path.
  if (fallback !== 'openai') return fallback
  return url.pathname.startsWith('/models/') ? 'azure.ai.inference' : known
}

/** The provider of a known host or port; undefined for any other server. */
export function knownProviderOf(url: URL): string | undefined {
  return rowOf(url) && providerOf(url, 'openai')
}

/** Whether this is the host of a known provider. */
export function isProvider(hostname: string): boolean {
  return providerAt(hostname) !== undefined
}

/** The provider at `server.address` and `server.port`, if the path is unknown. */
export function providerAt(hostname: string, port = ''): string | undefined {
  return rowOf({ hostname, port })?.name
}

function rowOf({ hostname, port }: Pick<URL, 'hostname' | 'port'>): Provider | undefined {
  let byPort: Provider | undefined
  for (const provider of providers) {
    if (provider.hostPattern?.test(hostname)) return provider
    if (provider.port === port) byPort = provider
    for (const suffix of provider.hosts ?? []) {
      if (!hostname.endsWith(suffix)) continue
      const before = hostname[hostname.length - suffix.length - 1]
      if (before === undefined || before === '.' || (before === '-' && suffix.endsWith('.googleapis.com')))
        return provider
    }
  }
  return byPort
}

/** How a provider's streams report usage; undefined if unknown. */
export function streamUsageOf(name: string): Provider['streamUsage'] {
  return providers.find(provider => provider.name === name)?.streamUsage
}

/** The id in genai-prices of `gen_ai.provider.name`. */
export function priceIdOf(name: string): string | undefined {
  return providers.find(provider => provider.name === name)?.priceId
}

/** `gen_ai.provider.name` of a name in LiteLLM's price file. */
export function providerOfLitellm(name: string): string | undefined {
  return providers.find(({ litellm }) => litellm?.includes(name))?.name
}

/** Suffixes with which the AI SDK names the API of a provider. */
const api = /\.(?:chat|completion|responses|messages|embedding|image|speech|transcription|reranking)$/

/** The well-known name for a provider name of another convention; unknown names are returned in lower case. */
export function providerNamed(name: string): string {
  const plain = name.toLowerCase().replace(api, '')
  for (let end = plain.length; end > 0; end = plain.lastIndexOf('.', end - 1)) {
    const known = plain.slice(0, end)
    const provider = providers.find(({ aliases }) => aliases?.includes(known))
    if (provider) return provider.name
  }
  return plain
}
