// Requests of random shapes for test/conformance/http/client.cjs.
import { Random } from '../support/random'

export interface ClientRequest {
  readonly n: number
  readonly module: 'http' | 'https'
  readonly call: 'request' | 'get'
  /** How the arguments say where to. */
  readonly form: string
  readonly [more: string]: unknown
}

const methods = [undefined, 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'post', 'PROPFIND', 'TRACE']
const paths = [
  '/ok',
  '/ok/201?x=1&y=2',
  '/ok/204',
  '/ok/304',
  '/ok/404',
  '/ok/500?sig=secret&x=1',
  '/ok/599',
  '/ok?AWSAccessKeyId=k&q=%20+z',
  '/ok/a%2Fb?=&&',
  '/chunks',
  '/early',
  '/redirect',
  '/cut',
  '/hangUp',
  '/junk',
  '/silent',
]
const lists = [
  ['x-a', '1', 'x-b', '2', 'x-b', '3', 'user-agent', 'list', 'host', 'h'],
  [
    ['x-a', '1'],
    ['x-b', ['2', '3']],
    ['host', 'h'],
  ],
]
const headers = [
  undefined,
  {},
  { 'x-a': '1', 'User-Agent': 'named/1' },
  { 'user-agent': 'lower/1', 'x-many': ['a', 'b'], Host: 'other.example:81' },
  { 'x-number': 7, 'X-Tenant': 'a', Connection: 'close' },
]
const acts = ['', '', '', '', 'listen', 'listen', 'nobody', 'unread', 'destroy', 'fail', 'throw', 'noErrorListener', 'setLater', 'flush', 'destroyAtOnce'] // biome-ignore format: one line
const odd = [
  { headers: { 'bad name': '1' } },
  { headers: { 'x-bad': 'a\nb' } },
  { path: '/a b' },
  { method: 'A B' },
  { protocol: 'ftp:' },
  { port: 99_999 },
  { agent: 'none' },
  { insecureHTTPParser: 'x' },
]
const raw = [['http://'], ['nonsense'], [{}, null], [{ port: 1 }], [7]]

/** Those of which OpenTelemetry's instrumentation makes other requests than the app has asked for: without us and with us. */
const changedByTheirs: readonly Partial<ClientRequest>[] = [
  ...lists.map(list => ({ headers: list })),
  { form: 'extended', headers: { 'x-a': '1' }, method: 'PUT' },
  { form: 'url', auth: 'bob%40corp:p%40ss%5E' },
  { form: 'url', auth: 'bob%40corp:p%40ss%5E', headers: { 'x-a': '1' } },
  { agent: 'port', form: 'options' },
  { agent: 'port', form: 'text' },
  { form: 'nothing', headers: undefined, method: 'GET', body: undefined, agent: undefined },
  { act: 'abort' },
]

/** Of all others the spans have to be theirs. */
export function comparable(count: number, seed: number): ClientRequest[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, n) => oneOf(n, random))
}

export function changed(seed: number): ClientRequest[] {
  const random = new Random(seed)
  const plain = { path: '/ok', act: '', host: 'localhost', method: 'POST', call: 'request', refused: false } as const
  const given = changedByTheirs.flatMap(one => (['http', 'https'] as const).map(module => ({ module, ...one })))
  return given.map((one, n) => ({
    ...oneOf(n, random, 0),
    form: 'options',
    headers: {},
    body: ['sent'],
    ...plain,
    ...one,
  }))
}

function oneOf(n: number, random: Random, broken = 0.1): ClientRequest {
  const module = random.pick(['http', 'https'] as const)
  const call = random.pick(['request', 'request', 'get'] as const)
  const base = { n, module, call, form: random.pick(['options', 'options', 'legacy', 'text', 'url']) }
  if (random.chance(broken / 2)) return { ...base, form: 'raw', raw: random.pick(raw), act: '' }
  const path = random.pick(paths)
  const method = call === 'request' ? random.pick(methods) : undefined
  const hasBody = /^p(ost|ut|atch)$/i.test(method ?? '') && random.chance(0.7)
  const upgrade = random.chance(0.05)
  return {
    ...base,
    host: random.pick(['localhost', 'localhost', '127.0.0.1', 'LocalHost', '[::1]']),
    path,
    method: random.chance(0.04) && call === 'request' ? 'CONNECT' : method,
    headers: upgrade
      ? { Connection: 'Upgrade', Upgrade: 'x' }
      : hasBody && random.chance(0.2)
        ? { Expect: '100-continue' }
        : random.pick(headers),
    body: hasBody ? random.pick([['sent'], ['in ', 'two'], ['x'.repeat(70_000)]]) : undefined,
    auth: random.chance(0.2) ? random.pick(['bob:secret', 'bob']) : undefined,
    agent: random.pick([undefined, 'none', 'kept']),
    named: random.pick(['host', 'hostname', 'both']),
    protocol: random.chance(0.5),
    textPort: random.chance(0.3),
    timeout: path === '/silent' && random.chance(0.5) ? 60 : undefined,
    signal: path === '/silent' && !upgrade && random.chance(0.3),
    refused: random.chance(0.05),
    act: random.pick(acts),
    odd: random.chance(broken) ? random.pick(odd) : undefined,
  }
}
