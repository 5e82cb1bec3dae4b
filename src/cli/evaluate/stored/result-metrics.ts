// The metrics of a run's results as OTLP: those of an app that evaluates, with what the run has counted since it began.
import type { Attributes } from '@opentelemetry/api'
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'
import {
  AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL,
  AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS,
  ATTR_GEN_AI_REQUEST_MODEL,
} from '../../../../semconv'
import { createEvaluationMetrics } from '../../../app/llm/report/quality/evaluation-metrics'
import type { Judgement } from '../../../app/llm/report/quality/judgement'
import { text } from '../../../app/llm/wire/json'
import { attributesToJson } from '../../../shared/otlp/json'
import { version } from '../../../shared/version'
import { Aggregates } from './aggregates'
import type { JournalHead, Result } from './journal'

/** A result that is to come. */
export interface PlannedResult extends Pick<Result, 'call'> {
  readonly judgement: Pick<Judgement, 'name' | 'evaluator'>
}

const scope = { name: '@afn/otel', version }
/** The conventions have it as one of development. */
const ATTR_SERVICE_INSTANCE_ID = 'service.instance.id'
const OUTCOMES = [AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS, AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL]

export class ResultMetrics {
  readonly #services = new Map<string, { aggregates: Aggregates; count: ReturnType<typeof createEvaluationMetrics> }>()
  readonly #expected = new Set<string>()
  #newest = 0

  constructor(private readonly head: Pick<JournalHead, 'instance' | 'start'>) {}

  add(results: readonly Result[]): void {
    for (const { call, judgement } of results) this.#of(call).count(judgement, modelOf(call))
  }

  /**
   * Begins the series at 0: a counter that begins with a number has no rise to it.
   * @returns whether there are new ones
   */
  expect(planned: readonly PlannedResult[]): boolean {
    const before = this.#expected.size
    for (const { call, judgement } of planned) {
      const key = JSON.stringify([call.service, judgement.name, judgement.evaluator.type, modelOf(call)])
      if (this.#expected.has(key)) continue
      this.#expected.add(key)
      const { aggregates, count } = this.#of(call)
      for (const outcome of OUTCOMES)
        aggregates.withoutCounting(() => count({ ...UNRATED, ...judgement, outcome }, modelOf(call)))
    }
    return this.#expected.size > before
  }

  /** All that was counted, as `ExportMetricsServiceRequest`. */
  request(): object {
    // of one millisecond a series has one value
    this.#newest = Math.max(Date.now(), this.#newest + 1)
    const { instance, start } = this.head
    const times = { startTimeUnixNano: `${start}000000`, timeUnixNano: `${this.#newest}000000` }
    return {
      resourceMetrics: Array.from(this.#services, ([service, { aggregates }]) => ({
        resource: {
          attributes: attributesToJson({ [ATTR_SERVICE_NAME]: service, [ATTR_SERVICE_INSTANCE_ID]: instance }),
        },
        scopeMetrics: [{ scope, metrics: aggregates.metrics(times) }],
      })),
    }
  }

  #of({ service }: Result['call']) {
    const known = this.#services.get(service)
    if (known) return known
    const aggregates = new Aggregates()
    const made = { aggregates, count: createEvaluationMetrics(aggregates) }
    this.#services.set(service, made)
    return made
  }
}

const UNRATED = { score: { value: 0, min: 0, max: 1, normalized: 0 }, threshold: undefined, label: undefined, explanation: undefined } // biome-ignore format: one line

const modelOf = ({ attributes }: { readonly attributes: Readonly<Attributes | Result['call']['attributes']> }) =>
  text(attributes[ATTR_GEN_AI_REQUEST_MODEL])
