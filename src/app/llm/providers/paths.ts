// The paths of the wire protocols. Part of the start, so that the code of the protocols can be loaded with the first LLM call.

/** Anthropic's models on Google's Vertex, which has the model in the path. */
export const ON_VERTEX = /\/publishers\/anthropic\/models\/[^/]+(?::|%3A)(?:r|streamR)awPredict$/i
/** Bedrock's agents, with the ids of agent and session. */
export const AGENT = /\/agents\/([^/]+)\/agentAliases\/[^/]+\/sessions\/([^/]+)\/text$/
/** Bedrock's AgentCore, with the ARN of a runtime. */
export const RUNTIME = /\/runtimes\/([^/]+)\/invocations$/
/** Bedrock's knowledge bases. */
export const KNOWLEDGE = /\/retrieveAndGenerate(Stream)?$/

const WATSONX = /\/ml\/v1\/(?:deployments\/[^/]+\/)?text\/[^/]+$/
/** ElevenLabs' speech paths, with the id of a voice. */
const SPEECH = /\/text-to-(?:speech\/[^/]+|dialogue)\/(?:stream|with-timestamps|stream\/with-timestamps)$/
/**
 * Any path there may be a model. Calls that are identified by path alone, as for Node's own clients, don't match, because the host is
 * unknown.
 */
const FAL = /^https:\/\/(?:queue\.)?fal\.run\//
/** Vector stores, with the searched collection; with Pinecone, the index is part of the host. */
const SEARCH = /\/(points|entities|v1|(collections|vector_stores|namespaces)\/[^/]+)\/\w+$|^(\w+:\/\/[^/]+)?\/query$/
const MODEL = /\/model\/.+\/[^/]+$/

/**
 * The key is the last segment of a path (`completions`), for Google the text after the colon (`:predict`), the segment before a last one
 * that is a name (`conversations/`), or `https:` for a whole host. The expression restricts paths that are not specific. Every POST of the
 * process is looked up, so rows are found by key and tried in order; narrower ones come first.
 */
