// Under which names a person is looked for. The oracle of the pseudonyms is what the redactor makes of a span.
import { describe, expect, it, vi } from 'vitest'
import { pseudonym } from '../../../src/cli/pseudonym'
import { exactValues, matcherOf, textPattern } from '../../../src/operations/gdpr/person-attributes'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { hmacOf, keyIdOf } from '../../../src/shared/config/hmac-key'
import { createRedactor } from '../../../src/shared/redact'

const keys = ['first-key-of-32-characters-at-least', 'second-key-of-32-characters-at-least']

describe('a subject', () => {
  it('has an e-mail address or an id where no kind is said, in one order and once', () => {
    const subject = parseSubject(['user-0017', 'bob@example.com', 'user.id=user-0017', 'session.id=a=b'])
    expect(subject).toEqual([
      { kind: 'email', value: 'bob@example.com' },
      { kind: 'session.id', value: 'a=b' },
      { kind: 'user.id', value: 'user-0017' },
    ])
    expect(parseSubject(['session.id=a=b', 'bob@example.com', 'user-0017'])).toEqual(subject)
    // base64 has such an end, and is no kind
    expect(parseSubject(['dXNlcg=='])).toEqual([{ kind: 'user.id', value: 'dXNlcg==' }])
  })

  it.each([
    ['nothing', []],
    ['an empty text', ['']],
    ['a kind without a value', ['user.id=']],
    ['white space', ['  ']],
    ['a wildcard', ['*']],
    ['a wildcard of SQL', ['user%']],
    ['a wildcard in an address', ['*@example.com']],
    ['a regular expression', ['.+']],
    ['a line break', ['user\n17']],
    ['an unknown kind', ['user.name=bob']],
    ['an address that is none', ['email=bob']],
    ['a pseudonym', ['[EMAIL:0123456789abcdef]']],
    ['a book', ['x'.repeat(2_000)]],
  ])('is refused for %s, in words that do not repeat it', (_, texts) => {
    expect(() => parseSubject(texts)).toThrow(/subject|person|identifier|address/)
  })

  it('is refused with a key id whose key is not there', () => {
    const subject = parseSubject(['user-0017'])
    expect(() => identityOf(subject, keys, [keyIdOf(keys[1]!), '0badf00d'])).toThrow('--key-id 0badf00d')
    expect(identityOf(subject, keys, keys.map(keyIdOf)).pseudonyms).toHaveLength(4)
  })
})

describe('the names of a subject', () => {
  it.each([
    ['an address', 'bob@example.com', 'user.id', 'bob@example.com'],
    ['an address in capitals', 'bob@example.com', 'user.email', 'Bob@Example.COM'],
    ['an id', 'user-0017', 'user.id', 'user-0017'],
    [
      'a session',
      'session.id=6a1c2b3e-0000-4000-8000-1234567890ab',
      'session.id',
      '6a1c2b3e-0000-4000-8000-1234567890ab',
    ],
    ['a phone number', 'phone=+81 90 1234 5678', 'user.phone', '+81 90 1234 5678'],
    ['an address of the network', 'ip=203.0.113.77', 'client.address', '203.0.113.77'],
  ])('are what the redactor writes for %s, under each key', (_, subject, key, value) => {
    const matcher = matcherOf(identityOf(parseSubject([subject]), keys))
    expect(matcher.attribute(key, value) || matcher.text(value)).toBe(true)
    for (const secret of keys) {
      for (const denied of [[], [key]]) {
        const redactor = createRedactor({
          mode: 'pseudonym',
          keys: { [key]: 'pseudonym' },
          deny: { keys: denied },
          hmac: hmacOf(secret),
        })
        const sent = redactor.attributes({ [key]: value })[key] as string
        expect([sent, matcher.attribute(key, sent)]).toEqual([sent, true])
      }
    }
  })

  it('are those of afn-otel pseudonym', async () => {
    vi.stubEnv('AFN_HMAC_KEY', keys[0])
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await pseudonym(['bob@example.com'])
    await pseudonym(['bob@example.com', '--type', 'REDACTED'])
    const lines = log.mock.calls.map(([line]) => line)
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    const { pseudonyms } = identityOf(parseSubject(['bob@example.com']), [keys[0]!])
    const ofApps = pseudonyms.filter(({ value }) => value.startsWith('['))
    expect(ofApps.map(({ keyId, value }) => `${keyId} ${value}`).sort()).toEqual(lines.sort())
  })

  it('are what a Collector writes for an address, as it was sent', () => {
    const matcher = matcherOf(identityOf(parseSubject(['Bob@Example.com']), keys))
    for (const sent of ['Bob@Example.com', 'bob@example.com'])
      for (const key of keys) expect(matcher.text(`mail to ${hmacOf(key)(sent)}, please`)).toBe(true)
    expect(matcher.text(`mail to ${hmacOf(keys[0]!)('rob@example.com')}, please`)).toBe(false)
  })

  const matcher = matcherOf(
    identityOf(parseSubject(['bob@example.com', 'user-0017', 'user.id=17', 'a.b+c|(1234)']), keys),
  )

  it.each([
    'mail to bob@example.com.',
    'Bob@Example.com wrote',
    'to=bob%40example.com&x=1',
    '<bob@example.com>',
    'GET /users/user-0017/orders',
    '{"user":"user-0017"}',
    'user-0017',
    `seen as [REDACTED:${hmacOf(keys[1]!)('17').slice(0, 16)}]`,
    'x a.b+c|(1234) y',
  ])('are found in %j', text => expect(matcher.text(text)).toBe(true))

  it.each([
    'mail to a.bob@example.com',
    'bob@example.com.au',
    'bob@example.community',
    'bob+news@example.com is another box',
    'user-00170',
    'super-user-0017',
    'user-0017-2',
    'it took 17 ms',
    '[REDACTED:0123456789abcdef]',
    'x aXb+c|(1234) y',
  ])('are not found in %j, which is somebody else', text => {
    expect(matcher.text(text)).toBe(false)
  })

  it('of few letters are the whole value of an attribute that holds an identity, and of no other', () => {
    expect(matcher.attribute('user.id', '17')).toBe(true)
    expect(matcher.attribute('http.response.status_code', '17')).toBe(false)
    expect(matcher.attribute('user.id', '170')).toBe(false)
  })

  it('without a key and too short for a text are exact values alone', () => {
    const identity = identityOf(parseSubject(['user.id=17']), [])
    expect([textPattern(identity), exactValues(identity)]).toEqual([undefined, ['17']])
  })
})
