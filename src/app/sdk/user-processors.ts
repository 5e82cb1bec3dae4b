// The end of the user's processors: each gets its turn, whatever another of them does.
import { reason, report } from '../../shared/diag/report'

/**
 * @param call may throw
 * @throws what the first of them failed with, when all are done
 */
export async function ofAll<Processor>(
  processors: readonly Processor[],
  kind: 'span' | 'log record',
  call: (processor: Processor) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(processors.map(async processor => call(processor)))
  const failed = ends.filter(end => end.status === 'rejected')
  for (const { reason: error } of failed) reportProcessor(kind, error)
  if (failed[0]) throw failed[0].reason
}

export function reportProcessor(kind: 'span' | 'log record', error: unknown): void {
  report('AFN164', `a ${kind} processor of the app failed (${reason(error)}); the other processors go on`)
}
