// Who runs `afn-otel up` reads of each fault once an hour, and what to do about a damaged file.
import { afterEach, expect, it, vi } from 'vitest'
import { faults, tellFault } from '../../../src/backend/faults'

afterEach(() => {
  vi.restoreAllMocks()
})

it('a fault is told again when it is still there after an hour, and counted each time', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  const clock = vi.spyOn(performance, 'now')
  const before = faults.count
  const tell = (minute: number, bytes: number) => {
    clock.mockReturnValue(1e9 + minute * 60_000)
    tellFault('not stored', new Error(`IO Error: No space left, ${bytes} bytes`))
  }
  for (let minute = 0; minute <= 130; minute++) tell(minute, minute)
  expect(told.mock.calls.flat()).toEqual(
    [0, 60, 120].map(n => `afn-otel up: not stored (IO Error: No space left, ${n} bytes)`),
  )
  expect(faults.count - before).toBe(131)
})

it('of a damaged file it says what to do', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  tellFault('not answered', new Error('IO Error: Corrupt database file: computed checksum 1 does not match'))
  expect(told.mock.calls.join()).toMatch(/; stop it and restart it with --repair$/)
})
