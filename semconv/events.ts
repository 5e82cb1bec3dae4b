// Generated from semconv/registry by `npm run generate`; do not edit.

/** A click on a button upon which nothing changed in the page for a second. */
export const EVENT_AFN_DEAD_CLICK = 'afn.dead_click' as const

/** The third click on one element within a second. */
export const EVENT_AFN_RAGE_CLICK = 'afn.rage_click' as const

/** A streamed answer that a page read; written into the span of its request. */
export const EVENT_AFN_STREAM = 'afn.stream' as const

/** A call of a model that failed; severity WARN. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_EXCEPTION = 'gen_ai.client.inference.exception' as const

/** A call of a model with its content, structured, severity DEBUG; only where content is captured. It has what the span of the call has. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS = 'gen_ai.client.inference.operation.details' as const

/** The result of judging an answer; written into the trace of the span that was judged. */
export const EVENT_GEN_AI_EVALUATION_RESULT = 'gen_ai.evaluation.result' as const

/** A run of a tool that failed; severity WARN. */
export const EVENT_GEN_AI_EXECUTE_TOOL_EXCEPTION = 'gen_ai.execute_tool.exception' as const
