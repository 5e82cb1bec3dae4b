// Makes token counts follow the current rule that every detail is part of its total.
import type { Usage } from '../../usage'

/**
 * Libraries count in two ways: with details included in the total, or excluded. The library determines the way, or the numbers if only one
 * is possible.
 * @param total input plus output, as reported on the span
 * @param leavesOutCached the library's input always excludes cached tokens
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
