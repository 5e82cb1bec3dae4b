// Spans that a provider makes of its own side of a call, and delivers beside the app's: they have the tokens of the app's span again.
import { ATTR_AFN_LLM_USAGE_ROLLUP, ATTR_GEN_AI_OPERATION_NAME } from '../../../semconv'
import type { AnyValue } from './any-value'
import { CLAUDE_PLATFORM } from './inside-of-call'
import type { Document } from './schema'

interface Attribute {
  readonly key?: string
  readonly value?: AnyValue
}

/** Whether it may hold such spans, which costs one look through the bytes. */
export const mayBeProviderSide = (request: Buffer): boolean => request.includes(CLAUDE_PLATFORM)

/** Marks them in a request of traces, in place: they repeat what the app's own spans report, and are no calls besides. */
export function markProviderSide({ resourceSpans }: Document): void {
  for (const { scopeSpans } of lists(resourceSpans))
    for (const { scope, spans } of lists(scopeSpans)) {
      if ((scope as Document | undefined)?.name !== CLAUDE_PLATFORM) continue
      for (const span of lists(spans)) {
        const attributes = lists(span.attributes) as readonly Attribute[]
        if (attributes.some(isOfModel)) span.attributes = [...attributes.filter(isNotMark), mark]
      }
    }
}

const mark: Attribute = { key: ATTR_AFN_LLM_USAGE_ROLLUP, value: { boolValue: true } }
const isNotMark = ({ key }: Attribute): boolean => key !== ATTR_AFN_LLM_USAGE_ROLLUP
const isOfModel = ({ key = '' }: Attribute): boolean =>
  key === ATTR_GEN_AI_OPERATION_NAME || key.startsWith('gen_ai.usage.')

const lists = (value: unknown): readonly Document[] => (Array.isArray(value) ? value : [])
