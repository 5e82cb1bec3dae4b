// A piece of the app's work as one span. This code runs in the middle of the app: each failure of ours is reported with a
// code, and the app's function runs all the same.
import { type Attributes, type Context, context, type Span, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import { version } from '../../shared/version'
import { attempt } from '../attempt'
import { fail } from '../llm/spans/failure'
import { withScope } from '../llm/spans/scope'
import { slot } from '../runtime'
import { follow } from './follow'

export interface Work {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes: Attributes
  /** What every span inside of it carries too. */
  readonly scope?: Attributes
  /** Its content; called only where content is captured. */
  readonly content?: {
    readonly input: () => Attributes
    readonly output: (result: unknown) => Attributes
  }
}

/** Returns or throws what `run` does; the span ends when that is over. */
export function inSpan<T>(work: Work, run: () => T): T {
  const begun = attempt(() => begin(work))
  if (!begun) return run()
  const { span, inside } = begun
  let open = true
  const end = (last: () => void, at?: number) => {
    if (!open) return
    open = false
    attempt(last)
    attempt(() => span.end(at))
  }
  return follow(run, {
    inside,
    ended: result => end(() => span.setAttributes((capturing(span) && work.content?.output(result)) || {})),
    failed: error => end(() => fail(span, error)),
    forgotten: at => end(() => {}, at),
  })
}

function begin({ name, kind = SpanKind.INTERNAL, attributes, scope, content }: Work): { span: Span; inside: Context } {
  const outside = context.active()
  const span = trace.getTracer('@afn/otel/structure', version).startSpan(name, { kind, attributes }, outside)
  if (content && capturing(span)) attempt(() => span.setAttributes(content.input()))
  return { span, inside: trace.setSpan(scope ? withScope(outside, scope) : outside, span) }
}

/** What is not sampled is not exported, so nothing is copied for it. */
function capturing(span: Span): boolean {
  return slot().runtime?.content === true && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
}
