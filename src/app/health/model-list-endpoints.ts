// Where each provider lists its models, for those whose key is in the environment. The list is free everywhere.
import type { LlmProvider } from './checks/llm'

interface Listing {
  /** As in `gen_ai.provider.name`. */
  readonly name: string
  readonly keys: readonly string[]
  /** Variables of the provider's own client that say where it is. */
  readonly base: readonly string[]
  readonly url: string
  readonly path: string
  readonly headers: (key: string) => Readonly<Record<string, string>>
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const openai = (name: string, keys: string[], url: string, base: string[] = []): Listing => ({ name, keys, base, url, path: '/models', headers: bearer }) // biome-ignore format: one line

const listings: readonly Listing[] = [
  openai('openai', ['OPENAI_API_KEY'], 'https://api.openai.com/v1', ['OPENAI_BASE_URL']),
  {
    name: 'anthropic',
    keys: ['ANTHROPIC_API_KEY'],
    base: ['ANTHROPIC_BASE_URL'],
    url: 'https://api.anthropic.com',
    path: '/v1/models?limit=1',
    headers: key => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
  },
  {
    name: 'gcp.gemini',
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    base: ['GOOGLE_GEMINI_BASE_URL'],
    url: 'https://generativelanguage.googleapis.com',
    path: '/v1beta/models?pageSize=1',
    headers: key => ({ 'x-goog-api-key': key }),
  },
  {
    name: 'cohere',
    keys: ['CO_API_KEY', 'COHERE_API_KEY'],
    base: ['CO_API_URL'],
    url: 'https://api.cohere.com',
    path: '/v1/models?page_size=1',
    headers: bearer,
  },
  openai('mistral_ai', ['MISTRAL_API_KEY'], 'https://api.mistral.ai/v1'),
  openai('groq', ['GROQ_API_KEY'], 'https://api.groq.com/openai/v1'),
  openai('deepseek', ['DEEPSEEK_API_KEY'], 'https://api.deepseek.com'),
  openai('x_ai', ['XAI_API_KEY'], 'https://api.x.ai/v1'),
  openai('openrouter', ['OPENROUTER_API_KEY'], 'https://openrouter.ai/api/v1'),
  openai('together_ai', ['TOGETHER_API_KEY'], 'https://api.together.xyz/v1', ['TOGETHER_BASE_URL']),
]

export function keyedProviders(env: Readonly<Record<string, string | undefined>>): LlmProvider[] {
  const first = (names: readonly string[]) => names.map(name => env[name]?.trim()).find(Boolean)
  return listings.flatMap(({ name, keys, base, url, path, headers }) => {
    const key = first(keys)
    if (!key) return []
    return [{ name, models: { url: `${(first(base) ?? url).replace(/\/+$/, '')}${path}`, headers: headers(key) } }]
  })
}
