// What a call of a coding agent costs and who charges for it: statements over the prices of `agent-prices/table.ts`.
import {
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv'
import { providers } from '../../shared/otlp/agents/providers'
import { agentPrices } from './agent-prices/table'

const quoted = (text: string): string => JSON.stringify(text)

/** @param context of the statements, such as `span` @param isCall a condition */
export function chargeStatements(context: 'span' | 'log', isCall: string): string[] {
  const at = (key: string) => `${context}.attributes[${quoted(key)}]`
  const cached = (key: string) => `${context}.cache[${quoted(key)}]`
  const [prices, model, rates] = [cached('prices'), cached('model'), cached('rates')]
  const rate = (n: number) => `${context}.cache["rates"][${n}]`
  const tokens = (key: string, name: string) => [
    `set(${cached(name)}, 0.0) where ${rates} != nil`,
    `set(${cached(name)}, Double(${at(key)})) where ${rates} != nil and ${at(key)} != nil`,
  ]
  const input = `((${cached('in')} - ${cached('read')} - ${cached('written')}) * ${rate(0)} + ${cached('read')} * ${rate(2)} + ${cached('written')} * ${rate(3)}) / 1000000.0`
  const output = `${cached('out')} * ${rate(1)} / 1000000.0`
  const isPriced = `${rates} != nil and ${at(ATTR_GEN_AI_USAGE_INPUT_TOKENS)} != nil and ${at(ATTR_AFN_LLM_COST_TOTAL)} == nil and ${cached('in')} <= ${rate(4)}`
  const [provider, requested] = [at(ATTR_GEN_AI_PROVIDER_NAME), at(ATTR_GEN_AI_REQUEST_MODEL)]
  return [
    // Copilot sells models of others, at their prices
    ...providers.map(
      ([name, models]) =>
        `set(${provider}, ${quoted(name)}) where ${isCall} and (${provider} == nil or ${provider} == "github") and IsMatch(${requested}, ${quoted(`(?i)${models.source.replaceAll('\\/', '/')}`)})`,
    ),
    // the model as the table has it is in the cache under `model`, its rates under `rates`
    `set(${model}, ${requested}) where ${isCall}`,
    // the size of the context, the place of a provider, the date of a version
    `replace_pattern(${model}, "\\\\[\\\\d+[km]\\\\]$|[-@](?:\\\\d{8}|\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d)$", "") where ${model} != nil`,
    `set(${prices}, ParseJSON(${quoted(JSON.stringify(agentPrices))})) where ${model} != nil`,
    `set(${rates}, ${prices}[${model}]) where ${model} != nil`,
    ...tokens(ATTR_GEN_AI_USAGE_INPUT_TOKENS, 'in'),
    ...tokens(ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, 'out'),
    ...tokens(ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, 'read'),
    ...tokens(ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, 'written'),
    `set(${at(ATTR_AFN_LLM_COST_CURRENCY)}, "USD") where ${isPriced}`,
    `set(${at(ATTR_AFN_LLM_COST_SOURCE)}, "local") where ${isPriced}`,
    `set(${at(ATTR_AFN_LLM_COST_INPUT)}, ${input}) where ${isPriced}`,
    `set(${at(ATTR_AFN_LLM_COST_OUTPUT)}, ${output}) where ${isPriced}`,
    `set(${at(ATTR_AFN_LLM_COST_TOTAL)}, ${at(ATTR_AFN_LLM_COST_INPUT)} + ${at(ATTR_AFN_LLM_COST_OUTPUT)}) where ${isPriced}`,
  ]
}
