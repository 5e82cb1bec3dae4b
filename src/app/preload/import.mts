// `.` for ES modules: `node --import @afn/otel app.mjs`, or `import '@afn/otel'`. Built to `dist/index.mjs`.
// Delegates to the CommonJS entry, so that both together start once.
import { createRequire } from 'node:module'
import type * as Api from '../api'

const require = createRequire(import.meta.url)
const entry: typeof Api = require('./index.cjs')

/** Lazily: a preload has no use for the API. */
function lazy<Name extends keyof typeof Api>(name: Name): (typeof Api)[Name] {
  const call = (...args: unknown[]) => Reflect.apply(entry[name], undefined, args)
  return call as (typeof Api)[Name]
}

// classes, which a function can't stand for; each copy knows the errors of all
export { AgentLoopError, BudgetExceededError, BudgetUnknownError } from '../guard/errors'

export const addEvaluator = lazy('addEvaluator')
export const flush = lazy('flush')
export const guard = lazy('guard')
export const libsqlBudgets = lazy('libsqlBudgets')
export const recordEvaluation = lazy('recordEvaluation')
export const recordLlmMetrics = lazy('recordLlmMetrics')
export const redisBudgets = lazy('redisBudgets')
export const setTags = lazy('setTags')
export const setUser = lazy('setUser')
export const status = lazy('status')
export const withAgent = lazy('withAgent')
export const withConversation = lazy('withConversation')
export const withRetrieval = lazy('withRetrieval')
export const withTool = lazy('withTool')
export const withWorkflow = lazy('withWorkflow')
