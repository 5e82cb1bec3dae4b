// Random JSON, the same for the same seed.
import type { Fields } from '../../../src/app/llm/wire/json-reader'
import { Random } from '../../support/random'

const LETTERS = ['a', 'b', 'é', '語', '🍁', '"', '\\', '\n', '\u0001', ' ', '{', '}', '[', ']', ',', ':', '/', 'x']

export function random(seed: number) {
  const numbers = new Random(seed * 2654435761)
  const below = (n: number) => numbers.below(n)
  const pick = <T>(from: readonly T[]): T => numbers.pick(from)
  const text = (longest: number) => Array.from({ length: longest }, () => pick(LETTERS)).join('')
  const scalar = () =>
    pick([null, true, false, 0, -1, 1.5, 1e21, below(1e9), text(below(6)), text(below(80)), ''] as const)

  function value(depth: number): unknown {
    return depth > 0 && below(2) ? container(depth) : scalar()
  }
  function container(depth: number): unknown {
    const length = below(6)
    if (below(3) === 0) return Array.from({ length }, () => value(depth - 1))
    return Object.fromEntries(
      Array.from({ length }, (_, i) => [pick(['k', '語', 'q"', text(3)]) + i, value(depth - 1)]),
    )
  }
  /** Some of the members that a document has, and some that it lacks. */
  function fields(of: unknown): Fields {
    const found: Record<string, true | Fields> = { missing: true }
    if (Array.isArray(of) && below(3)) found['*'] = below(2) ? true : fields(of[0])
    else if (typeof of === 'object' && of !== null && !Array.isArray(of)) {
      for (const [key, inner] of Object.entries(of)) if (below(2)) found[key] = below(2) ? true : fields(inner)
    }
    return found
  }
  /** As JSON with white space wherever it is allowed. */
  function spaced(of: unknown): string {
    const gap = () => pick(['', '', ' ', '\n\t', '\r\n'])
    if (Array.isArray(of)) return `${gap()}[${of.map(spaced).join(`${gap()},`)}${gap()}]${gap()}`
    if (typeof of !== 'object' || of === null) return gap() + JSON.stringify(of) + gap()
    const members = Object.entries(of).map(([key, inner]) => `${gap()}${JSON.stringify(key)}${gap()}:${spaced(inner)}`)
    return `${gap()}{${members.join(',')}${gap()}}${gap()}`
  }
  return { below, container, fields, spaced, text }
}
