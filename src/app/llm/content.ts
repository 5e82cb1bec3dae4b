// Writes message content as span attributes. Redaction happens later.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../semconv'
import { fit } from './bounded-content'
import { type Message, textPart } from './messages'
import type { Input } from './providers/protocol'

export function inputAttributes(input: Input): Attributes {
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: messages(input.messages),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: input.system?.length
      ? fit(input.system, count => textPart(`[${count} parts left out]`))
      : undefined,
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: input.tools?.length
      ? fit(input.tools.map(named), count => named({ type: 'left_out', count }))
      : undefined,
  }
}

/** Adds a name, which the schema of the conventions requires; the provider's built-in tools only have a type. */
function named(tool: unknown): unknown {
  const { name, type } = tool as { name?: unknown; type?: unknown }
  return typeof name === 'string' ? tool : { name: type, ...(tool as object) }
}

export function outputAttributes(output: Message[]): Attributes {
  return { [ATTR_GEN_AI_OUTPUT_MESSAGES]: messages(output.filter(message => message.parts.length > 0)) }
}

function messages(list: Message[]): string | undefined {
  if (list.length === 0) return undefined
  return fit(list, count => ({ role: 'system', parts: [textPart(`[${count} earlier messages left out]`)] }))
}
