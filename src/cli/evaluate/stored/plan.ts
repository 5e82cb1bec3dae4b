// Which stored calls each evaluator rates: its condition, its share, its bound by the hour, and what was rated before. All of it depends on
// the calls alone, so that a second run picks the same ones.
import { createHash } from 'node:crypto'
import type { Evaluator } from '../../../app/evaluate/evaluator'
import type { FoundCall } from '../../../backend/api/call-answers'
import { isCut } from '../../dataset/case'
import { spanIdOf } from './result-records'

export interface FoundPage {
  readonly calls: readonly FoundCall[]
  /** Calls whose content no answer of the store has room for. */
  readonly left: number
}

/** Reads the calls, each time anew. */
export type Pages = () => AsyncIterable<FoundPage>

/** Of calls that an evaluator is for. */
export interface PlannedCounts {
  planned: number
  ratedBefore: number
  notSampled: number
  beyondHour: number
}

export interface Plan {
  /** By `keyOf` of a call. */
  readonly evaluators: ReadonlyMap<string, readonly Evaluator[]>
  readonly counts: ReadonlyMap<Evaluator, PlannedCounts>
  readonly calls: number
  readonly withoutContent: number
  /** Failed, or not answered with anything that could be rated. */
  readonly withoutAnswer: number
  readonly cut: number
  readonly left: number
}

interface Candidate {
  readonly key: string
  readonly draw: number
}

const HOUR = 3_600

export const keyOf = ({ traceId, spanId }: FoundCall): string => `${traceId}${spanId}`

/** @param written IDs of spans that a moment ago were sent, and that the store may not show yet */
export async function planOf(
  pages: Pages,
  evaluators: readonly Evaluator[],
  written: ReadonlySet<string> = new Set(),
): Promise<Plan> {
  const sums = { calls: 0, withoutContent: 0, withoutAnswer: 0, cut: 0, left: 0 }
  const seats = evaluators.map(evaluator => ({
    evaluator,
    counts: { planned: 0, ratedBefore: 0, notSampled: 0, beyondHour: 0 },
    hours: new Map<number, { rated: number; candidates: Candidate[] }>(),
  }))
  for await (const { calls, left } of pages()) {
    sums.left += left
    for (const call of calls) {
      sums.calls++
      const missing = missingIn(call)
      if (missing) {
        sums[missing]++
        continue
      }
      const key = keyOf(call)
      const draw = drawOf(key)
      for (const { evaluator, counts, hours } of seats) {
        if (!evaluator.isMeant(call)) continue
        const hour = Math.floor(call.start / HOUR)
        const own = hours.get(hour) ?? { rated: 0, candidates: [] }
        hours.set(hour, own)
        if (isRatedBy(evaluator, call) || written.has(spanIdOf({ call, judgement: evaluator }))) {
          own.rated++
          counts.ratedBefore++
        } else if (draw < evaluator.rate) own.candidates.push({ key, draw })
        else counts.notSampled++
      }
    }
  }
  const planned = new Map<string, Evaluator[]>()
  for (const { evaluator, counts, hours } of seats) {
    for (const { rated, candidates } of hours.values()) {
      const room = Math.max(0, evaluator.perHour - rated)
      // not the newest: those are of the end of the hour
      const chosen = candidates.sort((a, b) => a.draw - b.draw).slice(0, room)
      counts.planned += chosen.length
      counts.beyondHour += candidates.length - chosen.length
      for (const { key } of chosen) planned.set(key, [...(planned.get(key) ?? []), evaluator])
    }
  }
  return { ...sums, evaluators: planned, counts: new Map(seats.map(({ evaluator, counts }) => [evaluator, counts])) }
}

function missingIn(call: FoundCall): 'withoutContent' | 'withoutAnswer' | 'cut' | undefined {
  const { inputMessages, outputMessages, systemInstructions, toolDefinitions } = call
  if (outputMessages === null) return inputMessages === null ? 'withoutContent' : 'withoutAnswer'
  return [inputMessages, outputMessages, systemInstructions, toolDefinitions].some(isCut) ? 'cut' : undefined
}

/** A result that stands in a log record alone is not whole: this command was ended before it had written the span. */
const isRatedBy = ({ name, evaluator }: Evaluator, { evaluations }: FoundCall): boolean =>
  evaluations.some(
    one =>
      one.isOnSpan &&
      one.evaluation === name &&
      one.evaluator.name === evaluator.name &&
      one.evaluator.type === evaluator.type,
  )

/** From 0 to 1, the same for the same call: one draw for all evaluators, as in the process. */
const drawOf = (key: string): number => createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48
