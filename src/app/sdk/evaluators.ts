// Evaluators that run in the process: their code is a chunk, read where there is one.
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { Status } from '../../shared/diag/status'
import type { Redactor } from '../../shared/redact'
import { loadChunk } from '../chunks'
import type { Evaluators } from '../evaluate'
import type { Step } from '../evaluate/evaluations'
import { WaitingRoom } from '../llm/spans/waiting-room'
import type { ManualRecording } from './manual-recording'
import { Slices } from './slices'
import type { SpanPipeline } from './span-pipeline'

/**
 * Loads those of the file that the settings name.
 * @returns adds one of the app's own. Never throws
 */
export function createEvaluation(
  { evaluators: file }: Settings,
  redactor: Redactor,
  spans: SpanPipeline,
  { recordEvaluation: record }: ManualRecording,
  status: Status,
): (given: unknown) => void {
  let made: Evaluators | undefined

  function withEvaluators(use: (evaluators: Evaluators) => void): void {
    try {
      made ??= loadChunk('evaluators').createEvaluators({
        ...{ record, report, redactor, spans, status },
        steps: new Slices<Step>(new WaitingRoom(), step => step()),
      })
      use(made)
    } catch (error) {
      report('AFN173', reason(error))
    }
  }

  if (file !== undefined) withEvaluators(evaluators => evaluators.addFile(file, loadChunk('yaml')))
  return given => withEvaluators(evaluators => evaluators.addOne(given))
}
