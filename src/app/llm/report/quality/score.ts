// Converts an evaluation to a LangFuse score. The sdk room redacts and sends it.
import type * as Crypto from 'node:crypto'
import type { Judgement } from './judgement'

export interface Score {
  /** The same for the same evaluator and span: a later score replaces the earlier one, and one that is sent twice counts once. */
  readonly id: string
  readonly traceId: string
  readonly observationId: string
  readonly name: string
  /** The score on the evaluator's scale; the label if there is no score. */
  readonly value: number | string
  readonly dataType: 'NUMERIC' | 'CATEGORICAL'
  readonly comment: string | undefined
  readonly metadata: Readonly<Record<string, string | number>>
}

/** @param span the OpenTelemetry ids, by which LangFuse identifies trace and observation */
export function scoreOf(judgement: Judgement, { traceId, spanId }: { traceId: string; spanId: string }): Score {
  const { name, score, threshold, outcome, label, explanation, evaluator } = judgement
  const value = score ? score.value : (label as string)
  const metadata = {
    outcome,
    ...(score && { min: score.min, max: score.max }),
    ...(threshold !== undefined && { threshold }),
    ...(score && label !== undefined && { label }),
    ...(evaluator.name !== undefined && { evaluator: evaluator.name }),
    ...(evaluator.type !== undefined && { evaluator_type: evaluator.type }),
  }
  const { createHash } = require('node:crypto') as typeof Crypto
  const identity = [traceId, spanId, name, evaluator.name ?? '', evaluator.type ?? '']
  return {
    id: createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32),
    traceId,
    observationId: spanId,
    name,
    value,
    dataType: score ? 'NUMERIC' : 'CATEGORICAL',
    comment: explanation,
    metadata,
  }
}
