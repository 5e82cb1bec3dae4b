import { expect, it } from 'vitest'
import { retryAfterMs } from '../../src/shared/retry-after'

const now = Date.parse('Wed, 02 Dec 2026 15:00:00 GMT')

it.each([
  ['0', 0],
  ['7', 7_000],
  ['1.5', 1_500],
  ['Wed, 02 Dec 2026 15:00:30 GMT', 30_000],
])('a server that asks for %s is waited for', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})

it.each([null, undefined, '', '-1', '-40', '-1.5', 'soon', '0x10', 'Infinity', 'Wed, 02 Dec 2026 14:59:00 GMT'])(
  '%s asks for nothing, so the client keeps its own pace',
  header => {
    expect(retryAfterMs(header, now)).toBeUndefined()
  },
)
