// Generated from semconv/registry by `npm run generate`; do not edit.

/** The result of judging an answer; written into the trace of the span that was judged. */
export const EVENT_GEN_AI_EVALUATION_RESULT = 'gen_ai.evaluation.result' as const
