import { expect, it } from 'vitest'
import type { Evaluator } from '../../../src/app/evaluate/evaluator'
import type { FoundCall } from '../../../src/backend/api/call-answers'
import { keyOf, type Plan, planOf } from '../../../src/cli/evaluate/stored/plan'

const evaluator = (more: Partial<Evaluator> = {}): Evaluator => ({
  name: 'short',
  evaluator: { name: 'length', type: 'code' },
  rate: 1,
  perHour: 1_000,
  isMeant: () => true,
  judge: { byCode: () => undefined },
  ...more,
})

const HOUR = 3_600
const call = (n: number, more: Partial<FoundCall> = {}): FoundCall => ({
  traceId: n.toString(16).padStart(32, '0'),
  spanId: n.toString(16).padStart(16, '0'),
  start: 500_000 * HOUR + n,
  end: 500_000 * HOUR + n + 1,
  service: 'shop',
  serviceVersion: null,
  isFailed: false,
  attributes: {},
  inputMessages: '[]',
  outputMessages: '[]',
  systemInstructions: null,
  toolDefinitions: null,
  evaluations: [],
  ...more,
})
const calls = (count: number, more: Partial<FoundCall> = {}) =>
  Array.from({ length: count }, (_, n) => call(n + 1, more))

const planned = (found: readonly FoundCall[], ...evaluators: Evaluator[]): Promise<Plan> =>
  planOf(async function* () {
    yield { calls: found.slice(0, 7), left: 0 }
    yield { calls: found.slice(7), left: 2 }
  }, evaluators)
const chosen = (plan: Plan) => [...plan.evaluators.keys()].sort()

it('which calls are rated depends on the order in which they are read, or on the run', async () => {
  const found = calls(200)
  const some = evaluator({ rate: 0.3, perHour: 20 })
  const first = await planned(found, some)
  expect(chosen(first)).toHaveLength(20)
  expect(chosen(await planned(found.toReversed(), some))).toEqual(chosen(first))
  const { notSampled, beyondHour } = first.counts.get(some)!
  expect(notSampled + beyondHour).toBe(180)
  expect(notSampled).toBeGreaterThan(110)
  expect(notSampled).toBeLessThan(170)
  expect(first.left).toBe(2)
})

it('an hour that is used up takes room from another, or what was rated before does not count', async () => {
  const rated = { evaluation: 'short', evaluator: { name: 'length', type: 'code' }, scale: 'none', score: null, label: null, verdict: 'pass', explanation: null, isOnSpan: true } as const // biome-ignore format: one line
  const found = [
    ...calls(8, { evaluations: [rated] }),
    ...calls(8).map(one => ({ ...one, spanId: 'a'.repeat(16) })),
    ...calls(3).map(one => ({ ...one, spanId: 'b'.repeat(16), start: one.start + HOUR })),
  ]
  const few = evaluator({ perHour: 10 })
  const plan = await planned(found, few)
  expect(plan.counts.get(few)).toEqual({ planned: 5, ratedBefore: 8, notSampled: 0, beyondHour: 6 })
})

it('a result of another evaluator, or one that has no span, is taken for its own', async () => {
  const said = { evaluation: 'short', scale: 'none', score: null, label: null, verdict: 'pass', explanation: null } as const // biome-ignore format: one line
  const own = { name: 'length', type: 'code' }
  const found = [
    call(1, { evaluations: [{ ...said, evaluator: own, isOnSpan: false }] }),
    call(2, { evaluations: [{ ...said, evaluator: { name: 'anna', type: 'human' }, isOnSpan: true }] }),
    call(3, { evaluations: [{ ...said, evaluation: 'long', evaluator: own, isOnSpan: true }] }),
    call(4, { evaluations: [{ ...said, evaluator: own, isOnSpan: true }] }),
  ]
  expect(chosen(await planned(found, evaluator()))).toEqual(found.slice(0, 3).map(keyOf))
})

it('calls that can not be rated are rated, or counted under another reason', async () => {
  const plan = await planned(
    [
      call(1, { inputMessages: null, outputMessages: null }),
      call(2, { outputMessages: null }),
      call(3, { outputMessages: '[{"role":"assist' }),
      call(4, { inputMessages: null }),
    ],
    evaluator(),
  )
  expect(plan).toMatchObject({ calls: 4, withoutContent: 1, withoutAnswer: 1, cut: 1 })
  expect(chosen(plan)).toEqual([keyOf(call(4))])
})
