/**
 * A seeded generator of values to plant and of text to plant them in, for the property tests of the redactor. Nothing is
 * taken from anybody: numbers get their check digits here, keys are their issuer's prefix and random characters.
 */

import { Random as Numbers } from '../support/random'

export type Random = () => number

/** The same sequence for the same seed. */
export function seeded(seed: number): Random {
  const numbers = new Numbers(seed)
  return () => numbers.next()
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!
const int = (random: Random, least: number, most: number) => least + Math.floor(random() * (most - least + 1))
const chars = (random: Random, alphabet: string, count: number) =>
  Array.from({ length: count }, () => pick(random, [...alphabet])).join('')
const digits = (random: Random, count: number) => chars(random, '0123456789', count)

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`

/** Random characters that hold a digit, as a key of some length always does. */
export const body = (random: Random, count: number, alphabet = ALNUM) => `${chars(random, alphabet, count - 2)}7x`

function cardNumber(random: Random, prefix: string, length: number): string {
  const head = prefix + digits(random, length - prefix.length - 1)
  let sum = 0
  for (let i = head.length - 1, double = true; i >= 0; i--, double = !double) {
    const digit = Number(head[i])
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return head + ((10 - (sum % 10)) % 10)
}

const groups = (text: string, sizes: number[], joint: string) => {
  const parts: string[] = []
  for (const size of sizes) parts.push(text.slice(parts.join('').length, parts.join('').length + size))
  return parts.join(joint)
}

/** Personal data that stands for itself, wherever it is written. */
export const personal: Record<string, (random: Random) => string> = {
  email: random =>
    `${pick(random, ['taro', 'bob.smith', 'm-k', "o'neil", 'x_1', 'jürgen'])}${pick(random, ['', '+tag', '.99'])}@` +
    `${pick(random, ['example.com', 'mail.example.co.jp', 'a-b.io', 'bücher.de', '163.com'])}`,
  encodedEmail: random => `bob${int(random, 1, 99)}%40example.com`,
  visa: random => cardNumber(random, '4', 16),
  amex: random => groups(cardNumber(random, pick(random, ['34', '37']), 15), [4, 6, 5], pick(random, ['', ' ', '-'])),
  mastercard: random => groups(cardNumber(random, pick(random, ['51', '55', '2221', '2720']), 16), [4, 4, 4, 4], ' '),
  jcb: random => groups(cardNumber(random, '3528', 16), [4, 4, 4, 4], '-'),
  mobile: random =>
    `0${pick(random, ['5', '7', '8', '9'])}0-${int(random, 1, 9)}${digits(random, 3)}-${digits(random, 4)}`,
  mobileBlock: random => `0${pick(random, ['7', '8', '9'])}0${int(random, 1, 9)}${digits(random, 7)}`,
  fixed: random =>
    pick(random, [
      `03-${digits(random, 4)}-${digits(random, 4)}`,
      `045-${digits(random, 3)}-${digits(random, 4)}`,
      `(06)${digits(random, 4)}-${digits(random, 4)}`,
      `${pick(random, ['0123', '0422', '0798', '0977'])}-${digits(random, 2)}-${digits(random, 4)}`,
    ]),
  international: random =>
    pick(random, [
      `+81 90 ${digits(random, 4)} ${digits(random, 4)}`,
      `+4930${digits(random, 8)}`,
      `+44 20 7946 ${digits(random, 4)}`,
      `+1 (415) 555-${digits(random, 4)}`,
    ]),
  american: random =>
    pick(random, [`(212) 555-${digits(random, 4)}`, `415-555-${digits(random, 4)}`, `646.555.${digits(random, 4)}`]),
}

/** Secrets that stand for themselves. */
export const secrets: Record<string, (random: Random) => string> = {
  openai: random => `sk-${pick(random, ['proj-', '', 'svcacct-'])}${body(random, 40)}`,
  anthropic: random => `sk-ant-api03-${body(random, 60)}-${body(random, 10)}`,
  langfuse: random =>
    `${pick(random, ['sk', 'pk'])}-lf-${groups(chars(random, '0123456789abcdef', 32), [8, 4, 4, 4, 12], '-')}`,
  google: random => `AIza${body(random, 35)}`,
  aws: random => `${pick(random, ['AKIA', 'ASIA'])}${chars(random, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 15)}7`,
  github: random => `${pick(random, ['ghp', 'gho', 'ghu', 'ghr'])}_${body(random, 36)}`,
  githubFine: random => `github_pat_${body(random, 22)}_${body(random, 59)}`,
  gitlab: random => `glpat-${body(random, 20)}`,
  slack: random => `xox${pick(random, ['b', 'p', 'a', 'r', 's'])}-${digits(random, 12)}-${body(random, 24)}`,
  huggingFace: random => `hf_${body(random, 34)}`,
  groq: random => `gsk_${body(random, 52)}`,
  xai: random => `xai-${body(random, 80)}`,
  replicate: random => `r8_${body(random, 37)}`,
  npm: random => `npm_${body(random, 36)}`,
  sendgrid: random => `SG.${body(random, 22)}.${body(random, 43)}`,
  stripe: random => `sk_live_${body(random, 24)}`,
  jwt: random => `eyJ${body(random, 33)}.eyJ${body(random, 60)}.${body(random, 43)}`,
  bearer: random => `Bearer ${body(random, int(random, 8, 60))}`,
}

/** Secrets that only their key tells, as [text with the value in it, the value]. */
export const keyed: Record<string, (random: Random) => [string, string]> = {
  env: random => with_(random, value => `DB_PASSWORD=${value}`),
  yaml: random => with_(random, value => `client_secret: ${value}`),
  query: random => with_(random, value => `https://api.example.com/v1/x?a=1&access_token=${value}&b=2`),
  signed: random =>
    with_(random, value => `https://b.s3.amazonaws.com/k?X-Amz-Date=20240102T030405Z&X-Amz-Signature=${value}`),
  url: random => with_(random, value => `postgres://app:${value}@db.example.com:5432/main`),
  header: random => with_(random, value => `x-api-key: ${value}`),
  authorization: random => with_(random, value => `authorization: Basic ${value}`),
  cookie: random => with_(random, value => `Cookie: theme=dark; sid=${value}; lang=ja`),
  flag: random => with_(random, value => `node app.js --api-key ${value} --port 3000`),
  json: random => with_(random, value => JSON.stringify({ id: 1, [pick(random, JSON_KEYS)]: value, next: 'ok' })),
  japanese: random => with_(random, value => `パスワード：${value}`),
}
const JSON_KEYS = [
  'password',
  'apiKey',
  'api_key',
  'clientSecret',
  'refresh_token',
  'private-key',
  'userPassword',
  'Authorization',
]

