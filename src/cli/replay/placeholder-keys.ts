// Clients refuse to be made without a key. In a replay no key is used, so where there is none a word stands for it.

const NAMES = [
  'ANTHROPIC_API_KEY',
  'AZURE_OPENAI_API_KEY',
  'CEREBRAS_API_KEY',
  'COHERE_API_KEY',
  'CO_API_KEY',
  'DEEPSEEK_API_KEY',
  'FIREWORKS_API_KEY',
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'GROQ_API_KEY',
  'HF_TOKEN',
  'MISTRAL_API_KEY',
  'OPENAI_API_KEY',
  'OPENROUTER_API_KEY',
  'PERPLEXITY_API_KEY',
  'TOGETHER_API_KEY',
  'VOYAGE_API_KEY',
  'XAI_API_KEY',
]
/** Google's client reads either, and warns of both. */
const GOOGLE = ['GOOGLE_API_KEY', 'GEMINI_API_KEY']
const AWS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']

/** The variables that `env` lacks. */
export function placeholderKeys(env: NodeJS.ProcessEnv): Record<string, string> {
  const missing = NAMES.filter(name => !env[name])
  if (GOOGLE.every(name => !env[name])) missing.push(GOOGLE[0]!)
  if (AWS.every(name => !env[name]) && !env.AWS_PROFILE && !env.AWS_BEARER_TOKEN_BEDROCK) missing.push(...AWS)
  return Object.fromEntries(missing.map(name => [name, 'afn-otel-replay']))
}
