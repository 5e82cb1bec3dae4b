// What an attacker's review found to leave (F6 to F9, F11, F16 to F20), each in the words of its finding. The values are
// drawn at random; their shapes are those that the vendors' documents and clients show.
import { describe, expect, it } from 'vitest'
import { createRedactor, redact } from '../../../src/shared/redact'
import { body, seeded } from '../redact-corpus'

const random = seeded(20)
const HEX = '0123456789abcdef'
const DIGITS = '0123456789'
const alnum = (count: number) => body(random, count)
const hex = (count: number) => Array.from({ length: count }, () => HEX[Math.floor(random() * 16)]).join('')
const digits = (count: number) => Array.from({ length: count }, () => DIGITS[Math.floor(random() * 10)]).join('')
const uuid = () => [8, 4, 4, 4, 12].map(hex).join('-')
const capitals = (count: number) => alnum(count).toUpperCase()

/** A text of a value, and the value. */
type Case = readonly [text: string, value: string]
const with_ = (value: string, text: (value: string) => string): Case => [text(value), value]

describe('a key without an issuer’s prefix leaves in', () => {
  it.each<[string, Case]>([
    ['the error of an OpenAI-compatible host', with_(hex(32), key => `Incorrect API key provided: ${key}. You can find your API key at https://x.example`)],
    ['the same with stars in the key', with_(`${alnum(12)}9`, key => `Incorrect API key provided: ${key}.`)],
    ['a token that expired', with_(alnum(40), key => `token ${key} expired`)],
    ['a request that was rejected', with_(hex(40), key => `request with key ${key} rejected`)],
    ['a list of arguments', with_(hex(32), key => `['--key', '${key}']`)],
    ['an option', with_(hex(32), key => `app --key ${key}`)],
  ])('%s', (_, [text, value]) => expect(redact(text)).not.toContain(value)) // biome-ignore format: a table
})

it.each(['security answer: ', 'Secret answer = ', '"securityAnswer":"', 'answer to security question: '])(
  'H10: what a person answered to be known again leaves behind %s',
  label => expect(redact(`${label}Hunter2zzQ1"`)).not.toContain('Hunter2zzQ1'),
)

describe('an Authorization header leaves with the scheme', () => {
  it.each(['SSWS', 'GenieKey', 'Splunk', 'Token', 'Key', 'PAT', 'X-Custom-Scheme'])('%s', scheme => {
    for (const value of [`00${alnum(40)}`, uuid()]) {
      expect(redact(`authorization: ${scheme} ${value}`)).not.toContain(value)
      expect(redact(`curl -H "Authorization: ${scheme} ${value}" https://x.example`)).not.toContain(value)
      expect(redact(`{"headers":{"Authorization":"${scheme} ${value}"}}`)).not.toContain(value)
    }
  })
})

it('the token of a Telegram bot leaves in the path of its URL', () => {
  const token = `${digits(10)}:AA${alnum(33)}`
  expect(redact(`https://api.telegram.org/bot${token}/getMe`)).not.toContain(token.slice(11))
})

describe('a short number under the key of a code leaves as', () => {
  const redactor = createRedactor()
  it.each([
    ['cvv', 837],
    ['cvc', 123],
    ['card.cvv', '837'],
    ['pin', 4821],
    ['otp', 482913],
  ])('%s = %s', (key, value) => expect(redactor.value(key, value)).toBe('[REDACTED]'))

  it.each(['"cvv": 837', 'cvv=837', 'CVV: 837', '{"pin":4821}', 'PIN: 4821', 'otp=482913', '{"otp":"482913"}'])(
    '%s',
    text => expect(redact(text)).not.toMatch(/837|4821|482913/),
  )

  it.each(['pinned: 4', 'pin: 13', 'spin: 4821', 'GPIO pin 4821', 'pins: 4096'])('%s stays', text =>
    expect(redact(text)).toBe(text),
  )
})

describe('a one-time code or a phrase leaves beside its word', () => {
  it.each([
    'OTP 482913 is your code',
    'Your verification code is 482913',
    'your one-time password is 482913',
    'Your Acme code: 482913. Do not share it.',
    '2FA code: 482913',
    'Use 482913 as your login code',
    '認証コードは482913です',
    '確認コード：482913',
    'ワンタイムパスワード 482913',
    'Ihr Bestätigungscode lautet 482913',
    'Votre code de vérification est 482913',
    'Tu código de verificación es 482913',
  ])('%s', text => expect(redact(text)).not.toContain('482913'))

  it.each([
    'error code 482913',
    'postal code 482913',
    'status code: 404',
    'exit code 137',
    'zip code is 90210, the code review took 3 days',
    'country code: 49, area code: 30',
    'verification code changed in 2024',
  ])('%s stays', text => expect(redact(text)).toMatch(/482913|404|137|90210|49|2024/))

  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  it.each([
    `my seed phrase: ${phrase}`,
    `mnemonic = "${phrase}"`,
    `{"mnemonic":"${phrase}"}`,
    `recovery phrase is ${phrase}`,
    `リカバリーフレーズ：${phrase}`,
  ])('%s', text => expect(redact(text)).not.toContain('sausage worth'))

  it('recovery code: abcd-efgh-ijkl', () => expect(redact('recovery code: abcd-efgh-ijkl')).not.toContain('efgh'))
})

describe('a phone number with slashes between its groups leaves as', () => {
  it.each([
    '+49 (0)170 / 123 45 67',
    'Tel: 0170 / 123 45 67',
    '+43 (0)1 / 234 56 78',
    '+41 (0)44 / 668 18 00',
    'Tel. 030 / 12 34 56 78',
  ])('%s', text => expect(redact(`reach me ${text} please`)).not.toMatch(/123 45|234 56|668 18|12 34|56 78/))
})

