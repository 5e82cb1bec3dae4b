// `.` for CommonJS: `node --require @afn/otel app.js`, or `require('@afn/otel')`. Built to `dist/index.cjs` for old Node
// versions, so that on one that is not supported the app gets one line and runs on.
import type * as Api from '../api'
import type * as Load from './module-loader'
import type * as Start from './start'

function supported(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major >= 22 || (major === 20 && minor >= 6)
}

/** For what `diag/report.ts` can't say, since it is not loaded. Never throws. */
function say(line: string): void {
  try {
    if (process.env.AFN_LOG_LEVEL !== 'none') require('fs').writeSync(2, `[@afn/otel] ${line}\n`)
  } catch {
    // stderr may be closed; the app comes next
  }
}

if (supported()) {
  try {
    const { createLoad } = require('./module-loader') as typeof Load
    const { start } = createLoad(require)(`${__dirname}/start.cjs`) as typeof Start
    start()
  } catch (error) {
    const why = String(error).split('\n', 1)[0]
    say(`AFN102 telemetry could not be loaded (${why}); install @afn/otel again; the app runs without it`)
  }
} else {
  say(
    `AFN101 Node.js ${process.versions.node} is not supported (20.6 or newer, 22 or newer); the app runs without telemetry`,
  )
}

// lazily: a preload has no use for the API
const names = [
  'AgentLoopError',
  'BudgetExceededError',
  'BudgetUnknownError',
  'addEvaluator',
  'flush',
  'guard',
  'libsqlBudgets',
  'recordEvaluation',
  'recordLlmMetrics',
  'redisBudgets',
  'setTags',
  'setUser',
  'status',
  'withAgent',
  'withConversation',
  'withRetrieval',
  'withTool',
  'withWorkflow',
] satisfies (keyof typeof Api)[]
for (const name of names) {
  Object.defineProperty(exports, name, { enumerable: true, get: () => require('./api.cjs')[name] })
}
