// Whether an agent repeats itself at the end of a conversation: the same steps with the same results, which get it nowhere.
import type { Message } from '../llm/messages'
import { keyOf, type Step, stepsOf, toolsOf } from './steps'

export interface Repetition {
  /** How often in a row the same steps were made. */
  readonly repetitions: number
  /** The tools of these steps, in their order; none where the model only writes. */
  readonly tools: readonly string[]
}

/** Fewer are a retry. */
export const FEWEST = 3
/** Steps of a cycle: one tool again and again, or up to three in turn. */
const LONGEST_CYCLE = 3

/** @param allowed tools that may repeat themselves, such as one that waits */
export function repetitionIn(
  messages: readonly Message[],
  allowed: ReadonlySet<string> = new Set(),
): Repetition | undefined {
  const steps = stepsOf(messages)
  const keys = new Map<Step, string | undefined>()
  const key = (at: number): string | undefined => {
    const step = steps[at]!
    if (!keys.has(step)) keys.set(step, toolsOf(step).some(tool => allowed.has(tool)) ? undefined : keyOf(step))
    return keys.get(step)
  }
  for (let cycle = 1; cycle <= LONGEST_CYCLE; cycle++) {
    let equal = 0
    for (let at = steps.length - 1; at >= cycle && key(at) !== undefined && key(at) === key(at - cycle); at--) equal++
    const repetitions = Math.floor(equal / cycle) + 1
    if (repetitions >= FEWEST) return { repetitions, tools: [...new Set(steps.slice(-cycle).flatMap(toolsOf))] }
  }
  return undefined
}
