// Content in the places where LangFuse looks for it. Called by `stage.ts`; what content may leave at all is the redactor's.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../../semconv'
import { OBSERVATION_INPUT, OBSERVATION_OUTPUT } from './names'

const RETRIEVAL_QUERY = 'gen_ai.retrieval.query.text'
const RETRIEVAL_DOCUMENTS = 'gen_ai.retrieval.documents'

const structured = [
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  RETRIEVAL_DOCUMENTS,
]

/** Structured values of foreign spans would arrive as `{"kvlistValue":…}`. */
export function stringify(own: Attributes): void {
  for (const key of structured) {
    const value: unknown = own[key]
    if (typeof value === 'object' && value !== null) own[key] = JSON.stringify(value)
  }
}

/** It takes input and output as a pair: one of them under its own name hides the other under ours. */
export function pairContent(own: Attributes): void {
  const pair = pairOf(own)
  const isPaired = own[OBSERVATION_INPUT] !== undefined || own[OBSERVATION_OUTPUT] !== undefined
  if (!pair || !(isPaired || pair.always)) return
  if (pair.input !== undefined) own[OBSERVATION_INPUT] ??= pair.input
  if (pair.output !== undefined) own[OBSERVATION_OUTPUT] ??= pair.output
}

interface Pair {
  readonly input: Attributes[string]
  readonly output: Attributes[string]
  /** LangFuse finds them under no other name. */
  readonly always: boolean
}

function pairOf(own: Attributes): Pair | undefined {
  if (own[RETRIEVAL_QUERY] !== undefined || own[RETRIEVAL_DOCUMENTS] !== undefined) {
    return { input: own[RETRIEVAL_QUERY], output: own[RETRIEVAL_DOCUMENTS], always: true }
  }
  if (own[ATTR_GEN_AI_EVALUATION_NAME] !== undefined) {
    const output = {
      score: own[ATTR_GEN_AI_EVALUATION_SCORE_VALUE],
      label: own[ATTR_GEN_AI_EVALUATION_SCORE_LABEL],
      outcome: own[ATTR_AFN_LLM_EVALUATION_OUTCOME] ?? AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED,
    }
    return { input: own[ATTR_GEN_AI_EVALUATION_NAME], output: JSON.stringify(output), always: true }
  }
  const [input, output] = [own[ATTR_GEN_AI_INPUT_MESSAGES], own[ATTR_GEN_AI_OUTPUT_MESSAGES]]
  return input === undefined && output === undefined ? undefined : { input, output, always: false }
}
