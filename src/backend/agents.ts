// Converts telemetry of coding agents on its way into the store: conventional names, prices, and no personal names.
import type { Pricer } from '../app/llm/report/cost/pricer'
import { readCall } from '../app/llm/spans/read-call'
import type { Signal } from '../shared/config/otlp'
import { AttributeList } from '../shared/otlp/agents/attributes'
import { nameLogs } from '../shared/otlp/agents/logs'
import { nameMetrics } from '../shared/otlp/agents/metrics'
import type { PseudonymOf } from '../shared/otlp/agents/persons'
import { nameSpans } from '../shared/otlp/agents/spans'
import { type KeyValue, plainAttributes } from '../shared/otlp/any-value'
import type { Document } from '../shared/otlp/schema'

export interface AgentReader {
  /**
   * Converts the records of coding agents in the request, in place.
   * @returns undefined if there are none; else the spans made from log records, if any
   */
  read(signal: Signal, request: Document): { spans?: Document } | undefined
}

export interface AgentReaderOptions {
  readonly pseudonymOf: PseudonymOf
  /** Loads its table at the first call. */
  readonly pricer: Pricer
}

export function createAgentReader({ pseudonymOf, pricer }: AgentReaderOptions): AgentReader {
  function price(spans: readonly Document[]): void {
    if (spans.length > 0) pricer.load()
    for (const span of spans) priceSpan(pricer, span)
  }

  return {
    read(signal, request) {
      if (signal === 'metrics') return nameMetrics(request, pseudonymOf) ? {} : undefined
      if (signal === 'traces') {
        const spans = nameSpans(request, pseudonymOf)
        price(spans)
        return spans.length > 0 ? {} : undefined
      }
      const { isOfAgent, spans } = nameLogs(request, pseudonymOf)
      if (spans) price(spansIn(spans))
      return isOfAgent ? { ...(spans && { spans }) } : undefined
    },
  }
}

function priceSpan(pricer: Pricer, span: Document): void {
  const attributes = plainAttributes(span.attributes as readonly KeyValue[] | undefined) as Record<string, never>
  const call = readCall(attributes)
  if (!pricer.needs(call)) return
  const own: Record<string, unknown> = {}
  const end = BigInt(String(span.endTimeUnixNano ?? 0))
  const endTime: [number, number] = [Number(end / 1_000_000_000n), Number(end % 1_000_000_000n)]
  pricer.price({ attributes, call, endTime, own: () => own as never })
  const said = new AttributeList(span)
  for (const [name, value] of Object.entries(own)) said.set(name, value as string | number, 'double')
}

const spansIn = ({ resourceSpans }: Document): Document[] =>
  (resourceSpans as Document[]).flatMap(({ scopeSpans }) =>
    (scopeSpans as Document[]).flatMap(({ spans }) => spans as Document[]),
  )
