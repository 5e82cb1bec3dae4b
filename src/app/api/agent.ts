// A run of an agent.
import {
  ATTR_GEN_AI_AGENT_DESCRIPTION,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_AGENT_VERSION,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../../semconv'
import { spanName } from '../llm/spans/operations'
import { slot } from '../runtime'
import { optionsOf } from './options-of'
import { inSpan } from './span'

export interface AgentOptions {
  /** As you call it; few values, since views group by it. */
  readonly name: string
  /** Its identifier in the store or the service that it comes from. Written with `AFN_SEMCONV_COMPAT=v1.41` alone, see `version`. */
  readonly id?: string
  /** What it is for. */
  readonly description?: string
  /** Since v0.1.0 of the conventions an agent of this process has neither version nor id. */
  readonly version?: string
}

/**
 * Runs `run` as one run of an agent: a span `invoke_agent {name}`. What is called inside, LLM calls and tools too, lies
 * under it and carries `gen_ai.agent.name`; of nested agents the inner one counts. Tokens and cost stay on the calls.
 *
 * A plain function stays synchronous. Of a promise, an async iterable or a generator the span ends when that does, and
 * what runs while it is read runs inside. A failure is recorded and thrown on unchanged. Before a start, or with the SDK
 * off, this only calls `run`.
 * @returns what `run` returns
 * @throws what `run` throws, and nothing else
 * @example
 * const answer = await withAgent('support', async () => {
 *   const found = await withRetrieval({ dataSource: 'handbook', query: question }, () => search(question))
 *   const { choices } = await openai.chat.completions.create({ model, messages: ask(question, found) })
 *   return choices[0].message.content
 * })
 */
export function withAgent<T>(agent: string | AgentOptions, run: () => T): T {
  const { name, id, description, version } = optionsOf(agent)
  return inSpan(
    {
      name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name),
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
        [ATTR_GEN_AI_AGENT_NAME]: name,
        [ATTR_GEN_AI_AGENT_DESCRIPTION]: description,
        ...(slot().runtime?.oldNames && { [ATTR_GEN_AI_AGENT_ID]: id, [ATTR_GEN_AI_AGENT_VERSION]: version }),
      },
      scope: { [ATTR_GEN_AI_AGENT_NAME]: name },
    },
    run,
  )
}
