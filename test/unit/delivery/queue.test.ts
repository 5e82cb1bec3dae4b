// The rules of OpenTelemetry's batching processors, with a clock of the test's own. The cases that name a suite are upstream's,
// rewritten: opentelemetry-js, packages/sdk-trace/test/common/export/BatchSpanProcessorBase.test.ts ("BSP") and
// experimental/packages/sdk-logs/test/common/export/BatchLogRecordProcessor.test.ts ("BLRP").
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Attempt, BatchQueue, type Outcome, type QueueOptions } from '../../../src/app/delivery/queue'

type Send = (batch: readonly number[], attempt: Attempt) => Promise<Outcome>

function queueOf(options: Partial<Omit<QueueOptions<number>, 'onDropped'>> = {}) {
  const sent: number[][] = []
  const dropped: string[] = []
  const answers: (() => void)[] = []
  const { send = async () => 'over', ...rest } = options
  const queue = new BatchQueue<number>({
    limit: 100,
    limitBytes: 100_000,
    batchSize: 5,
    batchBytes: 10_000,
    delayMs: 2_500,
    flushTimeoutMs: 30_000,
    ...rest,
    send(batch, attempt) {
      sent.push([...batch])
      return send(batch, attempt)
    },
    answers: async () => false,
    onDropped: (reason, count) => dropped.push(...Array(count).fill(reason)),
  })
  /** The server answers the oldest request. */
  const answer = async () => {
    answers.shift()?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  const add = (...items: number[]) => {
    for (const item of items) queue.add(item, 1)
  }
  return { queue, sent, dropped, answers, answer, add }
}

/** Requests that are answered when the test says so. */
function held(options: Parameters<typeof queueOf>[0] = {}) {
  const send: Send = () => new Promise(resolve => of.answers.push(() => resolve('over')))
  const of = queueOf({ ...options, send })
  return of
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a batch leaves', () => {
  it('when it is full, without waiting for the delay, and what is left over waits its own (BLRP: immediate export, partial batch by timer)', async () => {
    const { sent, add } = queueOf()
    add(...numbers(1, 7))
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toEqual([[1, 2, 3, 4, 5]])
    await vi.advanceTimersByTimeAsync(2_499)
    expect(sent).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([
      [1, 2, 3, 4, 5],
      [6, 7],
    ])
  })

  it('when its bytes are full', async () => {
    const { queue, sent } = queueOf({ batchBytes: 100 })
    for (const bytes of [60, 30, 20, 500, 1, 99, 1]) queue.add(bytes, bytes)
    await queue.flush()
    expect(sent).toEqual([[60, 30], [20], [500], [1, 99], [1]])
  })

  it('when its first item has waited for the delay, and not before (BSP: timeout of a partial batch)', async () => {
    const { sent, add } = queueOf()
    add(1)
    await vi.advanceTimersByTimeAsync(2_000)
    add(2)
    await vi.advanceTimersByTimeAsync(499)
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([[1, 2]])
  })

  it('never because the request before it has ended: what came meanwhile waits until it is full or old', async () => {
    const { sent, add, answer } = held()
    add(...numbers(1, 5), 6, 7)
    await answer()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent).toEqual([[1, 2, 3, 4, 5]])
    add(8, 9, 10)
    expect(sent[1]).toEqual([6, 7, 8, 9, 10])
  })

  it('as soon as a slow request has ended, when it has grown old meanwhile, with all that came until then', async () => {
    const { sent, add, answer } = held()
    add(...numbers(1, 5), 6)
    await vi.advanceTimersByTimeAsync(3_000)
    add(7)
    expect(sent).toHaveLength(1)
    await answer()
    expect(sent[1]).toEqual([6, 7])
  })

  it('at a rate of 200 a second with answers after 20 ms at most once in five seconds', async () => {
    const { sent, add } = queueOf({
      batchSize: 512,
      limit: 8_192,
      delayMs: 5_000,
      send: () => new Promise(resolve => setTimeout(resolve, 20, 'over')),
    })
    for (let n = 0; n < 4_000; n++) {
      add(n)
      await vi.advanceTimersByTimeAsync(5)
    }
    await vi.advanceTimersByTimeAsync(6_000)
    expect(sent.flat()).toHaveLength(4_000)
    // 512 are full after 2.6 s
    expect(sent.length).toBeLessThanOrEqual(9)
  })

  it('alone: one request at a time, unless somebody flushes (BSP, BLRP: single batch at a time)', async () => {
    const { queue, sent, add, answer, dropped } = held({ limit: 6 })
    add(...numbers(1, 50))
    expect(sent).toEqual([[1, 2, 3, 4, 5]])
    expect(dropped).toHaveLength(39)
    await answer()
    expect(sent[1]).toEqual([6, 7, 8, 9, 10])
    expect(queue.size).toBe(1)
  })

  it('beside others when four full batches wait, before the queue drops anything', async () => {
    const { sent, add, dropped, answers } = held()
    add(...numbers(1, 24))
    expect(answers).toHaveLength(1)
    add(25)
    expect(answers).toHaveLength(2)
    add(...numbers(26, 100))
    expect([answers.length, sent.length, dropped.length]).toEqual([4, 4, 0])
  })

  it('never empty (BLRP: no empty exports)', async () => {
    const { queue, sent } = queueOf()
    await queue.flush()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sent).toEqual([])
  })
})

