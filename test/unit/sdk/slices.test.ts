// Work between two turns of the application. The oracle is Node's own event loop, whose turns are counted.
import { expect, it } from 'vitest'
import { WaitingRoom } from '../../../src/app/llm/spans/waiting-room'
import { Slices } from '../../../src/app/sdk/slices'

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

function slices(work: (piece: number) => void = () => {}) {
  const done: number[] = []
  const of = new Slices<number>(new WaitingRoom(), piece => {
    work(piece)
    done.push(piece)
  })
  const add = (count: number, bytes = 1) => {
    for (let i = 0; i < count; i++) of.add(i, bytes)
  }
  return { of, done, add }
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

it('nothing is done in the turn in which it comes up, and all of it later, in its order', async () => {
  const { of, done, add } = slices()
  add(200)
  expect(done).toEqual([])
  await of.finish()
  expect(done).toEqual(numbers(200))
})

it('a few pieces are done without anybody who waits for them', async () => {
  const { done, add } = slices()
  add(3)
  while (done.length < 3) await turn()
  expect(done).toEqual([0, 1, 2])
})

it('other work of the event loop gets its turn between pieces that take long', async () => {
  const { of, add } = slices(() => {
    const until = performance.now() + 1
    while (performance.now() < until);
  })
  add(200)
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  await of.finish()
  isOver = true
  // 200 ms of work in slices of 2 ms, and a piece more each where the machine is slow
  expect(turns).toBeGreaterThan(40)
})

it('the event loop goes round between the parts of a piece, and those of the next one come after them', async () => {
  const parts: string[] = []
  let turns = 0
  const of = new Slices<string>(new WaitingRoom(), piece => {
    const until = performance.now() + 3
    while (performance.now() < until);
    parts.push(`${piece}${turns}`)
    return parts.length % 3 !== 0
  })
  const count = () => {
    turns++
    if (of.size > 0) setImmediate(count)
  }
  of.add('a', 1)
  of.add('b', 1)
  setImmediate(count)
  await of.finish()
  expect(parts.map(part => part[0]).join('')).toBe('aaabbb')
  expect(new Set(parts).size).toBe(6)
  expect(of.size).toBe(0)
  of.add('c', 1)
  of.finishNow()
  expect(parts).toHaveLength(9)
})

it('whoever waits for what is there is not kept by what comes later', async () => {
  const { of, done } = slices(piece => {
    // so that a slice, which ends by the clock, holds a small part of them on the fastest machine
    const until = performance.now() + 0.1
    while (performance.now() < until);
    if (done.length < 2_000) of.add(piece + 1, 1)
  })
  of.add(0, 1)
  await of.finish()
  expect(done.length).toBeLessThan(2_000)
  of.finishNow()
})

it.each([
  ['pieces', 5_000, 1, 4_096],
  ['bytes', 100, 1_000_000, 16],
])(
  'no more wait than memory allows, in %s: the oldest are done at once, and nothing is lost',
  async (_, count, bytes, most) => {
    const { of, done, add } = slices()
    add(count, bytes)
    expect(of.size).toBe(most)
    expect(done).toEqual(numbers(count - most))
    await of.finish()
    expect(done).toEqual(numbers(count))
  },
)

it('a process that ends has all of it done within the tick', () => {
  const { of, done, add } = slices()
  add(100)
  of.finishNow()
  expect(done).toEqual(numbers(100))
  expect(of.size).toBe(0)
})
