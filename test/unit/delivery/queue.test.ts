import { describe, expect, it } from 'vitest'
import { BatchQueue } from '../../../src/delivery/queue'

function queue(
  options: {
    limit?: number
    limitBytes?: number
    batchSize?: number
    batchBytes?: number
    delayMs?: number
    send?: (batch: readonly number[], hurry: AbortSignal) => Promise<void>
  } = {},
) {
  const sent: number[][] = []
  let dropped = 0
  const of = new BatchQueue<number>({
    limit: 10,
    limitBytes: 1_000,
    batchSize: 3,
    batchBytes: 100,
    delayMs: 5,
    send: async batch => {
      sent.push([...batch])
    },
    ...options,
    onDropped: () => dropped++,
  })
  return { of, sent, dropped: () => dropped }
}

const soon = () => new Promise(resolve => setTimeout(resolve, 40))

describe('BatchQueue', () => {
  it('sends a full batch at once and the rest after the delay, in order', async () => {
    const { of, sent } = queue()
    for (let n = 1; n <= 7; n++) of.add(n, 1)
    await soon()
    expect(sent.flat()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(Math.max(...sent.map(batch => batch.length))).toBe(3)
    expect(of.empty).toBe(true)
  })

  it('drops and counts beyond its limit, and works on after that', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => (release = resolve))
    const { of, dropped } = queue({ limit: 4, batchSize: 2, send: () => held })
    for (let n = 0; n < 12; n++) of.add(n, 1)
    expect(dropped()).toBe(6)
    release()
    await of.flush()
    of.add(1, 1)
    expect(dropped()).toBe(6)
  })

  it('a flush waits for everything and hurries what is under way', async () => {
    const hurried: boolean[] = []
    const { of } = queue({
      batchSize: 1,
      send: (_, hurry) =>
        new Promise(resolve => {
          const done = () => {
            hurried.push(hurry.aborted)
            resolve()
          }
          if (hurry.aborted) done()
          else hurry.addEventListener('abort', done)
        }),
    })
    of.add(1, 1)
    of.add(2, 1)
    await of.flush()
    expect(hurried).toEqual([true, true])
    expect(of.empty).toBe(true)
  })

  it('gives out what is not known to be delivered, the batch under way too', async () => {
    const { of } = queue({ batchSize: 2, send: () => new Promise(() => {}) })
    for (let n = 1; n <= 3; n++) of.add(n, 1)
    expect(of.takeAll()).toEqual([[1, 2], [3]])
    expect(of.takeAll()).toEqual([])
  })

  it('closes a batch before it is too large, and sends what is larger alone', async () => {
    const { of, sent } = queue({ batchSize: 10 })
    for (const bytes of [60, 30, 20, 500, 1, 99, 1]) of.add(bytes, bytes)
    await of.flush()
    expect(sent).toEqual([[60, 30], [20], [500], [1, 99], [1]])
  })

  it('sends at once when the bytes of a batch are there', async () => {
    const { of, sent } = queue({ batchSize: 10, delayMs: 100_000 })
    of.add(1, 60)
    of.add(2, 60)
    await soon()
    expect(sent).toEqual([[1], [2]])
  })

  it('drops and counts beyond its limit in bytes', async () => {
    const { of, dropped, sent } = queue({ limitBytes: 100, batchBytes: 1_000 })
    for (const bytes of [60, 50, 40, 1]) of.add(bytes, bytes)
    expect(dropped()).toBe(2)
    await of.flush()
    expect(sent).toEqual([[60, 40]])
    of.add(70, 70)
    expect(dropped()).toBe(2)
  })
})
