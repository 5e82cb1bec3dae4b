// The expressions of the Collector's second line, run as JavaScript's, which are the same for what they use.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { isExact } from '../../src/shared/redact/detectors/secrets/formats/common-issuers'
import { ISSUERS } from '../../src/shared/redact/detectors/secrets/formats/issuers'
import { CARDS, EMAIL, MASKED, SECRET_KEYS, secretPatterns } from '../../src/shared/redact/re2'
import { secretWordAt } from '../../src/shared/redact/words/secret-words'

const compiled = (pattern: string) => new RegExp(pattern.replaceAll('(?s:.)', '[^]'))
const values = [EMAIL, ...CARDS, ...secretPatterns()].map(compiled)
const secretKeys = SECRET_KEYS.map(compiled)
const isFound = (text: string) => values.some(value => value.test(text))

/** Letters and digits of the alphabet in turn; of hexadecimal digits those. */
function body(form: string, length: number, exact: boolean): string {
  const alphabet = form === 'h' ? '0a1b2c3d4e5f6' : form === 'A' ? 'Q7K2M9X4T1Z8' : 'q7Kz2Xm9Tb4Vn'
  if (form === 'u') return '0a1b2c3d-4e5f-4a7b-8c9d-0e1f2a3b4c5d'
  return alphabet.repeat(4 + length / alphabet.length).slice(0, exact ? length : Math.max(length, 40))
}

describe('finds', () => {
  it('the keys of every issuer of the table', () => {
    const keys = ISSUERS.flatMap(([form, fewest, prefixes]) =>
      prefixes.split(' ').map(prefix => prefix + body(form, fewest, isExact(prefix, form))),
    )
    expect(keys.length).toBeGreaterThan(200)
    expect(keys.filter(key => !isFound(`"${key}"`))).toEqual([])
  })

  it.each([
    'jane.doe+x@mail.example.co.jp',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '3782 822463 10005',
    'postgres://app:hunter2@db/x',
    'Authorization: Basic dXNlcjpwYXNz=',
    'Bearer abcdefghijklmnopqrst',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\nMIIE', // cut off
  ])('%s', text => expect(isFound(text)).toBe(true))

  it.each(['password', 'db.password', 'dbPassword', 'x-api-key', 'openai.apiKey', 'http.request.header.authorization'])(
    'the key %s',
    key => expect(secretKeys.some(one => one.test(key))).toBe(true),
  )
})

describe('leaves', () => {
  it.each([
    '0af7651916cd43dd8448eb211c80319c',
    '550e8400-e29b-41d4-a716-446655440000',
    'task-550e8400-e29b-41d4-a716-446655440000',
    'task-0af7651916cd43dd8448eb211c80319c',
    'task-proj-migrate-sessions',
    'risk-assessment-of-the-second-quarter',
    'store_before_middleware_execution',
    'gpt-4o-mini-2024-07-18',
    'chatcmpl-9abcDEF0123456789abcdef',
    'https://api.example.com:8443/v1/orders/1234567890123456?x=a@b',
    '4111111111111111', // counts are read as text
    'Basic authentication', 'Bearer authentication',
    'node_modules/.pnpm/express@4.18.2/node_modules/express/index.js:10:4',
  ])('%s', text => expect(isFound(text)).toBe(false)) // biome-ignore format: a table

  it.each([
    'gen_ai.usage.input_tokens',
    'gen_ai.token.type',
    'session.id',
    'messaging.kafka.message.key',
    'cookie.count',
  ])('the key %s', key => expect(secretKeys.some(one => one.test(key))).toBe(false))

  it('what the first line made', () => {
    const sample = 'bob@example.com 4111 1111 1111 1111 Bearer q7Kz2Xm9Tb4VnQw8Lp3R postgres://a:hunter22@db/x'
    expect(isFound(redact(sample))).toBe(false)
    for (const masked of ['[EMAIL]', '[EMAIL:0123456789abcdef]', '[CARD:*1111]', '["[REDACTED]","[REDACTED]"]']) {
      expect(masked).toMatch(compiled(MASKED))
    }
    expect('[EMAIL] and more').not.toMatch(compiled(MASKED))
  })
})

it('has no word for a key that the first line does not know', () => {
  const words = ['passwords', 'passwd', 'passphrase', 'secret', 'apiKey', 'privateKey', 'accessToken', 'refreshToken', 'sessionToken', 'authToken', 'authorization', 'cookie', 'credentials', 'PASSWORD', 'SECRET', 'API_KEY'] // biome-ignore format: a list
  expect(SECRET_KEYS.map((key, i) => new RegExp(key).test(words[i]!))).not.toContain(false)
  expect(words.filter(word => !secretWordAt(word, word.length))).toEqual([])
})
