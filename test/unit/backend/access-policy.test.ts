import { expect, it } from 'vitest'
import { type AccessPolicy, refusalOf } from '../../../src/backend/access-policy'

const loopback: AccessPolicy = { host: '127.0.0.1' }
const open: AccessPolicy = { host: '0.0.0.0', token: 'geheim' }
const status = (
  headers: Record<string, string>,
  access: AccessPolicy = loopback,
  localAddress = '127.0.0.1',
  path = '/',
) => refusalOf({ headers: { host: 'localhost:3200', ...headers }, path, localAddress }, access)?.status

it.each([
  ['localhost:3200', undefined],
  ['LOCALHOST', undefined],
  ['app.localhost:3200', undefined],
  ['127.0.0.1:3200', undefined],
  ['127.8.8.8', undefined],
  ['[::1]:3200', undefined],
  ['host.docker.internal:3200', undefined],
  ['evil.example:3200', 403],
  ['127.0.0.1.evil.example', 403],
  ['localhost.evil.example', 403],
  ['evil.example:3200@localhost', 403],
  ['10.0.0.7:3200', 403],
  ['', 403],
])('a server on loopback that is requested as "%s" answers %s', (host, expected) => {
  expect(status({ host })).toBe(expected)
})

it('a server answers to the name and the address that it was bound to', () => {
  const bearer = { authorization: 'Bearer geheim' }
  const named: AccessPolicy = { host: 'Box.lan', token: 'geheim' }
  expect(status({ host: 'box.lan:3200', ...bearer }, named, '10.0.0.7')).toBeUndefined()
  expect(status({ host: '10.0.0.7:3200', ...bearer }, open, '::ffff:10.0.0.7')).toBeUndefined()
  expect(status({ host: '10.0.0.8:3200', ...bearer }, open, '10.0.0.7')).toBe(403)
  expect(status({ host: 'evil.example', ...bearer }, open, '10.0.0.7')).toBe(403)
})

it.each<[string, Record<string, string>, number | undefined]>([
  ['its own page', { origin: 'http://localhost:3200', 'sec-fetch-site': 'same-origin' }, undefined],
  ['an address that the user typed', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, undefined],
  ['a program', {}, undefined],
  [
    'a link on another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    undefined,
  ],
  ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['a page of another port', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, 403],
  ['a sandboxed page', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
  [
    'a script element',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    403,
  ],
  ['a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
  [
    'a form on another site',
    {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
    403,
  ],
])('a request of %s: %j is answered %s', (_, headers, expected) => {
  expect(status(headers)).toBe(expected)
})

it('a server admits the pages of its options, and no other', () => {
  const access: AccessPolicy = { ...loopback, origins: ['https://app.example'] }
  expect(status({ origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }, access)).toBeUndefined()
  expect(status({ origin: 'https://app.example.evil', 'sec-fetch-site': 'cross-site' }, access)).toBe(403)
})

it.each([
  ['Bearer geheim', undefined],
  ['bearer  geheim', undefined],
  [`Basic ${btoa('anybody:geheim')}`, undefined],
  [`Basic ${btoa('geheim')}`, undefined],
  ['Bearer geheimer', 401],
  [`Basic ${btoa('geheim:')}`, 401],
  ['Bearer ', 401],
  ['geheim', 401],
])('a server with a token answers a request that brings "%s" with %s', (authorization, expected) => {
  expect(status({ authorization }, { ...loopback, token: 'geheim' })).toBe(expected)
})

it('a server with a token wants it from everybody, on loopback too', () => {
  expect(status({}, { ...loopback, token: 'geheim' })).toBe(401)
})