const rows = [
  ['openai-chat', 'completions', /\/(?:chat|agents)\/completions$/],
  ['openai-completions', 'completions'],
  ['openai-responses', 'responses'],
  ['openai-responses', 'compact', /\/responses\/compact$/],
  ['anthropic-messages', 'messages', /\/v1\/messages$/],
  ['anthropic-messages', ':rawPredict', ON_VERTEX],
  ['anthropic-messages', ':streamRawPredict', ON_VERTEX],
  ['mistral-ocr', ':rawPredict', /ocr[^/]*$/i],
  ['mistral-ocr', 'ocr'],
  ['google-raw-predict', ':rawPredict'],
  ['google-raw-predict', ':streamRawPredict'],
  ['google-generate', ':generateContent'],
  ['google-generate', ':streamGenerateContent'],
  ['google-embeddings', ':embedContent'],
  ['google-embeddings', ':batchEmbedContents'],
  ['google-embeddings', ':predict', /embedding[^/]*$/i],
  ['google-predict', ':predict', /\/models\/(?:imagen|image|virtual-try-on)[^/]*$/i],
  ['google-predict', ':predictLongRunning'],
  ['google-interactions', 'interactions'],
  ['bedrock-converse', 'converse', MODEL],
  ['bedrock-converse', 'converse-stream', MODEL],
  ['bedrock-invoke', 'invoke', MODEL],
  ['bedrock-invoke', 'invoke-with-response-stream', MODEL],
  ['bedrock-bidirectional', 'invoke-with-bidirectional-stream', MODEL],
  ['bedrock-agent', 'text', AGENT],
  ['bedrock-agent', 'invocations', RUNTIME],
  ['bedrock-agent', 'retrieveAndGenerate'],
  ['bedrock-agent', 'retrieveAndGenerateStream'],
  ['watsonx-chat', 'chat', WATSONX],
  ['watsonx-chat', 'chat_stream', WATSONX],
  ['watsonx-generation', 'generation', WATSONX],
  ['watsonx-generation', 'generation_stream', WATSONX],
  ['watsonx-embeddings', 'embeddings', WATSONX],
  ['ollama-embed', 'embeddings', /\/api\/embeddings$/],
  ['ollama-embed', 'embed', /\/api\/embed$/],
  ['openai-embeddings', 'embeddings'],
  ['openai-images', 'generations', /\/images\/generations$/],
  ['openai-images', 'edits', /\/images\/edits$/],
  ['openai-images', 'variations', /\/images\/variations$/],
  ['openai-transcriptions', 'transcriptions', /\/audio\/transcriptions$/],
  ['openai-transcriptions', 'translations', /\/audio\/translations$/],
  ['openai-speech', 'speech', /\/audio\/speech$/],
  ['anthropic-complete', 'complete', /\/v1\/complete$/],
  ['cohere-chat', 'chat', /\/v2\/chat$/],
  ['cohere-chat-v1', 'chat', /\/v1\/chat$/],
  ['ollama-chat', 'chat', /\/api\/chat$/],
  ['cohere-generate', 'generate', /\/v1\/generate$/],
  ['ollama-generate', 'generate', /\/api\/generate$/],
  ['cohere-embed', 'embed', /\/v[12]\/embed$/],
  ['fal-endpoint', 'https:', FAL],
  ['rerank', 'rerank'],
  ['rerank', 'score'],
  ['openai-embeddings', 'pooling'],
  ['text-generation', 'generate'],
  ['text-generation', 'generate_stream'],
  ['dashscope', 'generation', /\/services\/aigc\/(?:text|multimodal)-generation\/generation$/],
  ['dashscope', 'text-embedding', /\/services\/embeddings\//],
  ['dashscope', 'multimodal-embedding', /\/services\/embeddings\//],
  ['dashscope', 'text-rerank', /\/services\/rerank\//],
  ['speech-synthesis', 'text-to-speech/'],
  ['speech-synthesis', 'stream', SPEECH],
  ['speech-synthesis', 'with-timestamps', SPEECH],
  ['speech-synthesis', 'text-to-dialogue'],
  ['speech-synthesis', 'speak', /\/v1\/speak$/],
  ['speech-synthesis', 'bytes', /\/tts\/bytes$/],
  ['speech-synthesis', 'sse', /\/tts\/sse$/],
  ['speech-recognition', 'speech-to-text'],
  ['speech-recognition', 'listen', /\/v1\/listen$/],
  ['speech-recognition', 'stt'],
  ['speech-recognition', 'transcript', /\/v2\/transcript$/],
  ['replicate-predictions', 'predictions'],
  ['mistral-conversations', 'conversations'],
  ['mistral-conversations', 'conversations/'],
  ['mistral-conversations', 'restart', /\/conversations\/[^/]+\/restart$/],
  ['vercel-language', 'language-model'],
  ...['embedding', 'reranking', 'image', 'video', 'speech', 'transcription', 'decision'].map(
    kind => ['vercel-models', `${kind}-model`] as const,
  ),
  ...['query', 'search', 'hybrid_search', 'graphql'].map(segment => ['retrieval', segment, SEARCH] as const),
  ...['memories/', 'search/', 'add/'].map(segment => ['memory', segment] as const),
] as const satisfies readonly (readonly [name: string, segment: string, whole?: RegExp])[]

export type ProtocolName = (typeof rows)[number][0]

type Choice = readonly [name: ProtocolName, segment: string, whole?: RegExp]

const bySegment = new Map<string, Choice[]>()
for (const row of rows) bySegment.set(row[1], [...(bySegment.get(row[1]) ?? []), row])

export const protocolNames: readonly ProtocolName[] = [...new Set(rows.map(([name]) => name))]

/** @param pathname a path, or a URL up to the end of its path */
export function protocolAt(pathname: string): ProtocolName | undefined {
  const slash = pathname.lastIndexOf('/')
  const last = pathname.slice(slash + 1)
  return (
    fitting(segmentOf(last), pathname) ??
    fitting(pathname.slice(pathname.lastIndexOf('/', slash - 1) + 1, slash + 1), pathname) ??
    fitting(pathname.slice(0, 6), pathname)
  )
}

function fitting(segment: string, pathname: string): ProtocolName | undefined {
  for (const [name, , whole] of bySegment.get(segment) ?? []) if (whole?.test(pathname) !== false) return name
  return undefined
}

/** Google's clients may or may not escape the colon. */
function segmentOf(last: string): string {
  const colon = last.lastIndexOf(':')
  if (colon > 0) return last.slice(colon)
  const escaped = last.lastIndexOf('%3')
  return escaped > 0 ? last.slice(escaped).replace(/^%3a/i, ':') : last
}

/** Paths of GET requests for answers that were requested earlier: of background calls and batches. */
const BY_GET =
  /\/(?:(?:responses|interactions|chat\/deferred-completion|batches|batch\/jobs|v2\/transcript|v1\/predictions|model-invocation-job|queue\.fal\.run\/.+\/requests)\/[^/]+|files\/[^/]+(?:\/content|(?::|%3A)download)|batches\/[^/]+\/results|[^/]+\.jsonl\.out)$/i
/** Paths that start a batch, or end a background call. */
const BY_POST =
  /\/(?:(?:responses|interactions)\/[^/]+\/cancel|batch\/results|batches|batch\/jobs|[^/]+(?::|%3A)(?:batchGenerateContent|asyncBatchEmbedContent))$/i
/** A cheap first test: the last letter of each segment that the two expressions below match. */
const [ENDS, ENDS_BEFORE] = [/[dlst]/, /[bnst]/]
/** The last segment but one, if an id follows it, and the last segment. */
const WORDS =
  /^(?:responses|interactions|deferred-completion|transcript|predictions|requests|batches|jobs|model-invocation-job)$/
const LAST = /^(?:content|results|cancel|batches|jobs)$|(?:download|Content|\.out)$/i

/**
 * Whether a request may fetch or start an answer that comes later. Called for every GET too, so it first compares two letters.
 * @param address a path or a whole URL, with its query
 */
export function mayComeLater(method: string, address: string): boolean {
  const query = address.indexOf('?')
  const end = query < 0 ? address.length : query
  const slash = address.lastIndexOf('/', end - 1)
  const isLikely =
    (ENDS_BEFORE.test(address[slash - 1] ?? '') &&
      WORDS.test(address.slice(address.lastIndexOf('/', slash - 1) + 1, slash))) ||
    (ENDS.test(address[end - 1] ?? '') && LAST.test(address.slice(slash + 1, end)))
  return isLikely && (method === 'GET' ? BY_GET : BY_POST).test(address.slice(0, end))
}

/** Whether a request uploads a file, to which a batch refers: called only if calls are recorded. @param address as for `mayComeLater` */
export function isUpload(address: string): boolean {
  return /^[^?]*\/files(?:\?|$)/.test(address)
}

/** Protocols over a WebSocket, by the end of the path. */
const socketPaths = {
  'openai-responses': /\/responses$/,
  'openai-realtime': /\/realtime(?:\/translations)?$/,
  'google-live': /[./]BidiGenerateContent(?:Constrained)?$/,
}

export type SocketProtocolName = keyof typeof socketPaths

export const socketProtocolNames = Object.keys(socketPaths) as SocketProtocolName[]

/** @param pathname as for `protocolAt` */
export function socketProtocolAt(pathname: string): SocketProtocolName | undefined {
  return socketProtocolNames.find(name => socketPaths[name].test(pathname))
}
