import { describe, expect, it } from 'vitest'
import { createRedactor, redact } from '../../src/shared/redact'
import { CleanTexts } from '../../src/shared/redact/scan/clean-texts'

describe('texts in which nothing was found', () => {
  it('are known again', () => {
    const clean = new CleanTexts()
    clean.add('SELECT 1')
    expect([clean.has('SELECT 1'), clean.has('SELECT 2')]).toEqual([true, false])
  })

  it('are forgotten after many others, and long ones are not kept: memory is bounded', () => {
    const clean = new CleanTexts()
    clean.add('first')
    clean.add('x'.repeat(20_000))
    for (let n = 0; n < 1_000; n++) clean.add(`${n}${'y'.repeat(1_000)}`)
    const kept = Array.from({ length: 1_000 }, (_, n) => clean.has(`${n}${'y'.repeat(1_000)}`)).filter(Boolean).length
    expect([clean.has('first'), clean.has('x'.repeat(20_000))]).toEqual([false, false])
    expect(kept).toBeGreaterThan(200)
    expect(kept).toBeLessThan(600)
  })

  it('do not hide what is found in a text that is like them', () => {
    for (let n = 0; n < 3; n++) {
      expect(redact('write to the office')).toBe('write to the office')
      expect(redact('write to bob@example.com')).toBe('write to [EMAIL]')
    }
  })

  it('count as read each time', () => {
    const redactor = createRedactor()
    for (let n = 0; n < 3; n++) redactor.text('nothing in here')
    expect(redactor.counts.values).toBe(3)
  })
})
