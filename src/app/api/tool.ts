// A run of a tool.
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
} from '../../../semconv'
import { contentOf } from '../llm/bounded-content'
import { spanName } from '../llm/spans/operations'
import { optionsOf } from './options-of'
import { inSpan } from './span'

export interface ToolOptions {
  /** As the model knows it. */
  readonly name: string
  /** Of the call in the model's answer, so that the two are found together. */
  readonly callId?: string
  /** As the model gave them, parsed or as JSON. Recorded only with content capture on, redacted. */
  readonly arguments?: unknown
  readonly description?: string
  /** `function` (default), `extension` for what runs on the agent's side, `datastore` for what looks up data. */
  readonly type?: string
}

/**
 * Runs `run` as one run of a tool: a span `execute_tool {name}`. What it returns is recorded only with content capture on
 * (`AFN_CAPTURE_CONTENT`), redacted and cut to 64 KiB; of a stream it is not. Otherwise as `withAgent()`.
 * @returns what `run` returns
 * @throws what `run` throws, and nothing else
 * @example
 * for (const call of message.tool_calls) {
 *   const args = JSON.parse(call.function.arguments)
 *   const result = await withTool({ name: call.function.name, callId: call.id, arguments: args }, () => weather(args))
 *   messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(result) })
 * }
 */
export function withTool<T>(tool: string | ToolOptions, run: () => T): T {
  const { name, callId, arguments: args, description, type = 'function' } = optionsOf(tool)
  return inSpan(
    {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, name),
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
        [ATTR_GEN_AI_TOOL_NAME]: name,
        [ATTR_GEN_AI_TOOL_CALL_ID]: callId,
        [ATTR_GEN_AI_TOOL_DESCRIPTION]: description,
        [ATTR_GEN_AI_TOOL_TYPE]: type,
      },
      content: {
        input: () => ({ [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: contentOf(args) }),
        output: result => ({ [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(result) }),
      },
    },
    run,
  )
}
