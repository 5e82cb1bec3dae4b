// Judges calls after they have ended: whom a call is for, in which order they judge, how many an hour, and what becomes of a judge that
// fails. Nothing in here runs before the call is over.
import type { Attributes, SpanContext } from '@opentelemetry/api'
import { reason } from '../../shared/diag/report'
import type { EvaluatorCounts } from '../../shared/diag/status'
import type { Content, EvaluationHook, TakeContent } from '../llm/answered'
import type { Evaluation } from '../llm/report/quality/evaluation'
import { Asking } from './asking'
import { contentOnSpan, evaluatedCall } from './describe-call'
import type { EvaluatedCall } from './evaluated-call'
import { EvaluationError, type Evaluator, type Finding, isInSteps } from './evaluator'
import { Hourly } from './hourly'
import { KeptContent } from './kept-content'
import { bytesOf } from './room'
import { Rounds } from './rounds'

export interface EvaluationsOptions {
  /** Records a result. Never throws. */
  readonly record: (evaluation: Evaluation) => void
  /** Why something is not judged, in words. */
  readonly onProblem: (problem: string) => void
  /** Where steps wait until the event loop has time. */
  readonly steps: {
    add(step: Step, bytes: number): void
    finish(): Promise<void>
    readonly size: number
  }
  /** Runs what asks a model, as work of an evaluation. */
  readonly inEvaluation: <T>(evaluator: Evaluator, judged: SpanContext, run: () => T) => T
  /** Whether the span is of such work; its cost is counted there. */
  readonly isOwn: (span: EndedSpan) => boolean
}

type EndedSpan = Parameters<NonNullable<EvaluationHook['ended']>>[0]

/** A judge at work. @returns whether there is more */
export type Step = () => boolean

/** Evaluations that wait for a judge. */
const MOST_WAITING = 512
/** Characters of an answer; a longer one is not judged. */
const LONGEST = 65_536

export interface Evaluations {
  readonly choose: NonNullable<EvaluationHook['choose']>
  readonly ended: NonNullable<EvaluationHook['ended']>
  readonly flush: NonNullable<EvaluationHook['flush']>
  readonly end: NonNullable<EvaluationHook['end']>
  /** From now on it judges too. */
  add(evaluator: Evaluator): void
  /** For `status()`. */
  readonly counts: Readonly<Record<string, EvaluatorCounts>>
}

interface Seat {
  readonly evaluator: Evaluator
  readonly hourly: Hourly
  readonly asking: Asking | undefined
  readonly counts: EvaluatorCounts
  /** Those who waited for the judge when the process ended, and are not reported yet. */
  left: number
}