describe('a key of the vendor leaves in a sentence', () => {
  it.each<[string, string]>([
    ['Azure OpenAI', `${alnum(52)}JQQJ99BCACYeBjFXJ3w3AAABACOG${alnum(4)}`],
    ['Azure DevOps', `${alnum(52)}JQQJ99BAACAAAAAAAAAAAAASAZDO${alnum(4)}`],
    ['Google Cloud Storage', `GOOG1E${capitals(55)}`],
    ['AWS sessions', `IQoJb3JpZ2luX2Vj${alnum(300)}`],
    ['Helicone', `sk-helicone-${[1, 2, 3, 4].map(() => alnum(7)).join('-')}`],
    ['Inngest', `signkey-prod-${hex(64)}`],
    ['Trigger.dev', `tr_prod_${alnum(20)}`],
    ['E2B', `e2b_${hex(40)}`],
    ['Mem0', `m0-${alnum(40)}`],
    ['Render', `rnd_${alnum(32)}`],
    ['Cursor', `key_${hex(64)}`],
    ['Stytch', `secret-live-${alnum(36)}`],
    ['crates.io', `cio${alnum(32)}`],
    ['Novita', `sk_${alnum(43)}`],
    ['Zhipu', `${hex(32)}.${alnum(16)}`],
    ['fal', `${uuid()}:${hex(32)}`],
    ['OpenShift', `sha256~${alnum(43)}`],
    ['PayPal', `A21AA${alnum(90)}`],
  ])('%s', (_, key) =>
    expect(redact(`Calling upstream with ${key} failed with 401 after 3 attempts`)).not.toContain(key.slice(-16)),
  )
})

describe('another spelling lets it leave:', () => {
  it.each<[string, string, RegExp]>([
    ['an invisible separator', 'mail bob.smith@\u2063example.com', /example/],
    ['a vowel separator', 'mail bob.smith\u180e@example.com', /example/],
    ['a combining joiner', 'mail bob.smith\u034f@example.com', /example/],
    ['an ideographic full stop', 'mail bob.smith@example。com', /smith/],
    ['Arabic digits', 'card ٤١١١١١١١١١١١١١١١', /١١١١/],
    ['mathematical digits', `card ${[...'4111111111111111'].map(digit => String.fromCodePoint(0x1d7ce + Number(digit))).join('')}`, /\ud835[\udfce-\udfff]/],
    ['every character percent-encoded', [...'bob.smith@example.com'].map(char => `%${char.charCodeAt(0).toString(16)}`).join(''), /%62%6f%62/],
    ['every character as an entity', [...'bob.smith@example.com'].map(char => `&#${char.charCodeAt(0)};`).join(''), /&#98;&#111;/],
    ['every character escaped', JSON.stringify({ a: 'x' }).replace('x', [...'bob.smith@example.com'].map(char => `\\u00${char.charCodeAt(0).toString(16)}`).join('')), /0062/],
    ['three times URL-encoded', encodeURIComponent(encodeURIComponent(encodeURIComponent('bob.smith@example.com'))), /bob/],
    ['base64 of an address', Buffer.from('bob.smith@example.com').toString('base64'), /Ym9i/],
    ['base64 of a key', Buffer.from(`sk-proj-${alnum(48)}`).toString('base64'), /c2st/],
    ['base64 of JSON with a password', Buffer.from('{"password":"hunter2zz"}').toString('base64'), /cGFzc3dvcmQ/],
    ['an escape in the key', '{"p\\u0061ssword":"hunterzz68pw"}', /hunterzz/],
    ['a card with slashes', 'card 4111/1111/1111/1111', /1111/],
    ['[at] and [dot]', 'bob.smith [at] example [dot] com', /smith/],
    ['(at) and (dot)', 'bob.smith(at)example(dot)com', /smith/],
    ['at and dot', 'bob.smith at example dot com', /smith/],
    ['a quoted local part', 'mail "bob smith"@example.org', /bob/],
    ['a domain beyond Latin', 'access to taro36@例え.テスト', /taro/],
    ['a local part beyond Latin', 'пишите почта@пример.рф', /почта/],
    ['an address literal', 'mail taro36@[192.168.2.1]', /taro/],
  ])('%s', (_, text, left) => expect(redact(text)).not.toMatch(left)) // biome-ignore format: a table
})

describe('an argument of a process leaves:', () => {
  const redactor = createRedactor()
  it.each([
    [['curl', '-u', 'alice:hunterzz97', 'https://h']],
    [['app', '-password', 'hunterzz97']],
    [['app', '--api-key', 'hunterzz97']],
    [['app', '--key', 'hunterzz97']],
    [['mysql', '-uroot', '-phunterzz97']],
    [['docker', 'run', '-e', 'DB_PASSWORD=hunterzz97']],
    [['app', 'authorization', 'Token hunterzz97Qpw']],
  ])('%j', args => expect(JSON.stringify(redactor.value('process.command_args', args))).not.toContain('hunterzz97'))
})

describe('stays as it is:', () => {
  const redactor = createRedactor()
  it.each<[string, unknown]>([
    ['tests.pass', 1520],
    ['a', '{"pass":"Required elements are present"}'],
    ['v8', '{"v8":"12.4.254.14"}'],
    ['nextPageToken', 'CAUQAA'],
  ])('%s: %j', (key, value) => expect(redactor.value(key, value)).toEqual(value))
})

it('bytes under a secret’s key are masked, and bytes with a secret in them', () => {
  const redactor = createRedactor()
  expect(redactor.value('password', new TextEncoder().encode('hunter2'))).toBe('[REDACTED]')
  expect(redactor.value('x', new TextEncoder().encode(`sk-proj-${alnum(48)}`))).toBe('[REDACTED]')
})
