// Holds one answer against the other.
import { differs } from '../compare'
import type { Answered } from './ask'
import type { Shape } from './questions/question'

/** What differs first, in words; undefined when nothing does. */
export function difference(shape: Shape, tempo: Answered, ours: Answered): string | undefined {
  if (shape === 'refused') {
    if (tempo.status === 400 && ours.status === 400) return undefined
    return `answered ${tempo.status} by Tempo and ${ours.status} by ours: ${ours.said || tempo.said}`
  }
  if (tempo.status !== ours.status) {
    return `answered ${tempo.status} by Tempo and ${ours.status} by ours: ${ours.said || tempo.said}`
  }
  const counts = countsOf(tempo.answer, ours.answer)
  const found = differs(tempo.answer, ours.answer, '', near)
  if (found) return `${counts}${found.at} is ${brief(found.a)} in Tempo and ${brief(found.b)} in ours`
  if (isNewestFirst(tempo.starts) && !isNewestFirst(ours.starts)) return 'Tempo has the newest first, ours has not'
  return undefined
}

/** Sums of many doubles depend on their order, and where two cancel each other nothing but that is left. */
function near(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return false
  return Math.abs(a - b) <= Math.max(1e-9 * Math.max(Math.abs(a), Math.abs(b)), 1e-15)
}

function countsOf(a: unknown, b: unknown): string {
  const [inTempo, inOurs] = [a, b].map(answer => Object.keys((answer ?? {}) as object).length)
  return inTempo === inOurs ? '' : `${inTempo} in Tempo, ${inOurs} in ours; `
}

const isNewestFirst = (starts: readonly string[]): boolean =>
  starts.every((start, i) => i === 0 || BigInt(start) <= BigInt(starts[i - 1]!))

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
