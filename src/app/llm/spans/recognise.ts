// Recognizes the convention of a span and its operation by a few keys, because every span is checked when it starts and when it ends. The
// readers of the dialects are loaded with the first match.
import {
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT as CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS as EMBEDDINGS,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL as EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT as INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW as INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL as RETRIEVAL,
  GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION as TEXT_COMPLETION,
} from '../../../../semconv'

type Attributes = Readonly<Record<string, unknown>>

/** The value of `afn.llm.dialect`. */
export type DialectName = 'langfuse' | 'openinference' | 'vercel' | 'openllmetry' | 'mastra' | 'gen_ai_old'

/** A span with one of these keys is written in the dialect; the first dialect that matches is recorded on the span. */
const marks: readonly (readonly [name: DialectName, keys: readonly string[]])[] = [
  [
    'langfuse',
    [
      'langfuse.observation.type',
      'langfuse.observation.model.name',
      'langfuse.observation.usage_details',
      'langfuse.user.id',
      'langfuse.session.id',
    ],
  ],
  ['openinference', ['openinference.span.kind']],
  ['vercel', ['ai.operationId']],
  ['openllmetry', ['traceloop.span.kind', 'traceloop.workflow.name', 'traceloop.entity.name', 'llm.request.type']],
  ['mastra', ['mastra.span.type']],
  [
    'gen_ai_old',
    [
      'gen_ai.system',
      'gen_ai.usage.prompt_tokens',
      'gen_ai.usage.completion_tokens',
      'gen_ai.usage.cache_creation.input_tokens',
      'gen_ai.usage.cache_creation_input_tokens',
      'gen_ai.usage.cache_read_input_tokens',
      'gen_ai.usage.reasoning_tokens',
      'gen_ai.usage.cost',
      'gen_ai.client.operation.time_to_first_chunk',
      'gen_ai.prompt',
      'gen_ai.completion',
    ],
  ],
]

/** Scopes of spans without keys of their own: OpenLLMetry's newest instrumentations. */
const scopes: Partial<Record<DialectName, string>> = { openllmetry: '@traceloop/' }

/** The dialects of a span, the most detailed one first; usually none. */
export function dialectsOf(attributes: Attributes, scope: string): DialectName[] | undefined {
  let found: DialectName[] | undefined
  for (const [name, keys] of marks) {
    const prefix = scopes[name]
    let isFound = prefix !== undefined && scope.startsWith(prefix)
    for (const key of keys) isFound ||= attributes[key] !== undefined
    if (isFound) found = [...(found ?? []), name]
  }
  return found
}

/** Outdated values of `gen_ai.operation.name`. */
const oldOperations: Readonly<Record<string, string>> = {
  completion: TEXT_COMPLETION,
  embedding: EMBEDDINGS,
  workflow: INVOKE_WORKFLOW,
  model_step: 'agent_step',
}

const openInferenceKinds: Readonly<Record<string, string>> = {
  LLM: CHAT,
  EMBEDDING: EMBEDDINGS,
  RETRIEVER: RETRIEVAL,
  TOOL: EXECUTE_TOOL,
  AGENT: INVOKE_AGENT,
  CHAIN: INVOKE_WORKFLOW,
}

const langfuseTypes: Readonly<Record<string, string>> = {
  generation: CHAT,
  embedding: EMBEDDINGS,
  retriever: RETRIEVAL,
  tool: EXECUTE_TOOL,
  agent: INVOKE_AGENT,
  chain: INVOKE_WORKFLOW,
}

const requestTypes: Readonly<Record<string, string>> = {
  chat: CHAT,
  completion: TEXT_COMPLETION,
  embedding: EMBEDDINGS,
}

const traceloopKinds: Readonly<Record<string, string>> = {
  workflow: INVOKE_WORKFLOW,
  agent: INVOKE_AGENT,
  tool: EXECUTE_TOOL,
}

/** AI SDK: the outer spans are agent runs, and each `do…` span below is one call. */
function vercelOperation(id: string): string | undefined {
  if (id.endsWith('.doGenerate') || id.endsWith('.doStream')) return CHAT
  if (id.endsWith('.doEmbed')) return EMBEDDINGS
  if (id === 'ai.toolCall') return EXECUTE_TOOL
  return /^ai\.(?:generate|stream)(?:Text|Object)$/.test(id) ? INVOKE_AGENT : undefined
}

/** The current value of `gen_ai.operation.name` in any convention; undefined for a span that is not about an LLM. */
export function operationOf(attributes: Attributes): string | undefined {
  const said = attributes[ATTR_GEN_AI_OPERATION_NAME]
  const langfuse = attributes['langfuse.observation.type']
  if (langfuse !== undefined) return langfuseTypes[String(langfuse)]
  if (typeof said === 'string') return oldOperations[said] ?? said
  const openInference = attributes['openinference.span.kind']
  if (openInference !== undefined) return openInferenceKinds[String(openInference)]
  const vercel = attributes['ai.operationId']
  if (typeof vercel === 'string') return vercelOperation(vercel)
  const request = attributes['llm.request.type']
  if (request !== undefined) return requestTypes[String(request)]
  const traceloop = attributes['traceloop.span.kind']
  if (traceloop !== undefined) return traceloopKinds[String(traceloop)]
  return attributes['gen_ai.system'] !== undefined ? CHAT : undefined
}
