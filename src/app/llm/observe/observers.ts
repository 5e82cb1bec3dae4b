// Everything that observes LLM calls: one chunk, loaded with the first call.

export { followClaudeCode } from './claude-code/spans'
export { sendFetch, startFetch } from './fetch/observed-fetch'
export { isKnownByHead, openExchange, openReading } from './http/exchange'
export { endOpenCalls, endReleasedCalls } from './open-calls'
export { openSession } from './websocket/conversations'
export { isKnownHost } from './websocket/session'