function with_(random: Random, write: (value: string) => string): [string, string] {
  const value = body(random, int(random, 10, 30))
  return [write(value), value]
}

/** Ways to write a text into another one; the text stays readable in it, but for escapes. */
export const wrappers: Record<string, (text: string) => string> = {
  plain: text => text,
  sentence: text => `The customer wrote "${text}" yesterday.`,
  brackets: text => `(${text})`,
  japanese: text => `お客様は${text}とのことです。`,
  lines: text => `first\n${text}\nlast`,
  json: text => JSON.stringify({ role: 'user', content: `see ${text} please` }),
  list: text => JSON.stringify(['a', text, 3]),
  twice: text => JSON.stringify({ messages: JSON.stringify([{ content: `1\n${text}\t2` }]) }),
  thrice: text => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: text, d: 'e' }) }) }),
  cut: text => JSON.stringify({ messages: JSON.stringify([{ content: `1\n${text}\t2` }]) }).slice(0, -6),
  log: text => `2024-01-02T03:04:05.678Z INFO [req 4bf92f3577b34da6] got ${text} in 12.5ms`,
  stack: text =>
    `Error: bad input ${text}\n    at parse (/app/src/parse.js:12:34)\n    at /app/node_modules/x/index.js:5:6`,
}

const UUID = (random: Random) => groups(chars(random, '0123456789abcdef', 32), [8, 4, 4, 4, 12], '-')

