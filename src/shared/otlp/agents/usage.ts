// What a call used, counted as the conventions count: cached tokens are a part of the input, reasoning is a part of the output.
import {
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../../semconv'
import type { AttributeList } from './attributes'
import type { Counts } from './dialect'

/** @returns by name of the attribute; without those that the agent does not tell */
export function usageOf(said: AttributeList, counts: Counts): Record<string, number> {
  const [prompt, answer, total] = [said.number(counts.input), said.number(counts.output), said.number(counts.total)]
  const [read, written] = [said.number(counts.cacheRead), said.number(counts.cacheWrite)]
  const tools = said.number(counts.toolUse) ?? 0
  const cached = counts.leavesOutCached ? (read ?? 0) + (written ?? 0) : 0
  const input = prompt === undefined ? undefined : prompt + cached + tools
  const output = total !== undefined && input !== undefined && total >= input ? total - input : answer
  const all = {
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: input,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: output,
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: read,
    [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: written,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: said.number(counts.reasoning),
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, number] => entry[1] !== undefined))
}
