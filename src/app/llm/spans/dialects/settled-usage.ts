// Makes token counts agree with today's rule, that every detail is a part of its total.
import type { Usage } from '../../usage'

/**
 * Two ways to count are about: with the details inside of the total, and outside of it. Which one it is follows from the
 * writer, or from the numbers where only one way is possible.
 * @param total input and output together, as the span has it
 * @param leavesOutCached the writer's input never has the cached tokens in it
 */
export function settled(usage: Usage, total: number | undefined, leavesOutCached: boolean): Usage {
  const { input, output, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = usage
  const cached = cacheRead + cacheWrite
  const cachedApart = input !== undefined && cached > 0 && (leavesOutCached || cached > input)
  const wholeInput = cachedApart ? input + cached : input
  const reasoningApart =
    output !== undefined &&
    reasoning > 0 &&
    (reasoning > output ||
      total === (wholeInput ?? 0) + output + reasoning ||
      total === (input ?? 0) + output + reasoning)
  return { ...usage, input: wholeInput, output: reasoningApart ? output + reasoning : output }
}
