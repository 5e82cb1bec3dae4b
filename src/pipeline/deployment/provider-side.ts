// What a provider sends of its own side of a call: marked as a repetition, as `afn-otel up` does on arrival.
import { ATTR_AFN_LLM_USAGE_ROLLUP, ATTR_GEN_AI_OPERATION_NAME } from '../../../semconv'
import { CLAUDE_PLATFORM } from '../../shared/otlp/inside-of-call'
import type { Section } from './yaml-comments'

const ofModel = `span.attributes["${ATTR_GEN_AI_OPERATION_NAME}"] != nil or span.attributes["gen_ai.usage.input_tokens"] != nil or span.attributes["gen_ai.usage.output_tokens"] != nil`

/** One of the statements of a transform processor on traces. */
export const providerSideStatements = (): Section => ({
  conditions: [`scope.name == "${CLAUDE_PLATFORM}"`],
  statements: [`set(span.attributes["${ATTR_AFN_LLM_USAGE_ROLLUP}"], true) where ${ofModel}`],
})
