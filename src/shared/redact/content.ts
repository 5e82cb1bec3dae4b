/**
 * Which attributes and events carry message content: what people wrote to a model and what it answered. Every dialect that
 * reaches us is listed, since content that a foreign instrumentation wrote is content too.
 */

/** Each stands for the key itself and for everything below it (`gen_ai.prompt`, `gen_ai.prompt.0.content`). */
const CONTENT = new Set([
  // OpenTelemetry, today and before
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.retrieval.query',
  'gen_ai.retrieval.documents',
  'gen_ai.evaluation.explanation',
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.memory',
  'gen_ai.event.content',
  'mcp.request.argument',
  'afn.llm.prompt.variable',
  // OpenInference
  'input.value',
  'output.value',
  'llm.input_messages',
  'llm.output_messages',
  'llm.prompts',
  'llm.completions',
  'llm.prompt_template.template',
  'llm.prompt_template.variables',
  'llm.function_call',
  'llm.tools',
  'llm.invocation_parameters', // with the definitions of tools in it, and system prompts; each has a name of today
  'input.audio',
  'output.audio',
  'embedding.text',
  'embedding.embeddings',
  'retrieval.documents',
  'document.content',
  'reranker.query',
  'reranker.input_documents',
  'reranker.output_documents',
  'tool.parameters',
  'tool_call.function.arguments',
  // Vercel AI SDK
  'ai.prompt',
  'ai.response.text',
  'ai.response.content',
  'ai.response.toolCalls',
  'ai.response.object',
  'ai.response.reasoning',
  'ai.response.files',
  'ai.result.text',
  'ai.result.toolCalls',
  'ai.result.object',
  'ai.toolCall.args',
  'ai.toolCall.result',
  'ai.value',
  'ai.values',
  'ai.embedding',
  'ai.embeddings',
  'ai.documents',
  'ai.schema',
  // OpenLLMetry
  'traceloop.entity.input',
  'traceloop.entity.output',
  'traceloop.prompt.template',
  'traceloop.prompt.template_variables',
  'llm.request.functions',
  'gen_ai.task.input',
  'gen_ai.task.output',
  'mcp.response.value',
  // Langfuse
  'langfuse.observation.input',
  'langfuse.observation.output',
  'langfuse.trace.input',
  'langfuse.trace.output',
  // Genkit, Google's ADK
  'genkit:input',
  'genkit:output',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.llm_response',
  'gcp.vertex.agent.tool_call_args',
  'gcp.vertex.agent.tool_response',
  'genkit:init',
  'gcp.vertex.agent.data',
  // Pydantic AI, Logfire
  'pydantic_ai.all_messages',
  'all_messages_events',
  'final_result',
  'tool_arguments',
  'tool_response',
  'request_data',
  'response_data',
  // Sentry
  'gen_ai.request.messages',
  'gen_ai.request.available_tools',
  'gen_ai.response.text',
  'gen_ai.response.object',
  'gen_ai.response.tool_calls',
  'gen_ai.tool.input',
  'gen_ai.tool.output',
  // OpenLIT
  'gen_ai.content.prompt',
  'gen_ai.content.completion',
  // others
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'mcp.tool.result',
  'braintrust.input',
  'braintrust.input_json',
  'braintrust.output',
  'braintrust.output_json',
  'braintrust.expected',
  'lmnr.span.input',
  'lmnr.span.output',
  'weave.input',
  'weave.output',
  'haystack.component.input',
  'haystack.component.output',
  'agent.messages',
  'llm.messages',
])

/** Names and counts below the keys above. */
const NO_CONTENT = new Set([
  'gen_ai.prompt.name',
  'gen_ai.prompt.version',
  'gen_ai.memory.store.id',
  'gen_ai.memory.record.id',
  'gen_ai.memory.record.count',
])

/** True for an attribute that carries message content. */
export function isContentKey(key: string): boolean {
  if (NO_CONTENT.has(key)) return false
  for (let end = key.length; end > 0; end = key.lastIndexOf('.', end - 1)) {
    if (CONTENT.has(key.slice(0, end))) return true
  }
  return false
}

/** A role of a message, since an account has others, in JSON at any depth of escaping, or as Python prints it; LangChain's types. */
const ROLE =
  /["'\s{,](?:role|author|speaker)\\{0,7}["']?\s{0,8}:\s{0,8}\\{0,7}["'](?:user|assistant|system|developer|tool|function|model|human|ai)\\{0,7}["']|"type"\s{0,8}:\s{0,8}"(?:human|ai)"|\b(?:Human|AI|System|Tool)Message\b|"choices"\s{0,8}:/i
const SAID = /(?:content|parts|text)\\{0,7}["']?\s{0,8}[:=]/i
/** A call of a tool, whose arguments are content. */
const CALL = /"(?:function"\s{0,8}:\s{0,8}\{|(?:tool_calls?|tool_call_id|call_id)"\s{0,8}:)/
const ARGUMENTS = /"(?:arguments|args)"\s{0,8}:/
/** What is asked of a model that completes a text. */
const PROMPT = /"prompt"\s{0,8}:/
const SAMPLING = /"(?:model|max_tokens|temperature)"\s{0,8}:/
/** JSON, perhaps in quotes or behind one word: `data: {"choices": …`. */
const BEGINS = /^\s{0,8}(?:\\?["'`])?(?:\w[\w .-]{0,40}[:=]\s{0,8})?[[{]/
/** How models are prompted below their APIs. */
const TEMPLATE =
  /^\s{0,8}(?:<s>|<\|begin_of_text\|>)?\s{0,8}(?:<\|(?:im_start|start_header_id)\|>|\[INST\]|<start_of_turn>)/
/** Of a value that is looked at: what is said first may be long, and stands before its role with some. */
const LOOKED_AT = 16_384

/** True for what is a message or a list of them, as a text or as a value, whatever its key is. */
export function isMessages(value: unknown): boolean {
  if (typeof value === 'string') return isMessageText(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(isMessages)
  const { role, content, parts } = value as Record<string, unknown>
  return typeof role === 'string' && (content ?? parts) !== undefined && ROLE.test(` role:"${role.slice(0, 20)}"`)
}

function isMessageText(text: string): boolean {
  if (TEMPLATE.test(text)) return true
  if (!BEGINS.test(text)) return false
  const start = text.slice(0, LOOKED_AT)
  return (
    (ROLE.test(start) && SAID.test(start)) ||
    (CALL.test(start) && ARGUMENTS.test(start)) ||
    (PROMPT.test(start) && SAMPLING.test(start))
  )
}

/** True for an event or log record whose body and attributes are one message (`gen_ai.user.message`, `gen_ai.choice`). */
export function isContentEvent(name: string): boolean {
  return /^gen_ai\.(?:[a-z_]+\.message|choice|content\.(?:prompt|completion))$/.test(name)
}
