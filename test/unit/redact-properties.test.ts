import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { harmless, keyed, personal, pick, secrets, seeded, wrappers } from './redact-corpus'

const ROUNDS = 60

describe('planted values never survive', () => {
  for (const [kind, make] of Object.entries({ ...personal, ...secrets })) {
    it(kind, () => {
      const random = seeded(kind.length)
      for (const [wrapper, wrap] of Object.entries(wrappers)) {
        for (let round = 0; round < ROUNDS; round++) {
          const planted = make(random)
          const redacted = redact(wrap(planted))
          expect(redacted, `${wrapper}: ${planted}`).not.toContain(planted.replace(/^Bearer /, ''))
          expect(redacted, `${wrapper}: ${planted}`).toMatch(/\[[A-Z_]+\]/)
        }
      }
    })
  }
})

describe('values that only their key gives away never survive', () => {
  for (const [kind, make] of Object.entries(keyed)) {
    it(kind, () => {
      const random = seeded(kind.length + 100)
      for (const [wrapper, wrap] of Object.entries(wrappers)) {
        for (let round = 0; round < ROUNDS; round++) {
          const [text, value] = make(random)
          expect(redact(wrap(text)), `${wrapper}: ${text}`).not.toContain(value)
        }
      }
    })
  }
})

describe('harmless text passes byte for byte', () => {
  for (const [kind, make] of Object.entries(harmless)) {
    it(kind, () => {
      const random = seeded(kind.length + 200)
      for (const wrap of Object.values(wrappers)) {
        for (let round = 0; round < ROUNDS; round++) {
          const text = wrap(make(random))
          expect(redact(text)).toBe(text)
        }
      }
    })
  }

  it('and next to each other', () => {
    const random = seeded(7)
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 6 }, () => pick(random, Object.values(harmless))(random)).join(
        pick(random, [' ', '\n', ', ', '; ']),
      )
      expect(redact(text)).toBe(text)
    }
  })
})

/** A text of planted and harmless pieces. */
function mixture(seed: number): string {
  const random = seeded(seed)
  const makers = [...Object.values(personal), ...Object.values(secrets), ...Object.values(harmless)]
  const pieces = Array.from({ length: 5 }, () =>
    random() < 0.3 ? pick(random, Object.values(keyed))(random)[0] : pick(random, makers)(random),
  )
  return pieces.join(pick(random, [' ', '\n', ', ', '; ', ' | ', ': ', '. ', ' "', '\t']))
}

it('a second pass finds nothing', () => {
  for (let seed = 0; seed < 4000; seed++) {
    const once = redact(mixture(seed))
    expect(redact(once), `seed ${seed}`).toBe(once)
  }
})

it('valid JSON stays valid, at any depth', () => {
  for (let seed = 0; seed < 1500; seed++) {
    const inner = JSON.stringify({
      text: mixture(seed),
      password: mixture(seed + 1),
      n: 4111111111111111,
      'set-cookie': [mixture(seed + 2)],
    })
    const middle = JSON.stringify({ inner, credentials: { user: mixture(seed + 3), pin: 1234 } })
    const redacted = JSON.parse(redact(JSON.stringify([middle]))) as string[]
    const again = JSON.parse(redacted[0]!) as { inner: string; credentials: object }
    expect(JSON.parse(again.inner), `seed ${seed}`).toMatchObject({
      password: '[REDACTED]',
      n: '[CARD]',
      'set-cookie': ['[REDACTED]'],
    })
    expect(again.credentials).toEqual({ user: '[REDACTED]', pin: 1234 })
  }
})
