import { expect, it } from 'vitest'
import { policies } from '../../src/shared/tiers'
import { inBaseline } from '../../src/shared/tiers/baseline'

const isKept = (traceId: string) => inBaseline(traceId, policies.baseline)

/** FNV-1a 64 as its definition says it, to check the version in halves. */
function reference(traceId: string): bigint {
  const bytes = [...Buffer.from('afn'), ...Buffer.from(traceId, 'hex')]
  return bytes.reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n)
}

/** What Go computes for 10 %: 0.1 × (2^64 − 1), rounded to 64 bits and cut to an integer. */
const bound = 1844674407370955263n

function* traceIds(count: number): Generator<string> {
  let state = 42
  const word = (): string => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state.toString(16).padStart(8, '0')
  }
  for (let i = 0; i < count; i++) yield word() + word() + word() + word()
}

it('is the hash of the probabilistic policy', () => {
  const ids = [...traceIds(20_000)]
  expect(ids.filter(isKept)).toEqual(ids.filter(id => reference(id) <= bound))
})

it('keeps a tenth', () => {
  const kept = [...traceIds(20_000)].filter(isKept).length
  expect(kept / 20_000).toBeCloseTo(0.1, 2)
})
