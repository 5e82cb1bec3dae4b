// The paths of the wire protocols. Part of the start, so that the readers of the protocols can be loaded with the first LLM call.

/** Anthropic's models on Google's Vertex, which names the model in the path. */
export const ON_VERTEX = /\/publishers\/anthropic\/models\/[^/]+(?::|%3A)(?:r|streamR)awPredict$/i
/** Bedrock's agents, with the ids of agent and session. */
export const AGENT = /\/agents\/([^/]+)\/agentAliases\/[^/]+\/sessions\/([^/]+)\/text$/
/** Bedrock's knowledge bases. */
export const KNOWLEDGE = /\/retrieveAndGenerate(Stream)?$/

/**
 * Whether a path is one of a protocol's. Tried for every POST, so each has to be cheap. The first that fits reads the request;
 * where the paths of two overlap, the narrower one comes first.
 */
const paths = {
  'openai-chat': pathname => pathname.endsWith('/chat/completions') || pathname.endsWith('/agents/completions'),
  'openai-responses': pathname => pathname.endsWith('/responses') || pathname.endsWith('/responses/compact'),
  'anthropic-messages': pathname => pathname.endsWith('/v1/messages') || ON_VERTEX.test(pathname),
  'google-generate': pathname => /(?::|%3A)(?:g|streamG)enerateContent$/i.test(pathname),
  'google-embeddings': pathname =>
    /(?:(?::|%3A)(?:embedContent|batchEmbedContents)|embedding[^/]*(?::|%3A)predict)$/i.test(pathname),
  'google-interactions': pathname => pathname.endsWith('/interactions'),
  'bedrock-converse': pathname => /\/model\/.+\/converse(?:-stream)?$/.test(pathname),
  'bedrock-invoke': pathname => /\/model\/.+\/invoke(?:-with-response-stream)?$/.test(pathname),
  'bedrock-agent': pathname => AGENT.test(pathname) || KNOWLEDGE.test(pathname),
  'watsonx-chat': pathname => methodIn(pathname)?.startsWith('chat') === true,
  'watsonx-generation': pathname => methodIn(pathname)?.startsWith('generation') === true,
  'watsonx-embeddings': pathname => methodIn(pathname) === 'embeddings',
  'ollama-embed': pathname => /\/api\/embed(?:dings)?$/.test(pathname),
  'openai-embeddings': pathname => pathname.endsWith('/embeddings'),
  'openai-completions': pathname => pathname.endsWith('/completions') && !pathname.endsWith('/chat/completions'),
  'openai-images': pathname => /\/images\/(?:generations|edits|variations)$/.test(pathname),
  'openai-transcriptions': pathname => /\/audio\/(?:transcriptions|translations)$/.test(pathname),
  'openai-speech': pathname => pathname.endsWith('/audio/speech'),
  'anthropic-complete': pathname => pathname.endsWith('/v1/complete'),
  'cohere-chat': pathname => pathname.endsWith('/v2/chat'),
  'cohere-chat-v1': pathname => pathname.endsWith('/v1/chat'),
  'cohere-generate': pathname => pathname.endsWith('/v1/generate'),
  'cohere-embed': pathname => /\/v[12]\/embed$/.test(pathname),
  rerank: pathname => pathname.endsWith('/rerank'),
  'ollama-chat': pathname => pathname.endsWith('/api/chat'),
  'ollama-generate': pathname => pathname.endsWith('/api/generate'),
} satisfies Record<string, (pathname: string) => boolean>

export type ProtocolName = keyof typeof paths

const tests = Object.entries(paths) as [ProtocolName, (pathname: string) => boolean][]

export const protocolNames: readonly ProtocolName[] = tests.map(([name]) => name)

/** @param pathname a path, or an address up to the end of its path */
export function protocolAt(pathname: string): ProtocolName | undefined {
  for (const [name, isIts] of tests) if (isIts(pathname)) return name
  return undefined
}

/** Of watsonx.ai: `/ml/v1/text/chat`, `/ml/v1/deployments/{id}/text/chat_stream`; undefined for a path that is none of these. */
function methodIn(pathname: string): string | undefined {
  return /\/ml\/v1\/(?:deployments\/[^/]+\/)?text\/(chat|generation|embeddings|chat_stream|generation_stream)$/.exec(
    pathname,
  )?.[1]
}
