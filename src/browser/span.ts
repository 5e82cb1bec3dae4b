/**
 * Spans. There is no zone and no patched promise: what runs synchronously inside `withSpan` or `span.run` is inside the
 * span, and what comes after an `await` says so with `span.run`.
 */
import { activeSpan, runIn } from './context'
import { guarded } from './diagnose'
import { describeError } from './exception'
import { randomId } from './ids'
import { type Attributes, encodeSpan, type SpanContext } from './otlp'
import { event, record, wallTime } from './record'

export interface Span {
  readonly context: SpanContext
  setAttributes(attributes: Attributes): void
  /** Status ERROR, with what kind of error it was. */
  fail(type: string, message?: string): void
  /** The same, and an `exception` event in this span. */
  recordException(error: unknown): void
  /** Runs the function inside the span. */
  run<T>(inside: () => T): T
  /** Records the span; only the first call counts. */
  end(): void
}

export interface SpanOptions {
  readonly attributes?: Attributes
  /** Default: the span that runs now; without one a trace begins. */
  readonly parent?: SpanContext | undefined
}

/** @param kind 1 INTERNAL, 3 CLIENT */
export function startSpan(name: string, { attributes = {}, parent = activeSpan() }: SpanOptions = {}, kind = 1): Span {
  const context = { traceId: parent?.traceId ?? randomId(16), spanId: randomId(8) }
  const started = performance.now()
  const start = wallTime(started)
  let own = attributes
  let error: string | undefined
  let ended = false
  const span: Span = {
    context,
    setAttributes(more) {
      own = { ...own, ...more }
    },
    fail(type, message = '') {
      error = message
      own = { ...own, 'error.type': type }
    },
    recordException(thrown) {
      const described = describeError(thrown)
      span.fail(`${described['exception.type']}`, `${described['exception.message']}`)
      event('exception', described, 17, context)
    },
    run: inside => runIn(context, inside),
    end() {
      if (ended) return
      ended = true
      const end = start + performance.now() - started
      const failure = error
      record('traces', false, own, attributes =>
        encodeSpan({ ...context, parentSpanId: parent?.spanId, name, kind, start, end, attributes, error: failure }),
      )
    },
  }
  return span
}

/**
 * Runs the function inside a new span, which ends when the function returns or its promise settles.
 * @throws what the function throws
 */
export function withSpan<T>(name: string, inside: (span: Span) => T, options?: SpanOptions): T {
  const span = startSpan(name, options)
  const fail = (error: unknown): never => {
    guarded(span.recordException)(error)
    span.end()
    throw error
  }
  const done = <R>(result: R) => {
    span.end()
    return result
  }
  let result: T
  try {
    result = span.run(() => inside(span))
  } catch (error) {
    return fail(error)
  }
  // the caller gets what follows: a handler on the side would hide a rejection that nobody handles
  return result instanceof Promise ? (result.then(done, fail) as T) : done(result)
}
