// `./api`: what an app may call, without any side effect: nothing is started, and before a start the calls do nothing.
// `.` offers the same after starting.
import { report } from '../shared/diag/report'
import type { Status } from '../shared/diag/status'
import type { EvaluatorOptions } from './evaluate/options'
import type { Guard, GuardOptions } from './guard/options'
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
export type { Condition } from './evaluate/condition'
export type { EvaluatedCall } from './evaluate/evaluated-call'
export type { Finding } from './evaluate/evaluator'
export type { EvaluatorOptions } from './evaluate/options'
export {
  type AgentLoop,
  AgentLoopError,
  BudgetExceededError,
  type BudgetRefusal,
  BudgetUnknownError,
} from './guard/errors'
export { libsqlBudgets } from './guard/libsql-store'
export type { BudgetStanding, Guard, GuardDimension, GuardOptions, GuardScope, HeldBudget } from './guard/options'
export { redisBudgets } from './guard/redis-store'
export type { BudgetStore } from './guard/store'
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
 * Adds an evaluator, which from now on judges answers of LLM calls of this process after they have ended: one of the built-in types, in
 * the words of an `evaluators.yaml`, or a function. What it finds is recorded as by `recordEvaluation()`, on the call's span.
 * Content is read for the calls that are judged, and stays in the process unless `AFN_CAPTURE_CONTENT` is on, or the evaluator sends it.
 * @param evaluator one that can't be is said on stderr (AFN173), and does not run
 * @returns at once; never throws
 * @example
 * addEvaluator({ name: 'short', type: 'length', max: 200, rate: 0.1 })
 * @example
 * addEvaluator({
 *   name: 'known_order',
 *   when: { agent: 'orders' },
 *   evaluate: async ({ answer }) => ({ label: (await orders.has(answer)) ? 'pass' : 'fail' })
 * })
 */
export function addEvaluator(evaluator: EvaluatorOptions): void {
  slot().runtime?.addEvaluator?.(evaluator)
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

/**
 * Holds calls of models to a budget, in this process or, with a store, in all that share it. Before a call is sent, the most that it can
 * cost is reserved; when it ends, its cost takes the place of that. A call whose reservation does not fit is not sent: the client's promise
 * rejects with a `BudgetExceededError`. Of several budgets all have to fit.
 *
 * Calls over `fetch`, `http`, `https` and npm's `undici` are held, HTTP/2 by `node:http2` and WebSockets are not.
 * Where nothing was started in this process, it holds nothing, says so (AFN177), and is not `active`.
 * @throws TypeError where an option is wrong
 * @example
 * guard({ budget: { name: 'support', period: 'day', amount: 20 }, scope: { feature: 'support' } })
 * @example
 * guard({ budget: { period: 'month', amount: 500, timeZone: 'Asia/Tokyo' }, store: redisBudgets(new Redis()) })
 */
export function guard(options: GuardOptions): Guard {
  const { runtime } = slot()
  if (runtime?.guard) return runtime.guard(options)
  report(
    'AFN177',
    'guard(): nothing is observed in this process, so no budget is held; start it with --require @afn/otel',
  )
  const nothing = {
    budget: options?.budget?.name ?? '',
    period: '',
    limit: options?.budget?.amount,
    spent: 0,
    reserved: 0,
  }
  return { active: false, stop() {}, standing: async () => nothing }
}
