import { describe, expect, it } from 'vitest'
import { redactCore, SUSPECT } from '../../src/shared/redact/core'
import { createTextRedactor } from '../../src/shared/redact/engine'
import { harmless, keyed, personal, secrets, seeded, wrappers } from './redact-corpus'

const rounds = 40
/** What the core leaves to the engine: phone numbers, keys of rarer issuers, headers and flags, other languages. */
const { mobile: _m, mobileBlock: _b, fixed: _f, international: _i, american: _a, ...personalOfCore } = personal
const { langfuse: _l, xai: _x, ...secretsOfCore } = secrets
const { cookie: _c, flag: _g, japanese: _j, ...keyedOfCore } = keyed

describe.each(Object.entries(wrappers))('the core, %s', (_, wrap) => {
  it.each(Object.entries({ ...personalOfCore, ...secretsOfCore }))('masks %s', (_, make) => {
    const random = seeded(7)
    for (let round = 0; round < rounds; round++) {
      const value = make(random)
      expect(redactCore(wrap(value))).not.toContain(value.replace(/^Bearer /, ''))
    }
  })

  it.each(Object.entries(keyedOfCore))('masks a value by its key, %s', (_, make) => {
    const random = seeded(8)
    for (let round = 0; round < rounds; round++) {
      const [text, value] = make(random)
      expect(redactCore(wrap(text))).not.toContain(value)
    }
  })

  it.each(Object.entries(harmless))('leaves %s', (_, make) => {
    const random = seeded(9)
    for (let round = 0; round < rounds; round++) {
      const text = wrap(make(random))
      expect(redactCore(text)).toBe(text)
    }
  })

  it('leaves its own masks, and so does the engine', () => {
    const engine = createTextRedactor()
    const random = seeded(10)
    for (const make of Object.values({ ...personalOfCore, ...secretsOfCore })) {
      const once = redactCore(wrap(make(random)))
      expect(redactCore(once)).toBe(once)
      expect(engine(once)).toBe(once)
    }
  })
})

it('masks nothing in a text that is clean at the first look', () => {
  const pieces = [
    ...[
      'sk-',
      'ghp_',
      'AKIA',
      'AIza',
      'xoxb-',
      'SG.',
      'whsec_',
      'eyJ',
      'Bearer ',
      'basic ',
      'password',
      'api_key',
      '-----BEGIN ',
    ],
    ...['PRIVATE KEY', '--', ' ', ' ', '-', '_', '.', '/', '\\', '"', '#', ':', '=', '@', '%40', '%3D', '?', '&'],
    ...['abcdefghij', 'KLMNOPQRST', 'aB', 'x', '7', '42', '378', '4242', 'com', 'ü'],
  ]
  const random = seeded(11)
  const below = (most: number) => Math.floor(random() * most)
  let clean = 0
  for (let round = 0; round < 50_000; round++) {
    const text = Array.from({ length: 1 + below(10) }, () => pieces[below(pieces.length)]).join('')
    if (SUSPECT.test(text)) continue
    clean++
    expect(redactCore(text)).toBe(text)
  }
  expect(clean).toBeGreaterThan(5_000)
})
