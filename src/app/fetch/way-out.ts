// The way of an ended span to the queue: the stages of `src/app/sdk/span-pipeline.ts` that need nothing of Node, in their order.
import type { Span, SpanContext } from '@opentelemetry/api'
import { SpanStatusCode } from '@opentelemetry/api'
import { ATTR_AFN_LLM_RETRIED, ATTR_AFN_LLM_USAGE_SOURCE } from '../../../semconv'
import type { PriceTable } from '../llm/report/cost/price-table'
import { costOfCallsOnly, createPricer, type Pricer } from '../llm/report/cost/pricer'
import { createCallMetrics } from '../llm/report/metrics/call-metrics'
import { takeHostedCalls } from '../llm/spans/hosted-calls'
import { mayBeRepeated } from '../llm/spans/may-be-repeated'
import { createNormalise } from '../llm/spans/normalise'
import type { Stage } from '../llm/spans/span'
import type { Usage } from '../llm/usage'
import type { FetchMeter } from './meter'
import type { SpanRedactor } from './options'
import { problem, reason } from './problems'
import type { FetchSpan } from './span'
import { randomHex } from './tracer'

/** Readers of other conventions are no part of this entry: spans that are written in one leave as they are. */
const noDialects = { translate() {}, nameProvider() {} }

interface Parts {
  readonly redactor: SpanRedactor
  readonly prices: PriceTable | undefined
  readonly meter: FetchMeter
  /** Gets each span that leaves. */
  readonly next: (span: FetchSpan) => void
  readonly isOpen: (traceId: string, spanId: string) => boolean
}

export class WayOut {
  readonly #parts: Parts
  readonly #stages: readonly Stage[]
  /** Failed calls of which it is not known yet whether they are tried again, by their id. */
  readonly #failed = new Map<string, FetchSpan>()
  readonly #repeated = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
    const { prices, meter } = parts
    const pricer: Pricer | undefined =
      prices && createPricer({ load: () => prices, onFailure: error => problem('AFN160', reason(error)) })
    pricer?.load()
    this.#stages = [
      createNormalise({ content: true, keepOriginals: true }, () => noDialects),
      span => {
        for (const { name, attributes } of takeHostedCalls(span))
          this.#run((span as FetchSpan).below(randomHex(8), name, attributes), 2)
      },
      span => pricer?.price(span),
      costOfCallsOnly,
      createCallMetrics({ meter: () => meter.meter }),
    ]
  }

  /** A call of ours ends next. */
  readonly ends = (span: Span, counts: Usage): void => {
    ;(span as FetchSpan).counts = counts
  }

  /** A request repeats the call of a span that failed. */
  readonly repeats = ({ spanId }: SpanContext): void => {
    const held = this.#failed.get(spanId)
    if (held) this.#go(held, true)
    else this.#repeated.add(spanId)
  }

  readonly ended = (span: FetchSpan): void => {
    for (const held of this.#failed.values())
      if (held.parentSpanContext?.spanId === span.context.spanId) this.#go(held, false)
    this.#run(span, 0)
  }

  /** Lets go on what waits. @param traceId of one trace alone */
  release(traceId?: string): void {
    for (const held of this.#failed.values())
      if (traceId === undefined || held.context.traceId === traceId) this.#go(held, false)
  }

  #run(span: FetchSpan, from: number): void {
    for (const stage of this.#stages.slice(from)) {
      try {
        stage(span)
      } catch (error) {
        problem('AFN161', `a span is exported without being counted or mapped (${reason(error)})`)
      }
    }
    if (span.isSampled && !this.#holds(span)) this.#leave(span)
  }

  #holds(span: FetchSpan): boolean {
    const { context, parentSpanContext: parent, attributes } = span
    if (this.#repeated.delete(context.spanId)) {
      attributes[ATTR_AFN_LLM_RETRIED] = true
      return false
    }
    if (span.status.code !== SpanStatusCode.ERROR || attributes[ATTR_AFN_LLM_USAGE_SOURCE] === undefined) return false
    const isOver = parent && !parent.isRemote && !this.#parts.isOpen(context.traceId, parent.spanId)
    if (isOver || !mayBeRepeated(span)) {
      attributes[ATTR_AFN_LLM_RETRIED] = false
      return false
    }
    this.#failed.set(context.spanId, span)
    return true
  }

  #go(span: FetchSpan, wasRetried: boolean): void {
    if (!this.#failed.delete(span.context.spanId)) return
    span.attributes[ATTR_AFN_LLM_RETRIED] = wasRetried
    this.#leave(span)
  }

  #leave(span: FetchSpan): void {
    try {
      this.#parts.redactor.span(span)
    } catch (error) {
      return problem('AFN140', `a span was dropped because it could not be redacted: ${reason(error)}`)
    }
    this.#parts.next(span)
  }
}
