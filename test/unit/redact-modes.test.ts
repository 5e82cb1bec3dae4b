import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createRedactor, defineDetector, type RedactOptions } from '../../src/shared/redact'
import { keyed, personal, pick, secrets, seeded } from './redact-corpus'

const key = '0123456789abcdef0123456789abcdef'
const hmac = (text: string) => createHmac('sha256', key).update(text).digest('hex')
const first = (text: string) => hmac(text).slice(0, 16)
const PEM = `-----BEGIN ${'PRIVATE'} KEY-----\n${'Ab1/'.repeat(20)}\n-----END ${'PRIVATE'} KEY-----`

describe('a pseudonym', () => {
  const redactor = createRedactor({ mode: 'pseudonym', hmac })

  it.each([
    // what HMAC-SHA256 of the normalised value begins with, in whatever way the value is written
    ['bob@example.com', `[EMAIL:${first('bob@example.com')}]`],
    ['Bob@Example.COM', `[EMAIL:${first('bob@example.com')}]`],
    ['x=bob%40example.com', `x=[EMAIL:${first('bob@example.com')}]`],
    [String.raw`"bob\u0040example.com"`, `"[EMAIL:${first('bob@example.com')}]"`],
    ['ｂｏｂ＠ｅｘａｍｐｌｅ．ｃｏｍ', `[EMAIL:${first('bob@example.com')}]`],
    ['4111 1111 1111 1111', `[CARD:${first('4111111111111111')}]`],
    ['+81 90-1234-5678', `[PHONE:${first('+819012345678')}]`],
    ['090-1234-5678', `[PHONE:${first('+819012345678')}]`],
    ['(212) 555-0123', `[PHONE:${first('+12125550123')}]`],
    ['{"n":4111111111111111}', `{"n":"[CARD:${first('4111111111111111')}]"}`],
    // a secret has none: equal passwords would tell each other
    ['password=hunter22', 'password=[REDACTED]'],
  ])('of %s', (text, redacted) => expect(redactor.text(text)).toBe(redacted))

  it('is a mask where there is no key', () => {
    expect(createRedactor({ mode: 'pseudonym' }).text('bob@example.com')).toBe('[EMAIL]')
  })
})

it.each<[string, RedactOptions, string, unknown, unknown]>([
  ['by type', { types: { EMAIL: 'partial', SECRET: 'drop' } }, 'a', 'bob@example.com', '[EMAIL:*ecom]'],
  ['the last four of a card', { mode: 'partial' }, 'a', 'card 4111 1111 1111 1111', 'card [CARD:*1111]'],
  ['no last four of a short secret', { types: { REDACTED: 'partial' } }, 'a', 'password=hunter22', 'password=[REDACTED]'],
  ['nothing', { mode: 'drop' }, 'a', 'mail bob@example.com now', 'mail  now'],
  ['but the mask of a secret', { types: { REDACTED: 'drop' } }, 'a', 'password=hunter22 x=1', 'password=[REDACTED] x=1'],
  ['by key', { keys: { 'user.*': 'pseudonym' }, hmac }, 'user.email', 'Bob@x.io', `[EMAIL:${first('bob@x.io')}]`],
  ['by key of another', { keys: { 'user.*': 'pseudonym' }, hmac }, 'url', 'bob@x.io', '[EMAIL]'],
  ['by key, in a map', { keys: { mail: 'partial' } }, 'body', { mail: ['bob@x.io.example'] }, { mail: ['[EMAIL:*mple]'] }],
  ['no attribute', { keys: { 'user.email': 'drop' } }, 'user.email', 'anything', undefined],
  ['no member of a map', { keys: { mail: 'drop' } }, 'body', { mail: 'x', a: 1 }, { a: 1 }],
  ['an allowed key', { allow: { keys: ['author'] } }, 'author', 'bob@x.io', 'bob@x.io'],
  ['an allowed value', { allow: { values: ['Support@x.io'] } }, 'a', 'support@x.io, bob@x.io', 'support@x.io, [EMAIL]'],
  ['an allowed pattern, whole', { allow: { values: [/[a-z]{1,9}@x\.io/] } }, 'a', 'bob@x.io a@x.io.de', 'bob@x.io [EMAIL]'],
  ['an allowed secret', { allow: { values: ['hunter22'] } }, 'password', 'hunter22', 'hunter22'],
  ['a denied key', { deny: { keys: ['note'] } }, 'note', 'anything', '[REDACTED]'],
  ['a denied key, numbers too', { deny: { keys: ['note'] } }, 'note', { a: [7] }, { a: ['[REDACTED]'] }],
  ['a denied key that is allowed', { deny: { keys: ['a*'] }, allow: { keys: ['ab'] } }, 'ab', 'x', '[REDACTED]'],
  ['a denied key by mode', { deny: { keys: ['user.id'] }, keys: { 'user.id': 'pseudonym' }, hmac }, 'user.id', 'u7', `[REDACTED:${first('u7')}]`],
  ['the same, one hit', { deny: { keys: ['user.id'] }, keys: { 'user.id': 'pseudonym' }, hmac }, 'user.id', 'Bob@x.io', `[EMAIL:${first('bob@x.io')}]`],
  ['a denied word', { deny: { values: ['falcon', '田中'] } }, 'a', 'Falcon, falcons; 田中さん', '[REDACTED], falcons; [REDACTED]さん'],
  ['a denied pattern beside others', { deny: { values: [/CASE-\d{4}/] } }, 'a', 'a@x.io CASE-1234 b@x.io', '[EMAIL] [REDACTED] [EMAIL]'],
  ['a denied value in a key', { deny: { values: ['falcon'] } }, 'a', { 'x falcon': 1 }, { 'x [REDACTED]': 1 }],
  ['nothing where redaction is off', { enabled: false, deny: { keys: ['a'], values: ['b'] } }, 'a', 'b c@x.io', 'b c@x.io'],
])('%s', (_, options, key, value, redacted) => {
  expect(createRedactor(options).value(key, value)).toEqual(redacted)
}) // biome-ignore format: a table

