// A side that is busy gets the request again.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { patiently } from '../../conformance/traceql/patiently'

const requests: string[] = []
const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.headers['x-scope-orgid']}`)
  response.statusCode = requests.length < 2 ? 429 : 400
  response.end('too much')
})

beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

it('asks a busy side again, and takes what it says then', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const side = { name: 'Tempo', url, otlp: url, headers: { 'x-scope-orgid': 'a' } } as const
  expect(await patiently(side, url, {}, '{}')).toEqual({ status: 400, text: 'too much' })
  expect(requests).toEqual(['POST a', 'POST a'])
})