describe('a flush', () => {
  it('resolves at once when nothing waits (BSP, BLRP)', async () => {
    await queueOf().queue.flush()
  })

  it('waits for what waits and for what is under way (BLRP: forceFlush while an export is in progress)', async () => {
    const { queue, sent, add, answer } = held()
    add(...numbers(1, 5), 6)
    const done = vi.fn()
    void queue.flush().then(done)
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toEqual([[1, 2, 3, 4, 5], [6]])
    await answer()
    expect(done).not.toHaveBeenCalled()
    await answer()
    expect(done).toHaveBeenCalledOnce()
  })

  it('ends when what was there at its call is sent, while more is added without end', async () => {
    const { queue, sent, add } = queueOf({
      batchSize: 512,
      limit: 8_192,
      send: () => new Promise(resolve => setTimeout(resolve, 100, 'over')),
    })
    let next = 0
    const load = setInterval(() => add(next++, next++, next++, next++), 1)
    await vi.advanceTimersByTimeAsync(1_000)
    const before = next
    const waiting = queue.size
    expect(waiting).toBeGreaterThan(0)
    let ended = false
    void queue.flush().then(() => {
      ended = true
      expect(sent.flat()).toEqual(expect.arrayContaining(numbers(0, before - 1)))
    })
    await vi.advanceTimersByTimeAsync(400)
    clearInterval(load)
    expect(ended).toBe(true)
    expect(next).toBeGreaterThan(before)
  })

  it('sends a full queue in several requests at a time', async () => {
    const { queue, sent, add, answer } = held()
    add(...numbers(1, 100))
    void queue.flush()
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toHaveLength(4)
    await answer()
    expect(sent).toHaveLength(5)
  })

  it('says so to the batches that it waits for, and not to those that come later', async () => {
    const attempts: Attempt[] = []
    const { queue, add } = queueOf({ send: (_, attempt) => new Promise(() => attempts.push(attempt)) })
    add(...numbers(1, 5))
    expect(attempts[0]?.isFlush).toBe(false)
    void queue.flush()
    add(...numbers(6, 10))
    expect(attempts.map(({ isFlush }) => isFlush)).toEqual([true, false])
  })

  it('gives up waiting after its limit', async () => {
    const { queue, add } = held({ flushTimeoutMs: 1_000 })
    add(1)
    const done = vi.fn()
    void queue.flush().then(done)
    await vi.advanceTimersByTimeAsync(999)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(done).toHaveBeenCalledOnce()
  })
})

