// Results and the judges' own calls as OTLP, in the shape in which an app sends them: `recordEvaluation()` of a span that has ended, and
// the spans of `src/app/evaluate`.
import { createHash, randomBytes } from 'node:crypto'
import type { Attributes } from '@opentelemetry/api'
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'
import {
  AFN_LLM_PURPOSE_VALUE_EVALUATION,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_PURPOSE,
  ATTR_GEN_AI_RESPONSE_ID,
  EVENT_GEN_AI_EVALUATION_RESULT,
} from '../../../../semconv'
import type { Evaluator } from '../../../app/evaluate/evaluator'
import { evaluationAttributes } from '../../../app/llm/report/quality/evaluation-attributes'
import type { FoundCall } from '../../../backend/api/call-answers'
import { attributesToJson } from '../../../shared/otlp/json'
import { version } from '../../../shared/version'
import type { Result } from './journal'
import type { JudgeCall } from './judge-meter'
import type { PlannedResult } from './result-metrics'

/** A call of a model that judges. */
export interface AskedJudge {
  readonly call: FoundCall
  readonly evaluator: Evaluator
  readonly asked: JudgeCall
}

const scope = { name: '@afn/otel/evaluation', version }
const [INTERNAL, CLIENT, ERROR, SAMPLED] = [1, 3, 2, 1]

export function spansOf(results: readonly Result[], judges: readonly AskedJudge[]): object {
  const spans = [
    ...results.map(result => ({ service: result.call.service, span: spanOf(result) })),
    ...judges.flatMap(one => judgeSpans(one).map(span => ({ service: one.call.service, span }))),
  ]
  return { resourceSpans: grouped(spans, ({ span }) => span, 'scopeSpans', 'spans') }
}

export function logRecordsOf(results: readonly Result[]): object {
  return { resourceLogs: grouped(results.map(logged), ({ record }) => record, 'scopeLogs', 'logRecords') }
}

/** By service: a result is told to whose answer it is of. */
function grouped<One extends { readonly service: string }>(
  all: readonly One[],
  recordOf: (one: One) => object,
  inner: string,
  leaf: string,
): object[] {
  const services = new Set(all.map(({ service }) => service))
  return Array.from(services, service => ({
    resource: { attributes: attributesToJson({ [ATTR_SERVICE_NAME]: service }) },
    [inner]: [{ scope, [leaf]: all.filter(one => one.service === service).map(recordOf) }],
  }))
}

/** Dated to the end of the rated call, as in the process: a trace is as long as its spans. */
const nanosOf = (seconds: number): string => `${BigInt(Math.round(seconds * 1e6)) * 1_000n}`

function attributesOf({ call, judgement }: Result): Attributes {
  const responseId = call.attributes[ATTR_GEN_AI_RESPONSE_ID]
  return {
    ...evaluationAttributes(judgement),
    ...(typeof responseId === 'string' && { [ATTR_GEN_AI_RESPONSE_ID]: responseId }),
  }
}

function spanOf(result: Result): object {
  const { call, judgement } = result
  const at = nanosOf(call.end)
  return {
    traceId: call.traceId,
    spanId: spanIdOf(result),
    parentSpanId: call.spanId,
    name: `evaluate ${judgement.name}`,
    kind: INTERNAL,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    flags: SAMPLED,
    attributes: attributesToJson(attributesOf(result)),
  }
}

/** The same evaluator's result of the same call is the same span: a store that gets it again has it once. */
export function spanIdOf({ call, judgement: { name, evaluator } }: PlannedResult): string {
  const identity = [call.traceId, call.spanId, name, evaluator.name ?? '', evaluator.type ?? '']
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)
}

function logged(result: Result): { readonly service: string; readonly record: object } {
  const { call } = result
  return {
    service: call.service,
    record: {
      timeUnixNano: nanosOf(call.end),
      observedTimeUnixNano: nanosOf(Date.now() / 1_000),
      eventName: EVENT_GEN_AI_EVALUATION_RESULT,
      traceId: call.traceId,
      spanId: call.spanId,
      flags: SAMPLED,
      attributes: attributesToJson(attributesOf(result)),
    },
  }
}

/** In a trace of their own, since two models would have answered in that of the rated call. */
function judgeSpans({ call, evaluator: { name, evaluator }, asked }: AskedJudge): object[] {
  const traceId = randomBytes(16).toString('hex')
  const [judgeId, callId] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')]
  const purpose = { [ATTR_AFN_LLM_PURPOSE]: AFN_LLM_PURPOSE_VALUE_EVALUATION }
  const common = {
    traceId,
    startTimeUnixNano: nanosOf(asked.start),
    endTimeUnixNano: nanosOf(asked.end),
    flags: SAMPLED,
  }
  // not the name of the evaluation: what has that is taken for a result
  const judge = {
    ...purpose,
    [ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME]: evaluator.name,
    [ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE]: evaluator.type,
  }
  return [
    {
      ...common,
      spanId: judgeId,
      name: `judge ${name}`,
      kind: INTERNAL,
      links: [{ traceId: call.traceId, spanId: call.spanId }],
      attributes: attributesToJson(judge),
    },
    {
      ...common,
      spanId: callId,
      parentSpanId: judgeId,
      name: asked.name,
      kind: CLIENT,
      attributes: attributesToJson({ ...asked.attributes, ...purpose }),
      ...(asked.isFailed && { status: { code: ERROR } }),
    },
  ]
}
