// The attributes in which spans name their prompt: current ones, and those of LangFuse, OpenLLMetry and OpenInference. Our spans also get
// LangFuse's names: `langfuse/attributes.ts` renames them before export.
import {
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION,
} from '../../../../semconv'

/** The first one that is set counts. */
export const promptNames: readonly string[] = [
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME,
  'traceloop.prompt.key',
  'prompt.id',
]

/** Text or integers. The first one that is set counts. */
export const promptVersions: readonly string[] = [
  ATTR_GEN_AI_PROMPT_VERSION,
  ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION,
  'traceloop.prompt.version',
  'llm.prompt_template.version',
]
