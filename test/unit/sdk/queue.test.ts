import { describe, expect, it } from 'vitest'
import { BatchQueue } from '../../../src/sdk/queue'

function queue(
  options: {
    limit?: number
    batchSize?: number
    delayMs?: number
    send?: (batch: readonly number[], hurry: AbortSignal) => Promise<void>
  } = {},
) {
  const sent: number[][] = []
  let dropped = 0
  const of = new BatchQueue<number>({
    limit: 10,
    batchSize: 3,
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
    for (let n = 1; n <= 7; n++) of.add(n)
    await soon()
    expect(sent.flat()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(Math.max(...sent.map(batch => batch.length))).toBe(3)
    expect(of.empty).toBe(true)
  })

  it('drops and counts beyond its limit, and works on after that', async () => {
    let release = () => {}
    const held = new Promise<void>(resolve => (release = resolve))
    const { of, dropped } = queue({ limit: 4, batchSize: 2, send: () => held })
    for (let n = 0; n < 12; n++) of.add(n)
    expect(dropped()).toBe(6)
    release()
    await of.flush()
    of.add(1)
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
    of.add(1)
    of.add(2)
    await of.flush()
    expect(hurried).toEqual([true, true])
    expect(of.empty).toBe(true)
  })

  it('gives out what is not known to be delivered, the batch under way too', async () => {
    const { of } = queue({ batchSize: 2, send: () => new Promise(() => {}) })
    for (let n = 1; n <= 3; n++) of.add(n)
    expect(of.takeAll()).toEqual([1, 2, 3])
    expect(of.takeAll()).toEqual([])
  })
})
