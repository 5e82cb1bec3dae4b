// The first stage before export: translates spans of other conventions to current names.
import {
  ATTR_AFN_LLM_USAGE_ROLLUP,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SERVER_ADDRESS,
  GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
} from '../../../../semconv'
import { hasUsage } from '../usage'
import type { nameProvider, Options, translate } from './dialects/index'
import { dialectsOf, operationOf } from './recognise'
import type { LlmSpan, Stage } from './span'

/**
 * Operations that contain calls; `agent_step` is the AI SDK's. A dialect's span without an operation (`ai.embed`) is also treated as one.
 */
const structure: ReadonlySet<string | undefined> = new Set([
  GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_PLAN,
  'agent_step',
  undefined,
])

interface Readers {
  readonly translate: typeof translate
  readonly nameProvider: typeof nameProvider
}

/** @param load loads the readers of the dialects, once */
export function createNormalise(options: Options, load: () => Readers): Stage {
  return span => {
    const { attributes } = span
    // a span with usage attached was written by us alone
    const spoken = span.counts ? undefined : dialectsOf(attributes, span.instrumentationScope.name)
    if (spoken) load().translate(span, spoken, { ...options, content: options.content && span.isSampled })
    else if (
      attributes[ATTR_GEN_AI_OPERATION_NAME] !== undefined &&
      attributes[ATTR_GEN_AI_PROVIDER_NAME] === undefined &&
      attributes[ATTR_SERVER_ADDRESS] !== undefined
    )
      load().nameProvider(span)
    if (span.attributes[ATTR_GEN_AI_WORKFLOW_NAME] !== undefined) nameWorkflow(span, options)
    if (hasUsage(span.attributes) && structure.has(operationOf(span.attributes)))
      span.own()[ATTR_AFN_LLM_USAGE_ROLLUP] = true
  }
}

/** v1.41 had a name for workflows; libraries also set it on spans inside of one, for which there is no replacement. */
function nameWorkflow(span: LlmSpan, { keepOriginals }: Options): void {
  if (operationOf(span.attributes) !== GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW) return
  const own = span.own()
  own[ATTR_GEN_AI_AGENT_NAME] ??= own[ATTR_GEN_AI_WORKFLOW_NAME]
  if (!keepOriginals) delete own[ATTR_GEN_AI_WORKFLOW_NAME]
}
