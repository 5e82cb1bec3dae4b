// Evaluates the rules once a minute and prints when an alert begins to fire and when it is resolved.
import type { AlertsAnswer, RaisedAlert } from '../api/alert-answers'
import { tellFault } from '../faults'
import type { RecordedSeries } from '../promql/points/record-source'
import type { ActiveAlert, Evaluation, Evaluator } from './evaluation'
import { RaisedAlerts } from './raised'

/** Milliseconds between two evaluations. */
const EACH = 60_000
/** Milliseconds after which a request triggers a new evaluation. */
const FRESH = 5_000
/** Maximum milliseconds for which an answer waits; after a start, weeks of points may have to be read. */
const PATIENCE = 10_000

export interface AlertWatch {
  /** Evaluates again if the last evaluation is some seconds old. If that takes too long, a later answer has the result. */
  answer(): Promise<AlertsAnswer>
  /** The series that rules recorded in this process. */
  recorded(): readonly RecordedSeries[]
  close(): Promise<void>
}

export interface WatchOptions {
  readonly evaluator: Evaluator
  /** Errors in the files of objectives. */
  readonly problems: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly say: (line: string) => void
  /** Receives all firing alerts after each evaluation. */
  readonly notify?: ((firing: readonly Firing[]) => Promise<void>) | undefined
}

/** A firing alert, for notifications. */
export interface Firing extends Pick<ActiveAlert, 'labels' | 'annotations'> {
  /** Milliseconds since 1970. */
  readonly since: number
}

export function watchAlerts({ evaluator, problems, now, say, notify }: WatchOptions): AlertWatch {
  const closing = new AbortController()
  const raised = new RaisedAlerts()
  let failure: string[] = []
  let last: (Evaluation & { readonly evaluated: number }) | undefined
  let current: Promise<void> | undefined

  async function evaluation(): Promise<void> {
    try {
      const evaluated = now() / 1_000
      const result = await evaluator.evaluate(closing.signal)
      last = { ...result, evaluated }
      failure = []
      const { began, ended } = raised.update(result.active, evaluated)
      for (const alert of began) say(`alert firing: ${lineOf(alert)}: ${alert.summary}`)
      for (const alert of ended) say(`alert resolved: ${lineOf(alert)}`)
      await notify?.(firingIn(result.active, evaluated * 1_000))
    } catch (error) {
      if (closing.signal.aborted) return
      // the next evaluation retries
      tellFault('alerts were not evaluated', error as Error)
      failure = ['the last evaluation failed, so this is what was before; the stderr of afn-otel up says more']
    }
  }

  /** Runs one evaluation at a time. */
  const evaluate = (): Promise<void> => {
    current ??= evaluation().finally(() => {
      current = undefined
    })
    return current
  }
  void evaluate()
  const timer = setInterval(evaluate, EACH).unref()
  return {
    async answer() {
      if (!last || now() / 1_000 - last.evaluated > FRESH / 1_000) await Promise.race([evaluate(), patience()])
      return {
        by: evaluator.by,
        evaluated: last?.evaluated ?? null,
        problems: [...failure, ...problems, ...(last?.problems ?? [])],
        alerts: raised.list(),
        objectives: last?.objectives ?? [],
      }
    },
    recorded: () => evaluator.recorded(),
    async close() {
      clearInterval(timer)
      closing.abort()
      await current
    },
  }
}

const firingIn = (active: readonly ActiveAlert[], now: number): Firing[] =>
  active
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations, since }) => ({
      labels,
      annotations,
      since: since === undefined ? now : since * 1_000,
    }))

const patience = (): Promise<unknown> => new Promise(resolve => setTimeout(resolve, PATIENCE).unref())

const lineOf = ({ severity, name, service }: RaisedAlert): string => `${name} (${severity}, ${service})`
