import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { redactCore } from '../../src/shared/redact/core'
import { isLong } from '../support/long'
import { dear, hostile, hostileToCore } from './redact-hostile'

const repeat = (piece: string, length: number, end: string) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length) + end

const ENDS = ['', 'a@"']
const ROUNDS = isLong('redaction') ? 4 : 2

/** CPU time of one call in microseconds: the least of some rounds of a few milliseconds each. */
function cost(read: (text: string) => string, text: string): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const from = process.cpuUsage()
    let calls = 0
    let spent = 0
    while (spent < 2000) {
      read(text)
      calls++
      const { user, system } = process.cpuUsage(from)
      spent = user + system
    }
    least = Math.min(least, spent / calls)
  }
  return least
}

/** @param turn says which end a piece has in the short version: half of them have either */
function expectLinear(read: (text: string) => string, piece: string, turn: number): void {
  for (const end of isLong('redaction') ? ENDS : [ENDS[turn % 2]!]) {
    const small = repeat(piece, 4096, end)
    const large = repeat(piece, 16384, end)
    let ratio = cost(read, large) / cost(read, small)
    // a busy machine can spoil one measurement, not eight
    for (let again = 0; again < 7 && ratio > 6; again++) ratio = Math.min(ratio, cost(read, large) / cost(read, small))
    expect(ratio).toBeLessThanOrEqual(6)
  }
}

describe('no piece is dearer than 20 times as many characters of addresses that are masked', () => {
  const addresses = repeat('alice@example.com ', 8192, '')
  const dearest = (piece: string) => cost(redact, repeat(piece, 8192, '')) / cost(redact, addresses)
  it.each(dear.map(piece => [JSON.stringify(piece), piece]))('%s', (_, piece) => {
    let ratio = dearest(piece)
    for (let again = 0; again < 7 && ratio > 20; again++) ratio = Math.min(ratio, dearest(piece))
    expect(ratio).toBeLessThan(20)
  })
})

describe('four times the text costs at most six times as much', () => {
  for (const [turn, piece] of hostile.entries()) it(JSON.stringify(piece), () => expectLinear(redact, piece, turn))
  for (const [turn, piece] of hostileToCore.entries())
    it(`${JSON.stringify(piece)}, in the core`, () => expectLinear(redactCore, piece, turn))
})
