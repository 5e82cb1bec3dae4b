// What a queue does while nobody takes its batches, with a clock of the test's own.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Attempt, BatchQueue, type Outcome, type QueueOptions } from '../../../src/app/delivery/queue'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const refused: Outcome = { answered: false }
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

type Answer = (batch: readonly number[]) => Outcome | Promise<Outcome>

/** A receiver that does as the test says, and a queue in front of it. */
function receiver(first: Answer = () => refused, options: Partial<QueueOptions<number>> = {}) {
  const began = Date.now()
  const of = {
    answer: first,
    answersOthers: false,
    taken: [] as number[],
    /** Seconds after the start. */
    tries: [] as number[],
    attempts: [] as Attempt[],
    asked: 0,
    dropped: {} as Record<string, number>,
  }
  const queue = new BatchQueue<number>({
    limit: 100,
    limitBytes: 100_000,
    batchSize: 5,
    batchBytes: 10_000,
    delayMs: 1_000,
    flushTimeoutMs: 30_000,
    ...options,
    async send(batch, attempt) {
      of.tries.push((Date.now() - began) / 1_000)
      of.attempts.push(attempt)
      const outcome = await of.answer(batch)
      if (outcome === 'over') of.taken.push(...batch)
      return outcome
    },
    async answers() {
      of.asked++
      return of.answersOthers
    },
    onDropped(reason, count) {
      of.dropped[reason] = (of.dropped[reason] ?? 0) + count
    },
  })
  const add = (...items: number[]) => {
    for (const item of items) queue.add(item, 1)
  }
  return Object.assign(of, { queue, add })
}

const sorted = (items: readonly number[]) => [...items].sort((a, b) => a - b)
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)

describe('while nobody takes them', () => {
  it.each([5, 60, 600])('batches wait, for %i s too, and each comes once when somebody is there again', async away => {
    const of = receiver()
    of.add(...numbers(1, 60))
    await seconds(away)
    expect(of.taken).toEqual([])
    of.answer = () => 'over'
    await seconds(7)
    expect(sorted(of.taken)).toEqual(numbers(1, 60))
    expect(of.dropped).toEqual({})
  })

  it('one batch is tried at a time, after longer and longer pauses, of 6 s at most', async () => {
    const of = receiver()
    // before it is known that nobody is there, four full batches are tried beside each other
    of.add(...numbers(1, 15))
    await seconds(60)
    const pauses = of.tries.slice(1).map((at, i) => at - (of.tries[i] as number))
    expect(pauses.length).toBeGreaterThan(8)
    expect(pauses.length).toBeLessThan(20)
    expect(Math.min(...pauses)).toBeGreaterThan(0.7)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(6)
    expect(pauses[5]).toBeGreaterThan(pauses[0] as number)
  })

  it.each([3, 60])(
    'a server that asks for %i s is not asked before, by a flush neither, and then once',
    async asked => {
      const of = receiver(() => ({ answered: true, retryAfterMs: asked * 1_000 }))
      of.add(...numbers(1, 20))
      await seconds(1)
      void of.queue.flush()
      await seconds(asked - 1.001)
      expect(of.tries).toHaveLength(1)
      of.answer = () => 'over'
      await seconds(asked * 0.2 + 1)
      expect(of.taken).toEqual(numbers(1, 20))
    },
  )

  it('a flush ends as soon as nobody is there, and what waited still waits', async () => {
    const of = receiver()
    of.add(...numbers(1, 60))
    const flushed = vi.fn()
    void of.queue.flush().then(flushed)
    await seconds(0)
    expect(flushed).toHaveBeenCalledOnce()
    expect(of.queue.takeAll().flat()).toHaveLength(60)
  })

  it('a flush tries at once whether somebody is there again', async () => {
    const of = receiver()
    of.add(1)
    await seconds(20)
    of.answer = () => 'over'
    await of.queue.flush()
    expect(of.taken).toEqual([1])
  })

  it('what many flushes leave is sent in as few requests as otherwise', async () => {
    const of = receiver(undefined, { batchSize: 50 })
    for (const one of numbers(1, 90)) {
      of.add(one)
      await of.queue.flush()
    }
    of.answer = () => 'over'
    const before = of.tries.length
    await seconds(10)
    expect(of.taken).toHaveLength(90)
    expect(of.tries.length - before).toBeLessThan(6)
  })

  it('the queue fills up, and then what has the lowest rank goes first, counted, also when a batch comes back', async () => {
    const of = receiver()
    const ranks = Array.from({ length: 400 }, (_, i) => (i % 20 === 0 ? 3 : i % 10 === 1 ? 2 : i % 2))
    for (const [i, rank] of ranks.entries()) {
      of.queue.add(i * 10 + rank, 1, rank)
      if (i % 10 === 0) await seconds(1)
    }
    const left = of.queue.takeAll()
    const of400 = (rank: number) => ranks.filter(one => one === rank).length
    const count = (rank: number) => left.flat().filter(item => item % 10 === rank).length
    expect([count(3), count(2)]).toEqual([of400(3), of400(2)])
    expect(left.flat().length + (of.dropped.queue_full ?? 0)).toBe(400)
    // and of all that is left what may find no room elsewhere comes last
    const order = left.flat().map(item => item % 10)
    expect(order).toEqual([...order].sort((a, b) => b - a))
  })

  it('the bytes are the limit too when a batch comes back', async () => {
    const answers: ((outcome: Outcome) => void)[] = []
    const of = receiver(() => new Promise(resolve => answers.push(resolve)), { limitBytes: 100, batchBytes: 40 })
    for (let i = 0; i < 14; i++) of.queue.add(i, 10)
    expect(of.dropped).toEqual({})
    answers[0]?.(refused)
    await seconds(0)
    expect(of.dropped).toEqual({ queue_bytes_full: 4 })
    expect(of.queue.size).toBe(10)
  })
})

