// On the server, before the first request: traces, LLM calls, and what routes and pages throw.
export { onRequestError, register } from '@afn/otel/next'
