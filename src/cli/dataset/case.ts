// A case of a dataset: one question to a model, what it answered, what it should answer, and where that is from.
import { createHash } from 'node:crypto'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../semconv'
import { contentOnSpan, textOf } from '../../app/evaluate/describe-call'
import type { Message, Part } from '../../app/llm/messages'
import { text } from '../../app/llm/wire/json'
import type { CallEvaluation, FoundCall } from '../../backend/api/call-answers'
import type { PlainValue } from '../../shared/otlp/any-value'
import { sortedJson } from '../../shared/sorted-json'
import { version } from '../../shared/version'

export interface Score {
  /** What was rated. */
  readonly name: string
  readonly evaluator: string | null
  /** human, llm or code. */
  readonly type: string | null
  /** From 0 to 1, or on the evaluator's own scale where only the evaluator knows it. */
  readonly score: number | null
  readonly scale: CallEvaluation['scale']
  readonly label: string | null
  readonly verdict: CallEvaluation['verdict']
  readonly explanation: string | null
}

export interface Provenance {
  readonly traceId: string
  readonly spanId: string
  readonly time: string
  readonly service: string
  readonly serviceVersion: string | null
  readonly query: string
  /** The package that wrote the line. */
  readonly writtenBy: string
  /** Other calls with the same input, which are left out. */
  readonly duplicates: number
}

export interface DatasetCase {
  /** A digest of the input: the same input has the same one in every dataset. */
  readonly id: string
  readonly provider: string | null
  readonly model: string | null
  readonly operation: string | null
  readonly agent: string | null
  /** `gen_ai.request.*` by what follows, such as `temperature`. */
  readonly parameters: Readonly<Record<string, PlainValue>>
  readonly system: readonly Part[]
  /** In the shape of the GenAI conventions, as are the other messages. */
  readonly messages: readonly Message[]
  readonly tools: readonly unknown[]
  readonly output: readonly Message[]
  /** A person's correction, or else the answer where nobody failed it. */
  readonly expected: string | null
  readonly expectedFrom: 'correction' | 'answer' | null
  readonly scores: readonly Score[]
  readonly provenance: Provenance
}

/** Masks what must not leave. */
export type Redact = (key: string, value: unknown) => unknown

/** The evaluation by which a person says what the answer should have been. */
const CORRECTION = 'correction'
const PARAMETERS = 'gen_ai.request.'
/** What is no parameter of the model: it has a place of its own, or is only how the answer is sent. */
const noParameters: ReadonlySet<string> = new Set([ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_REQUEST_STREAM])

/** @returns why there is none: the call has no content, or it is not all there */
export function caseOf(call: FoundCall, query: string, redact: Redact): DatasetCase | 'no content' | 'cut' {
  if (call.inputMessages === null) return 'no content'
  const content = contentOnSpan({
    [ATTR_GEN_AI_INPUT_MESSAGES]: call.inputMessages,
    [ATTR_GEN_AI_OUTPUT_MESSAGES]: call.outputMessages ?? '[]',
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: call.systemInstructions ?? '[]',
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: call.toolDefinitions ?? '[]',
  })!()
  if (content.messages.length === 0 || [call.outputMessages, call.systemInstructions, call.toolDefinitions].some(isCut))
    return 'cut'
  const masked = <Value>(key: string, value: Value): Value => redact(key, value) as Value
  const { attributes } = call
  const input = {
    provider: text(attributes[ATTR_GEN_AI_PROVIDER_NAME]) ?? null,
    model: text(attributes[ATTR_GEN_AI_REQUEST_MODEL]) ?? null,
    operation: text(attributes[ATTR_GEN_AI_OPERATION_NAME]) ?? null,
    agent: masked(ATTR_GEN_AI_AGENT_NAME, text(attributes[ATTR_GEN_AI_AGENT_NAME]) ?? null),
    parameters: parametersOf(attributes, redact),
    system: masked(ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, content.system ?? []),
    messages: masked(ATTR_GEN_AI_INPUT_MESSAGES, content.messages),
    tools: masked(ATTR_GEN_AI_TOOL_DEFINITIONS, content.tools ?? []),
  }
  const output = masked(ATTR_GEN_AI_OUTPUT_MESSAGES, content.output)
  const scores = call.evaluations.map(evaluation => scoreOf(evaluation, redact))
  return {
    id: createHash('sha256').update(sortedJson(input)).digest('hex').slice(0, 16),
    ...input,
    output,
    ...expectedOf(call.isFailed ? '' : textOf(output[0]?.parts ?? []), scores),
    scores,
    provenance: {
      traceId: call.traceId,
      spanId: call.spanId,
      time: new Date(call.start * 1_000).toISOString(),
      service: masked('service.name', call.service),
      serviceVersion: call.serviceVersion,
      query: masked('query', query),
      writtenBy: `@afn/otel ${version}`,
      duplicates: 0,
    },
  }
}

/** JSON that a limit has cut is none. */
export function isCut(json: string | null): boolean {
  if (json === null) return false
  try {
    return !Array.isArray(JSON.parse(json))
  } catch {
    return true
  }
}

function parametersOf(attributes: FoundCall['attributes'], redact: Redact): DatasetCase['parameters'] {
  const parameters = Object.entries(attributes).filter(([key]) => key.startsWith(PARAMETERS) && !noParameters.has(key))
  return Object.fromEntries(
    parameters.map(([key, value]) => [key.slice(PARAMETERS.length), redact(key, value) as PlainValue]),
  )
}

function scoreOf(evaluation: CallEvaluation, redact: Redact): Score {
  const { evaluator, score, scale, label, verdict, explanation } = evaluation
  return {
    name: evaluation.evaluation,
    evaluator: redact('evaluator', evaluator.name) as string | null,
    type: evaluator.type,
    score,
    scale,
    label: redact('label', label) as string | null,
    verdict,
    explanation: redact('explanation', explanation) as string | null,
  }
}

/**
 * What people say of an answer counts more than what evaluators do.
 * @param answer empty where the call failed, which may have cut it off
 */
function expectedOf(answer: string, scores: readonly Score[]): Pick<DatasetCase, 'expected' | 'expectedFrom'> {
  const correction = scores.findLast(
    ({ name, type, explanation }) => name === CORRECTION && type === 'human' && explanation,
  )
  if (correction) return { expected: correction.explanation, expectedFrom: 'correction' }
  const rated = scores.filter(({ verdict }) => verdict !== 'unrated')
  const people = rated.filter(({ type }) => type === 'human')
  const isFailed = (people.length > 0 ? people : rated).some(({ verdict }) => verdict === 'fail')
  return answer === '' || isFailed
    ? { expected: null, expectedFrom: null }
    : { expected: answer, expectedFrom: 'answer' }
}
