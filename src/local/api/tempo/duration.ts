// Go's durations in parameters: `1m30s`, `250ms`.
import { Refused } from '../../body'
import type { Ask } from '../parameters'

const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3_600e9 }

/** @returns nanoseconds @throws Refused with 400 */
export function durationNs(ask: Ask, name: string): bigint | undefined {
  const text = ask(name)
  if (!text) return undefined
  if (!/^(\d{1,12}(\.\d{1,9})?(ns|us|µs|ms|s|m|h))+$/.test(text))
    throw new Refused(400, `invalid ${name}: "${text}" is no duration such as 250ms or 1m30s`)
  const parts = text.matchAll(/(\d+(?:\.\d+)?)([a-zµ]+)/g)
  return [...parts].reduce((sum, [, number, unit]) => sum + BigInt(Math.round(Number(number) * units[unit!]!)), 0n)
}
