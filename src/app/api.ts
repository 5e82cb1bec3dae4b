// `./api`: what an app may call, without any side effect: nothing is started, and before a start the calls do nothing.
// `.` offers the same after starting.
import type { Status } from '../shared/diag/status'
import type { LlmMetrics } from './llm/report/manual-call'
import type { Evaluation } from './llm/report/quality/evaluation'
import { slot } from './runtime'

export type { Diagnostic } from '../shared/diag/report'
export type { Status } from '../shared/diag/status'
export { type AgentOptions, withAgent } from './api/agent'
export { withConversation } from './api/conversation'
export { type RetrievalOptions, withRetrieval } from './api/retrieval'
export { setTags } from './api/tags'
export { type ToolOptions, withTool } from './api/tool'
export { setUser, type User } from './api/user'
export { withWorkflow } from './api/workflow'
export type { LlmMetrics, TokensUsed } from './llm/report/manual-call'
export type { Evaluation, EvaluatorType, SpanIds, SpanLike } from './llm/report/quality/evaluation'

/**
 * Sends everything that has ended up to now. For serverless functions, at the end of each invocation. What is open stays
 * open, as an LLM call whose answer is still being read: it is sent by a flush after its end, or at the end of the process.
 * @param timeoutMs longest time to wait, 2000 by default
 * @returns resolves when all is sent or the time is over; never rejects
 */
export async function flush(timeoutMs = 2_000): Promise<void> {
  await slot().runtime?.flush(timeoutMs)
}

/** What was really started in this process, or `undefined` when nothing was loaded. */
export function status(): Status | undefined {
  return slot().runtime?.status()
}

/**
 * Records how good an answer was: an event `gen_ai.evaluation.result` on the span that was judged, the metrics
 * `afn.llm.evaluation.score` (mapped to 0..1) and `afn.llm.evaluation.results` (`pass`, `fail`, `skipped`), and a score in
 * LangFuse where `LANGFUSE_PUBLIC_KEY` and `LANGFUSE_SECRET_KEY` are set. A mapped score below 0.7 keeps the trace for 30
 * days. When the span has ended, or is of another process, its trace gets a span of no length instead, `evaluate {name}`.
 *
 * When the same evaluator judges the same span again, LangFuse replaces its score; the metrics count both.
 * @param evaluation an input that can't be is said once on stderr (AFN170), and the evaluation is not recorded
 * @returns at once; never throws
 * @example
 * recordEvaluation({ name: 'relevance', score: 4, min: 1, max: 5, threshold: 3.5, evaluator: 'judge-v2' })
 * @example
 * // later: ids of the span that was active when the answer was given
 * const { traceId, spanId } = span.spanContext()
 * recordEvaluation({ name: 'helpful', label: 'pass', evaluator: 'human', target: { traceId, spanId } })
 */
export function recordEvaluation(evaluation: Evaluation): void {
  slot().runtime?.recordEvaluation?.(evaluation)
}

/**
 * Records an LLM call that can't be seen: by gRPC, by WebRTC, in another process. It becomes a span `chat {model}` that
 * ends now, priced where you tell no cost, and is counted in the metrics of all calls. Not for calls over fetch or http,
 * which have their span already; inside of a span that traces the same call both leave as one.
 * @param call an input that can't be is said once on stderr (AFN172), and the call is not recorded
 * @returns at once; never throws
 * @example
 * recordLlmMetrics({ provider: 'openai', model: 'gpt-4o-mini', tokensUsed: { input: 900, output: 120 }, duration: 1.4 })
 * @example
 * recordLlmMetrics({ provider: 'acme', model: 'acme-1', tokensUsed: 1020, cost: 0.0031, duration: 2.1 })
 */
export function recordLlmMetrics(call: LlmMetrics): void {
  slot().runtime?.recordLlmMetrics?.(call)
}
