// What chat and text completions of OpenAI's shape have in common: parameters of the request, and the order of the answers.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
} from '../../../../semconv'
import { count, type Doc, docs, integer, number, texts } from '../../observe/wire/json'

export const parameterFields = {
  n: true,
  max_tokens: true,
  max_completion_tokens: true,
  temperature: true,
  top_p: true,
  top_k: true,
  stop: true,
  frequency_penalty: true,
  presence_penalty: true,
  seed: true,
} as const

export function parameters(params: Doc): Attributes {
  const choices = choiceCount(params)
  return {
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: count(params.max_completion_tokens) ?? count(params.max_tokens),
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: number(params.temperature),
    [ATTR_GEN_AI_REQUEST_TOP_P]: number(params.top_p),
    [ATTR_GEN_AI_REQUEST_TOP_K]: integer(params.top_k),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: texts(params.stop),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: number(params.frequency_penalty),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: number(params.presence_penalty),
    [ATTR_GEN_AI_REQUEST_SEED]: integer(params.seed),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices === 1 ? undefined : choices,
  }
}

export function choiceCount(params: Doc): number {
  return count(params.n) ?? 1
}

export function inOrder(answer: Doc): Doc[] {
  return docs(answer.choices).sort((a, b) => (count(a.index) ?? 0) - (count(b.index) ?? 0))
}

// Azure OpenAI names a deployment in the path; it is then the only name that the request has.

const DEPLOYMENT = /\/openai\/deployments\/([^/]+)\//

export function deploymentOf(url: URL): string | undefined {
  const name = DEPLOYMENT.exec(url.pathname)?.[1]
  if (name === undefined) return undefined
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
