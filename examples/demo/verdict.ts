// Holds what was received against what had to come. Called by main.ts.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
} from '../../semconv'
import { modelOperations } from '../../src/app/llm/spans/operations'
import { type Decision, decide, type TierSpan, type TraceTier } from '../../src/shared/tiers'
import type { Talked } from './conversations'
import type { Received } from './receive'
import { masksOf, spansByTrace } from './traces'

/** One call of a provider, as its span tells it. */
export interface Call {
  readonly model: string
  readonly status: number
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly costUsd: number | undefined
  /** Seconds. */
  readonly firstToken: number | undefined
}

export interface Verdict {
  readonly talked: Talked
  readonly decision: Decision | undefined
  readonly calls: readonly Call[]
  readonly masks: ReadonlyMap<string, number>
  /** What differs from what had to come. */
  readonly problems: readonly string[]
}

/** That answer. What a tool of the agent asks for is no answer. */
const answering = modelOperations.filter(name => name !== GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS)

/** A line of examples/chat/recordings/expected.jsonl. */
interface Expected {
  readonly id: string
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number
}

export function judge(talked: readonly Talked[], received: Received, app: string): Verdict[] {
  const lines = readFileSync(path.join(app, 'recordings/expected.jsonl'), 'utf8').trim().split('\n')
  const expected = lines.map(line => JSON.parse(line) as Expected)
  const spans = spansByTrace(received.traces)
  return talked.map(one => {
    const own = (one.traceId && spans.get(one.traceId)) || []
    const found = {
      talked: one,
      decision: own.length ? decided(own, received.tiers?.get(own[0]!.traceId)) : undefined,
      // the agent's own span repeats what its calls used
      calls: own.filter(span => answering.includes(span.attributes[ATTR_GEN_AI_OPERATION_NAME] as string)).map(callOf),
      masks: masksOf(received, one.traceId),
    }
    const recorded = expected.find(({ id }) => id === one.conversation.name)
    return { ...found, problems: one.traceId ? problemsOf(found, recorded) : [] }
  })
}

/** Where the Collector has decided, its tier counts; which policy it was, only decide() can say. */
function decided(spans: readonly TierSpan[], byCollector: TraceTier | undefined): Decision {
  const { tier, reason } = decide(spans)
  return { tier: byCollector ?? tier, reason }
}

function callOf({ attributes }: TierSpan): Call {
  return {
    model: (attributes[ATTR_GEN_AI_RESPONSE_MODEL] ?? attributes[ATTR_GEN_AI_REQUEST_MODEL]) as string,
    status: attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] as number,
    inputTokens: attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] as number | undefined,
    outputTokens: attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] as number | undefined,
    costUsd: attributes[ATTR_AFN_LLM_COST_TOTAL] as number | undefined,
    firstToken: attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] as number | undefined,
  }
}

function problemsOf({ talked, decision, calls, masks }: Omit<Verdict, 'problems'>, recorded?: Expected): string[] {
  const { conversation, live } = talked
  if (!decision) return ['no span of it was received']
  const problems: string[] = []
  const hold = (ok: boolean, problem: string) => {
    if (!ok) problems.push(problem)
  }
  if (live) {
    const answered = calls.filter(({ status }) => status === 200)
    hold(answered.length > 0, 'no call that the provider answered')
    for (const { model, inputTokens, outputTokens, costUsd } of answered) {
      hold(Boolean(inputTokens && outputTokens), 'no tokens')
      hold(costUsd !== undefined, `no price for ${model}`)
    }
  } else {
    const [is, should] = [decision, conversation.decision].map(tierText)
    hold(is === should, `${is}, not ${should}`)
    hold(calls.length === conversation.calls, `${calls.length} calls of the provider, not ${conversation.calls}`)
    for (const { inputTokens, outputTokens, costUsd } of calls) {
      hold(inputTokens === recorded?.inputTokens, `${inputTokens} input tokens, not ${recorded?.inputTokens}`)
      hold(outputTokens === recorded?.outputTokens, `${outputTokens} output tokens, not ${recorded?.outputTokens}`)
      hold(sameCost(costUsd, recorded?.costUsd), `costs ${costUsd} USD, not ${recorded?.costUsd}`)
    }
  }
  const firstTokenTold = calls.some(({ firstToken = 0 }) => firstToken > 0)
  hold(firstTokenTold || !conversation.stream, 'no time to first token')
  // Else nothing would leak because nothing was there.
  for (const { tag, what } of conversation.planted) hold(masks.has(tag), `no [${tag}] where ${what} was`)
  return problems
}

/** Sums of doubles differ in the last digit. */
function sameCost(cost: number | undefined, expected: number | undefined): boolean {
  if (cost === undefined || expected === undefined) return cost === expected
  return Math.abs(cost - expected) < 1e-12
}

export const tierText = ({ tier, reason }: Decision): string => `${tier} (${reason})`
