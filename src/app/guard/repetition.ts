// Whether an agent repeats itself at the end of a conversation: the same steps with the same results, which get it nowhere.
import { InPieces } from '../in-pieces'
import type { Message } from '../llm/messages'
import { keyOf, type Step, stepsOf, toolsOf } from './steps'

export interface Repetition {
  /** How often in a row the same steps were made. */
  readonly repetitions: number
  /** The tools of these steps, in their order; none where the model only writes. */
  readonly tools: readonly string[]
}

/** What there is to know of all steps so far to go on from there: as much after a thousand as after four. */
export interface Run {
  /** The last, as many as a cycle may have. */
  readonly recent: readonly Done[]
  /** For each length of a cycle, how many steps in a row were the same as the one so many before. */
  readonly equal: readonly number[]
}

interface Done {
  /** Undefined where it equals none. */
  readonly key: string | undefined
  readonly tools: readonly string[]
}

/** Fewer are a retry. */
export const FEWEST = 3
/** Steps of a cycle: one tool again and again, or up to three in turn. */
const CYCLES = [1, 2, 3]

export const NO_RUN: Run = { recent: [], equal: CYCLES.map(() => 0) }

/**
 * Goes on from a run. Yields undefined between pieces of the work.
 * @param allowed tools that may repeat themselves, such as one that waits
 */
export function* runOf(
  steps: readonly Step[],
  allowed: ReadonlySet<string>,
  before = NO_RUN,
): Generator<undefined, Run> {
  const made: Done[] = []
  // only from the last one on, and as far back as they are the same: most runs get on
  function* done(at: number): Generator<undefined, Done | undefined> {
    const step = steps[at]
    if (!step) return before.recent.at(at)
    if (!made[at]) {
      yield
      made[at] = doneIn(step, allowed)
    }
    return made[at]
  }
  const recent: Done[] = []
  for (const back of CYCLES) {
    const one = yield* done(steps.length - back)
    if (one) recent.unshift(one)
  }
  const equal: number[] = []
  for (const [n, cycle] of CYCLES.entries()) {
    let at = steps.length - 1
    for (; at >= 0; at--) {
      const key = (yield* done(at))?.key
      if (key === undefined || key !== (yield* done(at - cycle))?.key) break
    }
    equal.push(steps.length - 1 - at + (at < 0 ? (before.equal[n] ?? 0) : 0))
  }
  return { recent, equal }
}

function doneIn(step: Step, allowed: ReadonlySet<string>): Done {
  const tools = toolsOf(step)
  return { key: tools.some(tool => allowed.has(tool)) ? undefined : keyOf(step), tools }
}

/** Where a run is at its end. */
export function repetitionOf({ recent, equal }: Run): Repetition | undefined {
  for (const [n, cycle] of CYCLES.entries()) {
    const repetitions = Math.floor((equal[n] ?? 0) / cycle) + 1
    if (repetitions < FEWEST) continue
    return { repetitions, tools: [...new Set(recent.slice(-cycle).flatMap(({ tools }) => tools))] }
  }
  return undefined
}

/** Whether more of the conversation, before the steps of a run, could tell more. The first of them may not be whole. */
export const mayGoFurtherBack = ({ equal }: Run, steps: number): boolean =>
  CYCLES.some((cycle, n) => (equal[n] ?? 0) >= steps - cycle - 1)

/** Of a conversation that is there whole. */
export function repetitionIn(
  messages: readonly Message[],
  allowed: ReadonlySet<string> = new Set(),
): Repetition | undefined {
  return repetitionOf(new InPieces(() => runOf(stepsOf(messages), allowed)).whole)
}
