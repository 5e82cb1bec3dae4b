// What spans of HTTP say, beside the functions of OpenTelemetry's instrumentation, which it does not export.
import type { IncomingMessage, RequestOptions } from 'node:http'
import { diag } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
// @ts-expect-error: the package exports none of it
import * as theirs from '../../../node_modules/@opentelemetry/instrumentation-http/dist/utils.mjs'
import { headerCapture } from '../../../src/app/instrument/http-attributes'
import {
  readRequest,
  requestAttributes,
  responseAttributes,
  responseSeries,
} from '../../../src/app/instrument/http-client-attributes'
import { serverAttributes } from '../../../src/app/instrument/http-server-attributes'
import { Random } from '../../support/random'

const hosts = [
  'shop.test',
  'shop.test:8080',
  '127.0.0.1:80',
  '[::1]',
  '[::1]:8080',
  '::1',
  'a b',
  'shop.test:',
  undefined,
  '',
]
const paths = [
  '/',
  '/a/b',
  '/a?x=1&y=2',
  '/a?sig=abc&b=1',
  '/a?X-Amz-Signature=abc',
  '/a?x=%20+',
  '//b',
  '/../c',
  '/ü',
  '*',
  '',
  '/%zz?%zz',
]
const methods = ['GET', 'get', 'POST', 'PATCH', 'QUERY', 'PURGE', 'Trace', undefined]
const forwarded = [
  'for=192.0.2.1;proto=https;host=front.test',
  'for="[2001:db8::1]:4711"',
  'host=front.test:8443',
  'broken;;=',
  undefined,
]
const forwardedFor = ['192.0.2.7', '192.0.2.7:1234, 10.0.0.1', '[2001:db8::2]', 'unknown', '', ',x', undefined]

/** Undefined values are no attributes. */
const said = (attributes: object) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))

describe("a server's span", () => {
  it("says what OpenTelemetry's says, for 1,000 random requests, each the first and the second of its Host", () => {
    const random = new Random(1)
    for (let n = 0; n < 1_000; n++) {
      const headers: Record<string, string> = {}
      const header = (name: string, values: readonly (string | undefined)[], chance: number) => {
        const value = random.chance(chance) ? random.pick(values) : undefined
        if (value !== undefined) headers[name] = value
      }
      header('host', hosts, 0.95)
      header('forwarded', forwarded, 0.2)
      header('x-forwarded-for', forwardedFor, 0.2)
      header('x-forwarded-host', hosts, 0.2)
      header('x-forwarded-proto', ['http', 'https', 'ws'], 0.3)
      header('user-agent', ['curl/8', ''], 0.5)
      const socket = { remoteAddress: random.pick(['127.0.0.1', '', undefined]), remotePort: 4711 }
      const request = { method: random.pick(methods), url: random.pick(paths), headers, socket, httpVersion: '1.1' }
      const scheme = random.pick(['http', 'https'] as const)
      const expected = theirs.getIncomingRequestAttributes(request, { component: scheme }, diag)
      for (let again = 0; again < 2; again++)
        expect(said(serverAttributes(request as unknown as IncomingMessage, scheme)), JSON.stringify(request)).toEqual(
          said(expected),
        )
    }
  })
})

describe("a client's span", () => {
  const urls = [
    'http://shop.test/a?x=1',
    'https://user:pa%20ss@shop.test:8443/a?sig=x',
    'http://[::1]:80/',
    'no url',
    '/a',
    'http://shop.test:80',
  ]

  function randomArguments(random: Random): unknown[] {
    const some = <T>(value: T) => (random.chance(0.4) ? value : undefined)
    const options = said({
      protocol: some(random.pick(['http:', 'https:', null])),
      host: some(random.pick([...hosts, 7])),
      hostname: some(random.pick(['shop.test', '::1', null])),
      port: some(random.pick([80, '443', 8080, '8080', 0, null])),
      path: some(random.pick(paths)),
      method: some(random.pick(methods)),
      auth: some('user:password'),
      headers: some({ host: 'by-header.test', 'user-agent': 'mine' }),
      defaultPort: some(8080),
      agent: some({ defaultPort: 443 }),
    })
    const url = random.pick(urls)
    const first = random.pick([url, URL.canParse(url) ? new URL(url) : url, options, options, options])
    return random.chance(0.5) ? [first] : [first, random.pick([options, () => {}, undefined, null])]
  }

  /** As OpenTelemetry's instrumentation puts its functions together. */
  function expected([first, second]: unknown[], scheme: 'http' | 'https') {
    const more = typeof second === 'object' ? second : undefined
    const isOptions = typeof first !== 'string' && !theirs.isURLLike(first)
    const options: RequestOptions = isOptions ? { ...(first as object) } : (first as RequestOptions)
    if (isOptions && scheme === 'https') options.protocol ||= 'https:'
    const { optionsParsed } = theirs.getRequestInfo(diag, options, isOptions ? undefined : more)
    const port = optionsParsed.defaultPort ?? optionsParsed.agent?.defaultPort
    if (!optionsParsed.port && port !== (scheme === 'https' ? 443 : 80)) optionsParsed.port = port
    const where = { component: scheme, ...theirs.extractHostnameAndPort(optionsParsed) }
    return said(theirs.getOutgoingRequestAttributes(optionsParsed, where, false))
  }

  it("says what OpenTelemetry's says of 1,000 random calls of request()", () => {
    const random = new Random(2)
    for (let n = 0; n < 1_000; n++) {
      const args = randomArguments(random)
      const scheme = random.pick(['http', 'https'] as const)
      const asked = readRequest(args, scheme)
      const ours = asked && said(requestAttributes(asked, scheme))
      expect(ours, JSON.stringify([scheme, ...args])).toEqual(expected(args, scheme))
    }
  })

  it('is none for arguments that Node refuses', () => {
    for (const args of [[], [undefined], [''], [null], [[]], [7], [() => {}]])
      expect(readRequest(args, 'http')).toBe(undefined)
  })

  it.each([undefined, 100, 204, 399, 400, 404, 500, 599, 600, 0])(
    "says what OpenTelemetry's says of an answer of %s",
    statusCode => {
      for (const socket of [{ remoteAddress: '192.0.2.1', remotePort: 80 }, undefined]) {
        const response = { statusCode, socket, httpVersion: '1.1' }
        const attributes = theirs.getOutgoingRequestAttributesOnResponse(response)
        expect(responseAttributes(response as unknown as IncomingMessage)).toEqual(attributes)
        expect(responseSeries(response as unknown as IncomingMessage)).toEqual(
          theirs.getOutgoingStableRequestMetricAttributesOnResponse(attributes),
        )
      }
    },
  )
})

it("headers that the settings name are OpenTelemetry's attributes", () => {
  const names = ['X-One', 'x-one', 'Set-Cookie', 'Content-Length', 'absent']
  const headers: Record<string, string | number | string[]> = {
    'x-one': 'a',
    'set-cookie': ['b', 'c'],
    'content-length': 3,
  }
  for (const side of ['request', 'response'] as const) {
    const expected = theirs.headerCapture(side, names)((name: string) => headers[name])
    expect(headerCapture(side, names)(name => headers[name])).toEqual(expected)
  }
})
