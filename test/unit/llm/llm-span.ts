// An exported copy as the stages see it, for their tests.
import type { Attributes } from '@opentelemetry/api'
import { readCall } from '../../../src/app/llm/spans/read-call'
import type { LlmSpan } from '../../../src/app/llm/spans/span'

export interface SpanLike {
  name?: string
  kind?: number
  attributes?: Attributes
  seconds?: number
  status?: { code: number; message?: string }
  traceId?: string
  scope?: string
  events?: { name: string; attributes?: Attributes }[]
}

/** A CLIENT span that began at 2026-09-01T12:00:00Z. */
export function llmSpan({ seconds = 1, traceId = '0af7651916cd43dd8448eb211c80319c', ...values }: SpanLike): LlmSpan {
  const start = Date.UTC(2026, 8, 1, 12) / 1_000
  const attributes = { ...values.attributes }
  return {
    name: values.name ?? 'chat gpt-4o-mini',
    kind: values.kind ?? 2,
    context: { traceId, spanId: 'b7ad6b7169203331' },
    attributes,
    events: values.events ?? [],
    startTime: [start, 250_000_000],
    endTime: [start + Math.floor(seconds), 250_000_000 + Math.round((seconds % 1) * 1e9)],
    status: values.status ?? { code: 0 },
    instrumentationScope: { name: values.scope ?? 'test' },
    isSampled: true,
    counts: undefined,
    call: readCall(attributes),
    own: () => attributes,
  }
}

export const chat: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
  'server.address': 'api.openai.com',
  'server.port': 443,
  'gen_ai.usage.input_tokens': 1_000,
  'gen_ai.usage.output_tokens': 100,
  'afn.llm.usage.source': 'provider',
}

export const priced: Attributes = {
  ...chat,
  'afn.llm.cost.total': 0.00021,
  'afn.llm.cost.input': 0.00015,
  'afn.llm.cost.output': 0.00006,
  'afn.llm.cost.currency': 'USD',
  'afn.llm.cost.source': 'local',
}
