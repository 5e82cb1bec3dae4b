// `.` for ES modules: `node --import @afn/otel app.mjs`, or `import '@afn/otel'`. Built to `dist/index.mjs`.
// Delegates to the CommonJS entry, so that both together start once.
import { createRequire } from 'node:module'
import type * as Api from '../api'

const require = createRequire(import.meta.url)
const entry: typeof Api = require('./index.cjs')

export const flush: typeof Api.flush = (...args) => entry.flush(...args)
export const recordEvaluation: typeof Api.recordEvaluation = evaluation => entry.recordEvaluation(evaluation)
export const status: typeof Api.status = () => entry.status()