describe('a detector of the user', () => {
  const employee = defineDetector({ type: 'EMPLOYEE', pattern: /\bE-\d{6}\b/i, accepts: value => value !== 'E-000000' })

  it('finds, names and refuses', () => {
    const redactor = createRedactor({ detectors: [employee] })
    expect(redactor.text('E-123456 and e-654321, not E-000000; bob@x.io')).toBe(
      '[EMPLOYEE] and [EMPLOYEE], not E-000000; [EMAIL]',
    )
    expect(redactor.detectors).toContain('EMPLOYEE')
    expect(redactor.text('password=E-123456')).toBe('password=[REDACTED]')
  })

  it.each([
    [/a+b/, 'the repetition `+` has no upper bound'],
    [/(?:a|b)*/, 'the repetition `*` has no upper bound'],
    [/\d{3,}/, 'the repetition `{3,}` has no upper bound'],
    [/(?:a{1,20}){1,20}/, 'ways at one place (at most 5000)'],
    [/[\w.]{1,64}@[\w.]{1,253}/, 'it can match in 16192 ways'],
    [/(a)\1/, 'it refers back to a group'],
    [/a{0,3}/, 'it also matches an empty text'],
    [/(?=x)/, 'it also matches an empty text'],
  ])('with the pattern %s does not pass the growth check', (pattern, why) => {
    expect(() => defineDetector({ type: 'X', pattern })).toThrow(/capitals/)
    expect(() => defineDetector({ type: 'XY', pattern })).toThrow(why)
    expect(() => createRedactor({ allow: { values: [pattern] } })).toThrow(why)
    expect(() => createRedactor({ deny: { values: [pattern] } })).toThrow(why)
  })

  it.each([
    /[[\]+*]{2}x/,
    /\w{2,4}-(?:\d{4}|[a-f]{6,12})(?!\d)/i,
    /\p{Lu}{3}\u{1F600}/u,
    /^(?<year>\d{4})$/m,
    /a\+{1,2}?b/,
  ])('may be %s', pattern => expect(() => defineDetector({ type: 'XY', pattern })).not.toThrow())
})

describe.each(['mask', 'pseudonym', 'partial', 'drop'] as const)('in the mode %s', mode => {
  const types = { REDACTED: mode, SECRET: mode, JWT: mode }
  const digits = defineDetector({ type: 'API_TOKEN', pattern: /tok\d{8}/ })
  const redactor = createRedactor({ mode, types, hmac: text => hmac(text).replace(/[a-f]/g, '4'), detectors: [digits] })

  it('a second pass finds nothing', () => {
    const makers = [...Object.values(personal), ...Object.values(secrets), () => 'tok12345678', () => PEM]
    for (let seed = 0; seed < 2000; seed++) {
      const random = seeded(seed)
      const parts = Array.from({ length: 5 }, () =>
        random() < 0.3 ? pick(random, Object.values(keyed))(random)[0] : pick(random, makers)(random),
      )
      const once = redactor.text(parts.join(pick(random, [' ', '\n', ', ', '; ', ': ', '. ', '"', '\t', '='])))
      expect(redactor.text(once), `seed ${seed}`).toBe(once)
    }
  })
})

describe('the counts of a redactor', () => {
  it('say what was done, by type', () => {
    const redactor = createRedactor({ allow: { values: ['a@x.io'] } })
    redactor.attributes({ a: 'a@x.io b@x.io c@x.io', password: 'hunter22' })
    const { values, matches, budgetExceeded, errors } = redactor.counts
    expect(values).toBeGreaterThan(0)
    expect([Object.fromEntries(matches), budgetExceeded, errors]).toEqual([{ EMAIL: 2, REDACTED: 1 }, 0, 0])
  })

  it('a span that is over its budget loses the rest, and the next one is read again', () => {
    const redactor = createRedactor()
    const long = 'x '.repeat(120_000)
    const span = () => ({
      name: 'n',
      status: { code: 0 },
      attributes: { a: long, b: long, c: long, d: long, e: 'bob@example.com' },
      events: [],
      links: [],
      instrumentationScope: { name: 's' },
    })
    const [big, small] = [span(), { ...span(), attributes: { e: 'bob@example.com' } }]
    redactor.span(big)
    redactor.span(small)
    expect(big.attributes.e).toBe('[EMAIL]')
    const huge = { ...span(), attributes: { ...big.attributes, d2: long, e2: 'bob@example.com' } }
    redactor.span(huge)
    expect(huge.attributes).toMatchObject({ d2: '[TRUNCATED 240000 chars]', e2: '[TRUNCATED 15 chars]' })
    expect(small.attributes.e).toBe('[EMAIL]')
    expect(redactor.counts.budgetExceeded).toBe(2)
  })
})
