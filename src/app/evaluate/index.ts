// Chunk `evaluators`: all that judges in the process, loaded where a file names evaluators or the app adds one.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  type Attributes,
  type Context,
  type Counter,
  context as contexts,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import {
  AFN_LLM_PURPOSE_VALUE_EVALUATION,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_PURPOSE,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  METRIC_AFN_LLM_EVALUATION_COST,
  METRIC_OPTIONS_AFN_LLM_EVALUATION_COST,
} from '../../../semconv'
import { workingDirectory } from '../../shared/config/entry'
import type { Status } from '../../shared/diag/status'
import { nextTurn } from '../../shared/otlp/turns'
import type { Redactor } from '../../shared/redact'
import { version } from '../../shared/version'
import type { EvaluationHook } from '../llm/answered'
import { readEvaluators } from './config/file'
import { evaluatorOf } from './config/read'
import { createEvaluations, type EvaluationsOptions } from './evaluations'
import type { Evaluator } from './evaluator'
import type { Means } from './means'

export interface EvaluatorsOptions extends Pick<EvaluationsOptions, 'record' | 'steps'> {
  readonly report: (code: 'AFN173' | 'AFN174', message: string) => void
  readonly redactor: Pick<Redactor, 'text' | 'ahead'>
  readonly spans: {
    readonly evaluation: EvaluationHook
    /** From now on these stand on each span of the trace that `context` is in. */
    identify(context: Context, attributes: Attributes): unknown
  }
  readonly status: Pick<Status, 'evaluators'>
}

export interface Evaluators {
  /** Those of a file; each mistake is told with its place. */
  addFile(file: string, yaml: Parameters<typeof readEvaluators>[1]): void
  /** One of the app's own. */
  addOne(given: unknown): void
}

const SCOPE = '@afn/otel/evaluation'
/** Traces of judges at work; more at once have no name in the metric. */
const MOST = 256

export function createEvaluators(options: EvaluatorsOptions): Evaluators {
  const { record, steps, report, spans } = options
  const means: Means = { redact: text => inPieces(options.redactor, text), environment: process.env }
  const onMistake = (mistake: string) => report('AFN173', mistake)
  /** The name of the evaluation that a trace is work of. */
  const names = new Map<string, string>()
  let cost: Counter | undefined

  const evaluations = createEvaluations({
    record,
    steps,
    onProblem: problem => report('AFN174', problem),
    inEvaluation(evaluator, judged, run) {
      const span = trace
        .getTracer(SCOPE, version)
        .startSpan(
          `judge ${evaluator.name}`,
          { kind: SpanKind.INTERNAL, root: true, links: [{ context: judged }], attributes: attributesOf(evaluator) },
          ROOT_CONTEXT,
        )
      const inside = trace.setSpan(ROOT_CONTEXT, span)
      spans.identify(inside, { [ATTR_AFN_LLM_PURPOSE]: AFN_LLM_PURPOSE_VALUE_EVALUATION })
      if (names.size >= MOST) names.delete(names.keys().next().value!)
      names.set(span.spanContext().traceId, evaluator.name)
      const end = () => span.end()
      try {
        const result = contexts.with(inside, run)
        if (result instanceof Promise) result.then(end, end)
        else end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    isOwn(span) {
      if (span.attributes[ATTR_AFN_LLM_PURPOSE] !== AFN_LLM_PURPOSE_VALUE_EVALUATION) return false
      const { call, context } = span
      const total = call?.isModelCall && call.cost?.currency === 'USD' ? call.cost.total : undefined
      if (typeof total !== 'number') return true
      cost ??= metrics
        .getMeter(SCOPE, version)
        .createCounter(METRIC_AFN_LLM_EVALUATION_COST, METRIC_OPTIONS_AFN_LLM_EVALUATION_COST)
      cost.add(total, {
        [ATTR_GEN_AI_EVALUATION_NAME]: names.get(context.traceId) ?? 'other',
        [ATTR_GEN_AI_PROVIDER_NAME]: call?.provider,
        [ATTR_GEN_AI_REQUEST_MODEL]: call?.requestModel,
      })
      return true
    },
  })

  function add(evaluator: Evaluator, where: string): void {
    try {
      evaluations.add(evaluator)
    } catch (error) {
      onMistake(`${where}: ${(error as Error).message}`)
    }
  }

  const { choose, ended, flush, end } = evaluations
  Object.assign(spans.evaluation, { choose, ended, flush, end })
  options.status.evaluators = evaluations.counts
  return {
    addFile(file, yaml) {
      let text: string
      try {
        text = readFileSync(path.resolve(workingDirectory(), file), 'utf8')
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        return onMistake(`${file} can't be read (${code}); correct AFN_EVALUATORS or the file's permissions`)
      }
      const { evaluators, mistakes } = readEvaluators(text, yaml, means)
      for (const mistake of mistakes) onMistake(`${file}:${mistake}`)
      for (const evaluator of evaluators) add(evaluator, file)
    },
    addOne(given) {
      const { evaluator, problems } = evaluatorOf(given, [], means)
      for (const { message } of problems) onMistake(`addEvaluator(): ${message}`)
      if (evaluator) add(evaluator, 'addEvaluator()')
    },
  }
}

/** A text full of personal data takes longer than a turn of the event loop may. */
async function inPieces(redactor: EvaluatorsOptions['redactor'], text: string): Promise<string> {
  const reading = redactor.ahead({ text }, false, () => redactor.text(text))
  for (;;) {
    await nextTurn()
    const { done, value } = reading.next()
    if (done) return value
  }
}

/** Not the name of the evaluation: what has that is taken for a result. */
function attributesOf({ evaluator }: Evaluator): Attributes {
  return {
    [ATTR_AFN_LLM_PURPOSE]: AFN_LLM_PURPOSE_VALUE_EVALUATION,
    [ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME]: evaluator.name,
    [ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE]: evaluator.type,
  }
}
