// Mastra's OpenTelemetry bridge and exporter, which use current names except for the input and output of agents, steps and workflows. Based
// on @mastra/otel-bridge and @mastra/otel-exporter of @mastra/core 1.71.
import type { Attributes } from '@opentelemetry/api'
import { inputAttributes, outputAttributes } from '../../content'
import { textMessages } from '../../messages'
import { doc, parsed, text } from '../../wire/json'
import type { LlmSpan } from '../span'
import type { Dialect } from './dialect'

export const mastra: Dialect = {
  name: 'mastra',
  fields: [],
  counts: [],
  content,
  own: [],
  ownContent: /^mastra\.\w+\.(?:input|output)$/,
}

function content({ attributes }: LlmSpan): Attributes {
  const type = String(attributes['mastra.span.type'])
  if (type !== 'agent_run') return {}
  const [input, output] = [text(attributes[`mastra.${type}.input`]), text(attributes[`mastra.${type}.output`])]
  return {
    ...inputAttributes({ messages: textMessages('user', input) }),
    ...outputAttributes(textMessages('assistant', doc(parsed(output ?? ''))?.text ?? output)),
  }
}