/** What telemetry is full of and what looks like something; all of it has to pass unchanged. */
export const harmless: Record<string, (random: Random) => string> = {
  traceId: random => chars(random, '0123456789abcdef', 31) + pick(random, ['a', 'f']),
  traceparent: random => `00-${chars(random, '0123456789abcdef', 31)}e-${chars(random, '0123456789abcdef', 15)}b-01`,
  uuid: UUID,
  sha: random => `sha256:${chars(random, '0123456789abcdef', 64)}`,
  integrity: random => `sha512-${chars(random, ALNUM, 86)}==`,
  semver: random =>
    `v${int(random, 0, 40)}.${int(random, 0, 99)}.${int(random, 0, 999)}${pick(random, ['', '-rc.1', '+build.5'])}`,
  iso: random =>
    `20${int(random, 10, 39)}-0${int(random, 1, 9)}-1${digits(random, 1)}T0${digits(random, 1)}:1${digits(random, 1)}:05.${digits(random, 3)}Z`,
  isoZone: random => `2024-06-1${digits(random, 1)}T08:00:00+09:00`,
  epochNs: random => `17${digits(random, 17)}`,
  epochMs: random => `17${digits(random, 11)}`,
  epoch: random => `17${digits(random, 8)}`,
  model: random =>
    pick(random, [
      'gpt-4o-2024-08-06',
      'claude-sonnet-4-5-20250929',
      'gemini-2.0-flash-001',
      'us.anthropic.claude-3-5-sonnet-20241022-v2:0',
    ]),
  order: random =>
    pick(random, [`order ${digits(random, 6)}`, `#${digits(random, 5)}`, `ORD-2024-${digits(random, 5)}`]),
  ip: random => `10.${int(random, 0, 255)}.${int(random, 0, 255)}.${int(random, 1, 254)}:8080`,
  float: random => `0.${digits(random, 16)}`,
  embedding: random => JSON.stringify(Array.from({ length: 8 }, () => Number((random() * 2 - 1).toFixed(9)))),
  usage: random =>
    JSON.stringify({ prompt_tokens: int(random, 1, 9999999), completion_tokens: 12345678, total_tokens: 87654321 }),
  logprob: random =>
    JSON.stringify({ token: pick(random, ['Hello', ' world', '2024']), logprob: -0.12, bytes: [72, 101] }),
  sql: () => 'SELECT id, name FROM users WHERE password = $1 AND token = ? AND created_at > :since LIMIT 10',
  code: random =>
    pick(random, [
      'const apiKey = process.env.OPENAI_API_KEY',
      'password: $' + '{DB_PASSWORD}',
      'function login(user: string, password: string, token?: Token): Promise<void> {',
      'if (password === confirm && token !== undefined) return hash(password)',
      '@app.route("/users/<int:id>")\ndef show(id): pass',
      "import { x } from '@scope/pkg'",
      'git@github.com:owner/repository.git',
      'background: url(logo@2x.png)',
      'const { secret } = await getSecret(name)',
    ]),
  schema: () =>
    JSON.stringify({
      type: 'object',
      properties: { password: { type: 'string', description: 'the password' } },
      required: ['password'],
    }),
  prose: random =>
    pick(random, [
      'Bearer authentication needs a token.',
      'Password: must be at least 8 characters, with a digit.',
      'The secret: eat well, sleep well.',
      'basic information about the cookie policy',
      '本日はお問い合わせありがとうございます。ご注文番号は123456です。',
    ]),
  url: random => `https://api.example.com:8443/v1/users/${UUID(random)}?page=2&size=50&sort=name#top`,
  package: random => `react@18.${int(random, 0, 9)}.0, @opentelemetry/api@1.9.1, left-pad@1.3.0.tgz`,
  mime: () => 'multipart/form-data; boundary=----WebKitFormBoundary',
  agent: () =>
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
}