describe('a request whose time is over', () => {
  /** Its answer comes when the test says so. */
  function open() {
    let tell = (_: Outcome) => {}
    const end = new Promise<Outcome>(resolve => {
      tell = resolve
    })
    const giveUp = vi.fn(() => tell(refused))
    return { outcome: { answered: false, open: { end, giveUp } } as Outcome, tell, giveUp }
  }

  it('is not made again while nobody answers others: it may be taken yet', async () => {
    const { outcome, tell } = open()
    const of = receiver(() => outcome)
    of.add(...numbers(1, 10))
    await seconds(600)
    expect(of.tries).toHaveLength(1)
    expect(of.asked).toBeGreaterThan(50)
    of.answer = () => 'over'
    tell('over')
    await seconds(0)
    // the first batch was taken by the request that was not answered in time
    expect(of.taken).toEqual(numbers(6, 10))
    expect(of.queue.takeAll()).toEqual([])
  })

  it('is given up and made again once others are answered and it is not', async () => {
    const { outcome, giveUp } = open()
    const of = receiver(() => outcome)
    of.add(...numbers(1, 10))
    await seconds(30)
    of.answer = () => 'over'
    of.answersOthers = true
    await seconds(20)
    expect(giveUp).toHaveBeenCalled()
    expect(sorted(of.taken)).toEqual(numbers(1, 10))
  })

  it('is not given up for the answer of one that was made before: its own may come as late', async () => {
    const { outcome, giveUp, tell } = open()
    let answerOther = (_: Outcome) => {}
    const of = receiver(batch =>
      batch.includes(1)
        ? outcome
        : new Promise(resolve => {
            answerOther = resolve
          }),
    )
    of.add(...numbers(1, 10))
    void of.queue.flush()
    await seconds(0)
    answerOther('over')
    await seconds(60)
    expect(giveUp).not.toHaveBeenCalled()
    tell('over')
    await seconds(0)
    expect([of.queue.takeAll(), of.tries.length]).toEqual([[], 2])
  })

  it('is part of what a process that ends leaves, and of nothing when it was taken', async () => {
    const { outcome, tell } = open()
    const of = receiver(() => outcome)
    of.add(...numbers(1, 5))
    await seconds(30)
    expect(of.queue.untaken).toBe(5)
    expect(of.queue.takeAll().flat()).toEqual(numbers(1, 5))
    tell('over')
    await seconds(30)
    expect([of.queue.untaken, of.queue.takeAll(), of.tries.length]).toEqual([0, [], 1])
  })
})

it('a batch that a server calls too large is sent in halves, at once', async () => {
  const of = receiver(() => 'over', { batchSize: 40 })
  of.answer = batch => (batch.length > 10 ? { answered: true, tooLarge: true } : 'over')
  of.add(...numbers(1, 40))
  await seconds(0)
  expect(sorted(of.taken)).toEqual(numbers(1, 40))
  expect(of.tries).toEqual(Array(7).fill(0))
})

describe('where more can wait elsewhere', () => {
  it('the oldest batches go there while nobody takes them, and none is dropped', async () => {
    const of = receiver()
    const kept: number[] = []
    const onTaken = vi.fn()
    of.queue.overflow = {
      async keep(batch) {
        await new Promise(resolve => setTimeout(resolve, 5))
        kept.push(...batch)
        return true
      },
      onTaken,
    }
    for (const one of numbers(1, 300)) {
      of.add(one)
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(of.dropped).toEqual({})
    expect(of.queue.size).toBeLessThanOrEqual(55)
    expect(onTaken).not.toHaveBeenCalled()
    of.answer = () => 'over'
    await seconds(7)
    expect(sorted([...kept, ...of.taken])).toEqual(numbers(1, 300))
    expect(onTaken).toHaveBeenCalledOnce()
  })

  it('what is still on its way there when somebody takes batches again is told when it has come', async () => {
    const of = receiver()
    const events: string[] = []
    of.queue.overflow = {
      async keep() {
        await new Promise(resolve => setTimeout(resolve, 20_000))
        events.push('kept')
        return true
      },
      onTaken: () => events.push('taken'),
    }
    of.add(...numbers(1, 90))
    await seconds(3)
    of.answer = () => 'over'
    await seconds(60)
    expect(events).toEqual(['taken', 'kept', 'taken'])
  })

  it('and no room is left there, the queue fills up as without', async () => {
    const of = receiver()
    const keep = vi.fn(async () => false)
    of.queue.overflow = { keep, onTaken() {} }
    for (const one of numbers(1, 300)) {
      of.add(one)
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(of.queue.size).toBeGreaterThan(90)
    expect(of.queue.size + (of.dropped.queue_full ?? 0)).toBeGreaterThanOrEqual(295)
    // asked once in a pause, not for each batch
    expect(keep.mock.calls.length).toBeLessThan(10)
  })

  it('nothing goes there while somebody is slow', async () => {
    const of = receiver(() => new Promise(() => {}))
    const keep = vi.fn(async () => true)
    of.queue.overflow = { keep, onTaken() {} }
    of.add(...numbers(1, 100))
    await seconds(60)
    expect(keep).not.toHaveBeenCalled()
  })
})
