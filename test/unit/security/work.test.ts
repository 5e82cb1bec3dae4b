// F2, F12: what bounds the work of all requests together. The clock is made, so that counts are exact.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLimits } from '../../../src/app/next/rate-limit'
import { Load, Refused } from '../../../src/backend/body'
import { eachPart } from '../../../src/shared/otlp/each-part'
import { messages } from '../../../src/shared/otlp/messages'
import { boundedRedactor, workOf } from '../../../src/shared/otlp/redaction-work'
import { createRedactor } from '../../../src/shared/redact'

afterEach(() => vi.restoreAllMocks())

let now = 0
function stopClock(): void {
  now = 1_000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
}

describe('the texts of one request', () => {
  const slow = (milliseconds: number) => {
    const redactor = createRedactor()
    const text = (value: string) => {
      now += milliseconds
      return redactor.text(value)
    }
    return { ...redactor, text }
  }

  it('F2: are replaced unread once the request has had its time, secrets too', () => {
    stopClock()
    const work = workOf(20)
    const { text, attributes } = boundedRedactor(slow(5), work)
    const long = `bob@example.com ${'word '.repeat(1_000)}`
    const texts = Array.from({ length: 8 }, () => text(long))
    expect(texts.filter(one => one.startsWith('[EMAIL]'))).toHaveLength(5)
    expect(texts.filter(one => one === '[TRUNCATED]')).toHaveLength(3)
    expect(attributes({ 'a key with bob@example.com': 1 })).toEqual({})
    expect(work.unread).toBe(4)
  })

  it('F2: do not pay for a machine that stood still', () => {
    stopClock()
    const { text } = boundedRedactor(slow(60_000), workOf(20))
    for (let n = 0; n < 50; n++) expect(text('call bob@example.com')).toBe('call [EMAIL]')
  })
})

it('F2: a flood leaves each request enough for honest texts, and locks nobody out', () => {
  stopClock()
  const limits = createLimits(120)
  const budgets: number[] = []
  for (let n = 0; n < 200; n++) {
    budgets.push(limits.work())
    limits.charge('', 15)
  }
  expect(budgets.filter(most => most === 15).length).toBeGreaterThan(60)
  expect(budgets.at(-1)).toBe(2)
  expect(limits.forwards()).toBe(true)
  // a quarter of the thread's time comes back
  now += 16_000
  expect(limits.work()).toBe(15)
})

it('F12: of sixty large requests that come together three are read, and small ones beside them', () => {
  const load = new Load()
  const shares = Array.from({ length: 60 }, () => load.share())
  const refused = new Set<number>()
  for (let chunk = 0; chunk < 64; chunk++)
    for (const [at, share] of shares.entries()) {
      if (refused.has(at)) continue
      try {
        share.take(2 ** 18)
      } catch (error) {
        expect(error).toMatchObject({ status: 503, retryAfter: 1 })
        expect(error).toBeInstanceOf(Refused)
        refused.add(at)
        share.release()
      }
    }
  expect(refused.size).toBe(57)
  expect(() => load.share().take(2 ** 18)).not.toThrow()
  for (const share of shares) share.release()
  expect(() => load.share().take(2 ** 24)).not.toThrow()
})

it('F2: however many requests are at work, other work waits for one piece of one of them', async () => {
  const request = () => ({
    resourceLogs: [{ scopeLogs: [{ logRecords: Array.from({ length: 5 }, () => ({ timeUnixNano: '1' })) }] }],
  })
  let pieces = 0
  const pieceBySide: number[] = []
  let isDone = false
  const tick = () => {
    pieceBySide.push(pieces)
    if (!isDone) setImmediate(tick)
  }
  setImmediate(tick)
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 10))
  const work = Array.from({ length: 50 }, () =>
    eachPart(messages.ExportLogsServiceRequest, request(), () => void pieces++),
  )
  const begun = pieces
  await Promise.all(work)
  isDone = true
  const steps = pieceBySide.slice(1).map((count, at) => count - pieceBySide[at]!)
  expect(begun).toBe(50)
  expect(pieces).toBeGreaterThan(250)
  expect(Math.max(...steps)).toBeLessThanOrEqual(2)
})
