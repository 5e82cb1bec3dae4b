// A run of a workflow.
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../../semconv'
import { spanName } from '../llm/spans/operations'
import { inSpan } from './span'

/**
 * Runs `run` as one run of a workflow, which calls agents, tools and models in an order of your own: a span
 * `invoke_workflow {name}`. Otherwise as `withAgent()`.
 * @param name few values, since views group by it
 * @returns what `run` returns
 * @throws what `run` throws, and nothing else
 * @example
 * const report = await withWorkflow('weekly report', async () => review(await draft(await collect())))
 */
export function withWorkflow<T>(name: string, run: () => T): T {
  return inSpan(
    {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW, name),
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
        [ATTR_GEN_AI_AGENT_NAME]: name,
      },
    },
    run,
  )
}
