// What is loaded early, and when. The clock is the test's.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { warmUp } from '../../../src/app/sdk/warm-up'

let active: string[]
beforeEach(() => {
  active = ['Timeout']
  vi.useFakeTimers()
  vi.spyOn(process, 'getActiveResourcesInfo').mockImplementation(() => active)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('an app that listens has its parts loaded one by one, each in a turn of its own, one that fails too', async () => {
  const loaded: string[] = []
  const fails = () => {
    loaded.push('b')
    throw new Error('gone')
  }
  warmUp([() => void loaded.push('a'), fails, () => void loaded.push('c')])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(loaded).toEqual([])
  active = ['TCPServerWrap']
  const turns: string[][] = []
  for (let n = 0; n < 100; n++) {
    const before = loaded.length
    await vi.advanceTimersByTimeAsync(5)
    if (loaded.length > before) turns.push(loaded.slice(before))
  }
  expect(turns).toEqual([['a'], ['b'], ['c']])
  expect(vi.getTimerCount()).toBe(0)
})

it('an app that never listens loads nothing early, and is not looked at without end', async () => {
  const load = vi.fn()
  warmUp([load])
  await vi.advanceTimersByTimeAsync(120_000)
  expect(load).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
