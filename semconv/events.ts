// Generated from semconv/registry by `npm run generate`; do not edit.

/** A click on a button after which the page didn't change for a second. */
export const EVENT_AFN_DEAD_CLICK = 'afn.dead_click' as const

/** The third click on one element within a second. */
export const EVENT_AFN_RAGE_CLICK = 'afn.rage_click' as const

/** A streamed answer that a page read; written into the span of its request. */
export const EVENT_AFN_STREAM = 'afn.stream' as const

/** A failed model call; severity WARN. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_EXCEPTION = 'gen_ai.client.inference.exception' as const

/** A model call with its structured content, severity DEBUG; only if content is captured. It has the same attributes as the span of the call. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS = 'gen_ai.client.inference.operation.details' as const

/** The result of an evaluation; recorded in the trace of the evaluated span. */
export const EVENT_GEN_AI_EVALUATION_RESULT = 'gen_ai.evaluation.result' as const

/** A failed tool call; severity WARN. */
export const EVENT_GEN_AI_EXECUTE_TOOL_EXCEPTION = 'gen_ai.execute_tool.exception' as const