describe('an item that does not fit into the queue', () => {
  it('is dropped and counted beyond the limit, and later items are taken again (BSP, BLRP: maxQueueSize)', async () => {
    const { queue, add, dropped, answer } = held({ limit: 6, batchSize: 6 })
    add(...numbers(1, 20))
    expect(queue.size).toBe(6)
    expect(dropped).toEqual(Array(8).fill('queue_full'))
    await answer()
    add(21)
    expect(dropped).toHaveLength(8)
  })

  it('takes the place of what has a lower rank when the queue is full, and what has the highest is dropped last', () => {
    const { queue, dropped, sent } = held({ limit: 800, batchSize: 50 })
    queue.add(0, 1) // alone: the request that never ends
    const ranks = Array.from({ length: 20_000 }, (_, i) =>
      i % 400 === 7 ? 3 : i % 200 === 11 ? 2 : i % 3 === 0 ? 1 : 0,
    )
    for (const [i, rank] of ranks.entries()) queue.add(i * 10 + rank, 1, rank)
    const batches = queue.takeAll()
    const of = (rank: number, items: readonly number[]) => items.filter(item => item % 10 === rank).length
    // 50 and 100 of 20,000 fit whole; of the lowest rank waits what has come since the last one made room for others
    expect([of(3, batches.flat()), of(2, batches.flat())]).toEqual([50, 100])
    expect(of(0, batches.flat()) - of(0, sent.flat())).toBeLessThanOrEqual(800 / 8)
    expect(batches.flat().length + dropped.length).toBe(20_001)
    expect(new Set(dropped)).toEqual(new Set(['queue_full']))
  })

  it('costs no more the longer the queue is', () => {
    const usOfOne = (limit: number) => {
      const { queue } = held({ limit, limitBytes: 2 ** 30, batchSize: 512 })
      // a few of the lowest rank are somewhere among the others
      for (let i = 0; queue.size < limit; i++) queue.add(i, 1, i % 1_000 === 0 ? 0 : 1)
      const runs = Array.from({ length: 5 }, () => {
        const from = process.cpuUsage()
        for (let i = 0; i < 2_000; i++) queue.add(i, 1, i % 50 === 0 ? 1 : 0)
        const { user, system } = process.cpuUsage(from)
        return user + system
      })
      return Math.min(...runs)
    }
    usOfOne(1_000)
    expect(usOfOne(100_000) / usOfOne(2_000)).toBeLessThan(10)
  })

  it('says so before the work that it would take, where nothing of a lower rank waits', () => {
    const { queue, dropped } = held({ limit: 10 })
    expect(queue.drops(0)).toBe(false)
    for (let i = 0; queue.size < 10; i++) queue.add(i, 1, 1)
    expect([queue.drops(0), queue.drops(1), queue.drops(2)]).toEqual([true, true, false])
    expect(dropped).toEqual(['queue_full', 'queue_full'])
    expect(queue.size).toBe(10)
  })

  it('frees the bytes that it needs of what has a lower rank', () => {
    const { queue, dropped } = held({ limit: 1_000, limitBytes: 1_000, batchSize: 100 })
    for (let i = 0; i < 100; i++) queue.add(i, 10, 0)
    for (let i = 0; i < 5; i++) queue.add(1_000 + i, 300, 3)
    expect(dropped.every(reason => reason === 'queue_bytes_full')).toBe(true)
    const waits = queue.takeAll().flat()
    expect(waits.filter(item => item >= 1_000)).toHaveLength(3)
  })

  it('is dropped and counted beyond the limit in bytes, with a reason of its own', async () => {
    const { queue, dropped, sent } = queueOf({ limitBytes: 100 })
    for (const bytes of [60, 50, 40, 1]) queue.add(bytes, bytes)
    expect(dropped).toEqual(['queue_bytes_full', 'queue_bytes_full'])
    await queue.flush()
    expect(sent).toEqual([[60, 40]])
    queue.add(70, 70)
    expect(dropped).toHaveLength(2)
  })
})

describe('at the end of a queue', () => {
  it('after shutdown items are dropped and counted, and what was there is sent (BSP: nothing after shutdown)', async () => {
    const { queue, sent, add, dropped } = queueOf()
    add(1)
    await queue.shutdown()
    add(2)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sent).toEqual([[1]])
    expect(dropped).toEqual(['already_shutdown'])
  })

  it('everything that is not known to be delivered is handed back, also of the request under way', () => {
    const { queue, add } = held()
    add(...numbers(1, 7))
    expect(queue.takeAll()).toEqual([
      [1, 2, 3, 4, 5],
      [6, 7],
    ])
    expect(queue.takeAll()).toEqual([])
  })

  it('no timer of the queue keeps a process alive', () => {
    vi.useRealTimers()
    const { queue, add } = held()
    const refs = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
    const before = refs()
    add(1)
    void queue.flush()
    add(2)
    expect(refs()).toBe(before)
  })
})
