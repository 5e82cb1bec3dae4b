// What an app reports of its LLM calls itself: one chunk, loaded with the first report.
export { createManualCalls } from './manual-call'
export { createEvaluations } from './quality/record'
