// What the review found to be open: names that others can rebind, navigations of other sites, and characters that reach a terminal.
// Headers are those that Chromium 143 sends, as the review recorded them.
import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { serve } from '../../../src/app/delivery/prometheus/endpoint'
import { refusalOf } from '../../../src/backend/access-policy'
import { json, plainText } from '../../../src/cli/terminal'
import { freePorts } from '../../support/ports'

const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const status = (headers: Record<string, string>, path = '/', token?: string) =>
  refusalOf(
    { headers: { host: 'localhost:3200', ...headers }, path, localAddress: '127.0.0.1' },
    { host: '127.0.0.1', token },
  )?.status

it('F26: a link on another site leads to the page, and to no search and no download', () => {
  expect(status(navigation)).toBeUndefined()
  for (const path of ['/api/afn/export', '/api/search', '/api/afn/stats', '/assets/x.js', '//api/search'])
    expect(status(navigation, path), path).toBe(403)
  expect(status({ ...navigation, 'sec-fetch-site': 'none' }, '/api/afn/export')).toBeUndefined()
  expect(status({ ...navigation, 'sec-fetch-site': 'same-origin' }, '/api/afn/export')).toBeUndefined()
})

it('F25: what containers call this machine is for programs, and for who brings a token', () => {
  for (const host of ['host.docker.internal:3200', 'host.containers.internal:3200']) {
    expect(status({ host })).toBeUndefined()
    // a page on a rebound name: to such an address Chromium sends no fetch metadata, and with a GET no origin
    expect(status({ host, 'accept-language': 'en-GB' })).toBe(403)
    expect(status({ host, origin: `http://${host}` })).toBe(403)
    expect(status({ host, 'accept-language': 'en-GB', authorization: 'Bearer geheim' }, '/', 'geheim')).toBeUndefined()
  }
})

it('F25: no page on a rebound name reads the metrics that Prometheus scrapes', async () => {
  const [port] = (await freePorts(1)) as [number]
  const resource = { attributes: {}, merge: () => resource, getRawAttributes: () => [] }
  const metrics = { resource, scopeMetrics: [] } as never
  const close = serve({ host: '127.0.0.1', port, collect: async () => metrics, onFailure: () => {} })
  const scraped = async (headers: Record<string, string>) => {
    const [response] = await once(request({ port, host: '127.0.0.1', path: '/metrics', headers }).end(), 'response')
    response.resume()
    return response.statusCode
  }
  await expect.poll(() => scraped({ host: 'app:9464' }).catch(() => 0)).toBe(200)
  expect(await scraped({ host: 'evil.example:9464', 'accept-language': 'en' })).toBe(403)
  expect(await scraped({ host: 'evil.example:9464', origin: 'http://evil.example:9464' })).toBe(403)
  expect(await scraped({ host: 'localhost:9464', 'accept-language': 'en' })).toBe(200)
  expect(await scraped({ host: '10.0.0.7:9464', 'accept-language': 'en' })).toBe(200)
  close()
})

it('F23: JSON for a terminal has no control or format character, and means the same', () => {
  const hostile = { name: '\x1b]52;c;x\x07\u009b2J\u202eabc\u2028\u{e0001}\u007f', list: ['日本', '👩‍💻'] }
  for (const text of [json(hostile), json(hostile, 2)]) {
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(JSON.parse(text)).toEqual(hostile)
  }
})

it('F23: stacks for a terminal keep their lines and lose what could move its cursor', () => {
  expect(plainText('E: \x1b[2J\x1b]52;c;x\x07a\u009b\u202e\r\n\tat f')).toBe('E: [2J]52;c;xa\n\tat f')
})
