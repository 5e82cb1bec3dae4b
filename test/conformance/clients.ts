// The real clients that the never-break suite runs, by the names under which `test/clients/package.json` installs them.
// A new version is a line here and one there.

export interface Client {
  name: string
  version: string
  /** File in `test/clients`. */
  app: string
  /** What the app imports, and the folder in the node_modules of the clients that it gets. */
  modules: Record<string, string>
  /** Major version of Node.js that it needs; the one at hand by default. */
  node?: 22
  /**
   * The client itself sorts and lowers its headers as soon as a tracer provider is there, so only their names and values
   * can be the same.
   */
  sortsHeaders?: true
  /** Its requests are a child process's, which says what it used at the end of a turn. With the child it is 400 MB. */
  child?: true
  /** What of its requests and results is another every time. */
  varies?: RegExp
}

const openai = (version: string, more: Partial<Client> = {}): Client => ({
  name: 'openai',
  version,
  app: 'openai.mjs',
  modules: { openai: `openai-${version}` },
  ...more,
})
const anthropic = (version: string, more: Partial<Client> = {}): Client => ({
  name: '@anthropic-ai/sdk',
  version,
  app: 'anthropic.mjs',
  modules: { '@anthropic-ai/sdk': `anthropic-${version}` },
  ...more,
})
const aiSdk = (version: string, provider: string, more: Partial<Client> = {}): Client => ({
  name: 'ai',
  version,
  app: 'ai.mjs',
  modules: {
    ai: `ai-${version}`,
    '@ai-sdk/openai': `ai-sdk-openai-${provider}`,
    '@ai-sdk/anthropic': `ai-sdk-anthropic-${provider}`,
    zod: 'zod',
  },
  ...more,
})
const single = (name: string, version: string, app: string, folder: string, more: Partial<Client> = {}): Client => ({
  name,
  version,
  app,
  modules: { [name]: folder },
  ...more,
})
const undici = (version: string, more: Partial<Client> = {}) =>
  single('undici', version, 'undici.mjs', `undici-${version}`, more)
const claudeAgent = '@anthropic-ai/claude-agent-sdk'
const claudeCode = `${claudeAgent}-${process.platform}-${process.arch}`
const bedrock = '@aws-sdk/client-bedrock-runtime'

export const clients: Client[] = [
  openai('4'),
  openai('5'),
  openai('6'),
  openai('7', { node: 22 }),
  anthropic('0.30'),
  anthropic('0.99'),
  anthropic('1', { sortsHeaders: true }),
  single('@google/genai', '2', 'genai.mjs', 'genai-2'),
  single('@google/genai', '3', 'genai.mjs', 'genai-3', { node: 22 }),
  single('@mistralai/mistralai', '1', 'mistral.mjs', 'mistral-1'),
  single('@mistralai/mistralai', '2', 'mistral.mjs', 'mistral-2'),
  single('cohere-ai', '7', 'cohere.mjs', 'cohere-7'),
  single('cohere-ai', '8', 'cohere.mjs', 'cohere-8'),
  aiSdk('5', '2'),
  aiSdk('6', '3'),
  aiSdk('7', '4', { node: 22 }),
  single(bedrock, '3-http1', 'bedrock-http1.mjs', bedrock, {
    modules: { [bedrock]: bedrock, '@smithy/node-http-handler': '@smithy/node-http-handler' },
  }),
  single(bedrock, '3-http2', 'bedrock-http2.mjs', bedrock),
  single('langchain', '1', 'langchain.mjs', 'langchain', {
    modules: {
      langchain: 'langchain',
      '@langchain/openai': '@langchain/openai',
      '@langchain/core': '@langchain/core',
      zod: 'zod',
    },
  }),
  single('axios', '1', 'axios.mjs', 'axios', { modules: { axios: 'axios', 'form-data': 'form-data' } }),
  undici('5'),
  undici('6'),
  undici('7.0'),
  undici('7.30'),
  undici('8', { node: 22 }),
  single('ollama', '0.6', 'ollama.mjs', 'ollama'),
  single('groq-sdk', '0', 'groq.mjs', 'groq-0'),
  single('groq-sdk', '1', 'groq.mjs', 'groq-1'),
  single('@openai/agents', '0.20', 'agents.mjs', '@openai/agents', {
    modules: { '@openai/agents': '@openai/agents', openai: 'openai-7', zod: 'zod' },
    node: 22,
  }),
  single(claudeAgent, '0.3', 'claude-agent.mjs', claudeAgent, {
    modules: { [claudeAgent]: claudeAgent, [claudeCode]: claudeCode, zod: 'zod' },
    child: true,
    // ids of sessions and of the device, times, durations, and a socket by its pid
    varies: /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+Z|\d+ ms|\d+\.sock/g,
  }),
]
