// The names under which spans say which prompt they used: today's, and those that LangFuse, OpenLLMetry and OpenInference have.
// Ours stand under LangFuse's names as well: `langfuse/attributes.ts` moves them there on the way out.
import {
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION,
} from '../../../../semconv'

/** The first that is there counts. */
export const promptNames: readonly string[] = [
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME,
  'traceloop.prompt.key',
  'prompt.id',
]

/** Texts, or whole numbers. The first that is there counts. */
export const promptVersions: readonly string[] = [
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION,
  'traceloop.prompt.version',
  'llm.prompt_template.version',
]