export function createEvaluations(options: EvaluationsOptions): Evaluations {
  const seats: Seat[] = []
  const keptContent = new KeptContent()
  const counts: Record<string, EvaluatorCounts> = {}
  const rounds = new Rounds()
  let waiting = 0

  const mostWanted = () => Math.max(0, ...seats.filter(({ hourly }) => !hourly.isUsedUp).map(one => one.evaluator.rate))

  /** One draw for all evaluators, so that those of the same rate judge the same calls. */
  function choose(): TakeContent | undefined {
    const draw = Math.random()
    if (draw >= mostWanted()) return undefined
    return ({ spanId }, protocol, request, answer) => {
      const content = () => ({ ...protocol.input(request), output: protocol.output(answer) })
      keptContent.hold(spanId, keptContent.keep(draw, content, bytesOf([request, answer])))
    }
  }

  function consider(span: EndedSpan): void {
    const { context, merged } = span
    const given = keptContent.take([context.spanId, ...merged])
    if (!span.isSampled || options.isOwn(span)) return given?.letGo()
    const onSpan = given ? undefined : contentOnSpan(span.attributes)
    if (!given && !onSpan) return
    const draw = given?.draw ?? Math.random()
    const meant = seats.filter(({ evaluator }) => draw < evaluator.rate && evaluator.isMeant(span))
    // what nobody judges makes no room for itself
    if (meant.length === 0) return given?.letGo()
    const kept = given ?? keptContent.keep(draw, onSpan!, bytesOf(span.attributes))
    const { content } = kept
    const call = content && once(() => callOf(context, { ...span.attributes }, content))
    let users = 1
    const letGo = () => {
      if (--users === 0) kept.letGo()
    }
    for (const seat of meant) {
      if (seat.hourly.isUsedUp) seat.counts.dropped++
      else if (!call || waiting >= MOST_WAITING) tellFull(seat)
      else {
        users++
        begin(seat, context, call, letGo)
      }
    }
    letGo()
  }

  function tellFull({ evaluator, counts }: Seat): void {
    counts.dropped++
    options.onProblem(
      `${evaluator.name}: too many calls wait to be rated (${MOST_WAITING} evaluations or 8 MiB of content), and further ones are left out; lower the rate of the evaluators`,
    )
  }

  function begin(seat: Seat, judged: SpanContext, call: () => EvaluatedCall | undefined, letGo: () => void): void {
    seat.hourly.use()
    waiting++
    let isOver = false
    const end = () => {
      // what fails while it is written down was over before
      if (isOver) return
      isOver = true
      waiting--
      letGo()
    }
    const over = (finding: Finding | undefined, error?: unknown) => {
      end()
      settle(seat, judged, finding, error)
    }
    const left = () => {
      end()
      seat.counts.dropped++
      seat.left++
    }
    const { judge } = seat.evaluator
    let running: Generator<undefined, Finding | undefined> | undefined
    options.steps.add(() => {
      try {
        const known = call()
        if (!known) {
          end()
          seat.counts.dropped++
          return false
        }
        if ('byAsking' in judge) {
          const ask = (signal: AbortSignal) =>
            options.inEvaluation(seat.evaluator, judged, () => judge.byAsking(known, signal))
          seat.asking!.add({ ask, timeoutMs: judge.timeoutMs, over, left })
          return false
        }
        if (!running) {
          const result = judge.byCode(known)
          if (!isInSteps(result)) {
            over(result)
            return false
          }
          running = result
        }
        const step = running.next()
        if (step.done) over(step.value)
        return !step.done
      } catch (error) {
        over(undefined, error ?? new Error('unknown'))
        return false
      }
    }, 0)
  }

  function settle(
    { evaluator, counts }: Seat,
    judged: SpanContext,
    finding: Finding | undefined,
    error: unknown,
  ): void {
    if (error !== undefined) {
      counts.failed++
      return options.onProblem(`${evaluator.name}: ${reason(error)}`)
    }
    if (finding === undefined || finding === null) return void counts.skipped++
    if (typeof finding !== 'object') {
      counts.failed++
      return options.onProblem(
        `${evaluator.name}: the evaluator gave a ${typeof finding}; return { score } or { label }`,
      )
    }
    const { min, max, threshold } = evaluator
    options.record({
      ...{ name: evaluator.name, evaluator: evaluator.evaluator, target: { spanContext: () => judged } },
      ...(finding.score !== undefined && { score: finding.score }),
      ...(finding.label !== undefined && { label: finding.label }),
      ...(finding.explanation !== undefined && { explanation: finding.explanation }),
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(threshold !== undefined && finding.score !== undefined && { threshold }),
    })
    counts.judged++
  }

  function tellLeft(): void {
    for (const seat of seats) {
      if (seat.left === 0) continue
      options.onProblem(
        `${seat.evaluator.name}: the process ends while ${seat.left} answers wait for the judge, and they are not rated; await flush() of @afn/otel/api before the end, or lower the rate`,
      )
      seat.left = 0
    }
  }

  return {
    counts,
    choose,
    ended(span) {
      try {
        consider(span)
      } catch (error) {
        options.onProblem(reason(error))
      }
    },
    async flush() {
      await options.steps.finish()
      await rounds.finish()
      tellLeft()
      for (const { asking } of seats) asking?.goOn()
    },
    end() {
      for (const { asking } of seats) asking?.end()
      tellLeft()
    },
    add(evaluator) {
      if (counts[evaluator.name]) throw new EvaluationError(`name ${evaluator.name} is taken; give another one`)
      const own = { judged: 0, failed: 0, skipped: 0, dropped: 0 }
      counts[evaluator.name] = own
      const { judge } = evaluator
      // a model costs money and time with each question; code mostly has its answer at once
      const patienceMs = 'byAsking' in judge && evaluator.evaluator.type === 'code' ? judge.timeoutMs : 0
      const asking = 'byAsking' in judge ? new Asking(rounds, patienceMs) : undefined
      seats.push({ evaluator, hourly: new Hourly(evaluator.perHour), asking, counts: own, left: 0 })
    },
  }
}

/** @returns undefined where the answer is too long to be judged between two turns of the app */
function callOf(of: SpanContext, attributes: Attributes, content: () => Content): EvaluatedCall | undefined {
  const call = evaluatedCall(of, attributes, content())
  return call.answer.length > LONGEST ? undefined : call
}

/** What it is made of is let go then. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  let left: (() => T) | undefined = make
  return () => {
    if (!left) return made!.value
    made = { value: left() }
    left = undefined
    return made.value
  }
}
