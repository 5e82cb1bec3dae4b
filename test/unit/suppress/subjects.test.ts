// Whose records are kept back. Oracle: a plain reading of the rules over all records at once, which knows the whole trace; the class sees
// them one by one and in any order, and may only be more careful where somebody comes late.
import { expect, it } from 'vitest'
import { handlesBy } from '../../../src/app/suppress/list'
import { removeRecords } from '../../../src/app/suppress/request'
import { Subjects } from '../../../src/app/suppress/subjects'
import { Random } from '../../support/random'

const handleOf = handlesBy('k'.repeat(32))
const listOf = (...values: string[]) => new Set(values.map(handleOf))

function subjects(...listed: string[]): Subjects {
  const made = new Subjects(handleOf)
  made.replace(listOf(...listed))
  return made
}

it('keeps back what names the person under any of the keys, as a number too, and nobody else', () => {
  const some = subjects('17', 'bob@example.com', '[REDACTED:0123456789abcdef]', '203.0.113.9')
  const kept = (attributes: object) => some.suppresses(undefined, attributes as Record<string, unknown>)
  for (const attributes of [
    { 'user.id': '17' },
    { 'user.id': 17 },
    { 'enduser.id': 'BOB@example.com' },
    { 'langfuse.user.id': '[REDACTED:0123456789abcdef]' },
    { 'client.address': '203.0.113.9' },
  ])
    expect([attributes, kept(attributes)]).toEqual([attributes, true])
  for (const attributes of [
    {},
    { 'user.id': '170' },
    { 'user.id': '[EMAIL]' },
    { 'user.id': '' },
    { 'user.id': ['17'] },
    { 'user.id': null },
    { 'order.id': '17' },
  ])
    expect([attributes, kept(attributes)]).toEqual([attributes, false])
})

it('keeps back the rest of a trace, and not that in which another person is named', () => {
  const some = subjects('u-1')
  some.see('t1', { 'user.id': 'u-1' })
  expect(some.suppresses('t1', {})).toBe(true)
  some.see('t1', { 'user.id': 'u-2' })
  expect(some.suppresses('t1', {})).toBe(false)
  expect(some.suppresses('t1', { 'user.id': 'u-1' })).toBe(true)
  expect(some.suppresses('t1', { 'user.id': 'u-2' })).toBe(false)
})

it('several ids on one record are one person: the name beside the id makes nobody of another', () => {
  const some = subjects('u-1')
  some.see('t1', { 'user.id': 'u-1', 'user.email': 'bob@example.com', 'session.id': 's-1' })
  expect(some.suppresses('t1', {})).toBe(true)
  expect(some.suppresses(undefined, { 'session.id': 's-1' })).toBe(true)
})

it('a list that comes later holds for the traces that are known, and one that is lifted no more', () => {
  const some = subjects()
  expect(some.suppresses('t1', { 'user.id': 'u-1' })).toBe(false)
  some.replace(listOf('u-1'))
  // masked in the meantime
  expect(some.suppressesWaiting('t1', { 'user.id': '[EMAIL]' })).toBe(true)
  some.replace(listOf('u-2'))
  expect(some.suppressesWaiting('t1', {})).toBe(false)
  some.replace(listOf())
  expect(some.suppresses('t1', { 'user.id': 'u-1' })).toBe(false)
})

it('a resource that names the person keeps all of its records back', () => {
  const some = subjects('u-1')
  const own = { attributes: { 'user.id': 'u-1' } }
  expect(some.suppresses(undefined, {}, own)).toBe(true)
  some.replace(listOf('u-2'))
  expect(some.suppresses(undefined, {}, own)).toBe(false)
})

it('remembers a bounded number of traces, and those of suppressed persons longest', () => {
  const some = subjects('u-1')
  some.see('first', { 'user.id': 'u-1' })
  for (let n = 0; n < 50_000; n++) some.see(`t${n}`, { 'user.id': `u-${n + 2}` })
  expect(some.suppresses('first', {})).toBe(true)
})

it('5,000 requests of random traces: what is left is what the rules say', () => {
  const random = new Random(20)
  const some = subjects('u-0', 'u-1')
  const isListed = (user: unknown) => user === 'u-0' || user === 'u-1'
  let [removed, kept] = [0, 0]
  for (let round = 0; round < 5_000; round++) {
    const traces = Array.from({ length: 3 }, (_, n) => `${round.toString(16).padStart(8, '0')}${n}`.padEnd(32, 'a'))
    const spans = Array.from({ length: 1 + random.below(8) }, (_, n) => {
      const user = random.below(3) === 0 ? `u-${random.below(6)}` : undefined
      return { n, traceId: traces[random.below(3)]!, user }
    })
    const expected = spans.filter(({ traceId, user }) => {
      if (user !== undefined) return !isListed(user)
      const users = spans.filter(span => span.traceId === traceId && span.user !== undefined).map(span => span.user)
      return !(users.length > 0 && users.every(isListed))
    })
    const request = {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: spans.map(({ n, traceId, user }) => ({
                spanId: `${n}`,
                traceId,
                attributes: user === undefined ? [] : [{ key: 'user.id', value: { stringValue: user } }],
              })),
            },
          ],
        },
      ],
    }
    expect(removeRecords('traces', request, some)).toBe(expected.length)
    const left = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(scope => scope.spans))
    expect(left.map(({ spanId }) => spanId)).toEqual(expected.map(({ n }) => `${n}`))
    removed += spans.length - expected.length
    kept += expected.length
  }
  expect(Math.min(removed, kept)).toBeGreaterThan(3_000)
})
