// The first step on the way out: a span that is written in another convention gets today's names.
import {
  ATTR_AFN_LLM_USAGE_ROLLUP,
  GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
} from '../../../semconv'
import { hasUsage } from '../usage'
import type { Options, translate } from './dialects/index'
import { dialectsOf, operationOf } from './operations'
import type { Stage } from './span'

/** What has calls below it; `agent_step` is the AI SDK's. A dialect's span of no kind is such a one too (`ai.embed`). */
const structure: ReadonlySet<string | undefined> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
  'agent_step',
  undefined,
])

/** @param load loads the readers of the dialects, once */
export function createNormalise(options: Options, load: () => { translate: typeof translate }): Stage {
  return span => {
    const spoken = dialectsOf(span.attributes, span.instrumentationScope.name)
    if (spoken) load().translate(span, spoken, { ...options, content: options.content && span.isSampled })
    if (hasUsage(span.attributes) && structure.has(operationOf(span.attributes)))
      span.own()[ATTR_AFN_LLM_USAGE_ROLLUP] = true
  }
}
