// No instrumentation of another layer adds trace headers to what is sent from an isolate, and no setting names hosts that get any.
type TraceHeaders = typeof import('../../llm/observe/fetch/trace-headers')

export const withoutTraceHeaders: TraceHeaders['withoutTraceHeaders'] = () => undefined
export const withTraceparent: TraceHeaders['withTraceparent'] = () => undefined
