import type { ReceivedSpan } from './receiver'

/**
 * A span of OpenTelemetry's own instrumentation of HTTP as the conventions want it: `error.type` where the status of the answer is that
 * of a failure, which it says on its metrics alone, and the name `HTTP` for a method that nobody knows.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function asConventionsSay<S extends ReceivedSpan>(span: S): S {
  const { attributes, types, status } = span
  const answered = attributes['http.response.status_code']
  const hasFailed = status.code === 2 && answered !== undefined && attributes['error.type'] === undefined
  const isUnknown = attributes['http.request.method'] === '_OTHER'
  const method = String(attributes['http.request.method_original'])
  return {
    ...span,
    ...(hasFailed && {
      attributes: { ...attributes, 'error.type': String(answered) },
      types: { ...types, 'error.type': 'stringValue' },
    }),
    ...(isUnknown && span.name.startsWith(method) && { name: `HTTP${span.name.slice(method.length)}` }),
  }
}
