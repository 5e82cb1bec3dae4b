// F4: the proxy in front of a server that answers anybody. The server behind says what reached it.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Listening } from '../../../src/backend/listen'
import { startProxy } from '../../../src/backend/proxy'

const reached: string[] = []
const behind = createServer((message, response) => {
  reached.push(`${message.method} ${message.url}`)
  response.setHeader('x-behind', 'yes')
  message.pipe(response)
})
let proxy: Listening
beforeAll(async () => {
  behind.listen(0, '127.0.0.1')
  await once(behind, 'listening')
  const { port } = behind.address() as AddressInfo
  proxy = await startProxy(new URL(`http://127.0.0.1:${port}/secret`), 0, { host: '127.0.0.1' })
})
afterAll(async () => {
  await proxy.close()
  behind.closeAllConnections()
  behind.close()
})

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = '') {
  reached.length = 0
  // as it is: a URL would be made clean here
  const sent = request({
    port: proxy.port,
    host: '127.0.0.1',
    path,
    method,
    headers: { host: `localhost:${proxy.port}`, ...headers },
  })
  const [answer] = (await once(sent.end(body), 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += chunk
  return { status: answer.statusCode, text, reached: [...reached], isBehind: answer.headers['x-behind'] === 'yes' }
}

it('F4: passes on what a program asks, with its body, under the path that nobody knows', async () => {
  expect(await ask('/api/v1/query?query=up', {}, 'POST', 'a body')).toEqual({
    status: 200,
    text: 'a body',
    reached: ['POST /secret/api/v1/query?query=up'],
    isBehind: true,
  })
})

it.each<[string, Record<string, string>, string]>([
  ['a rebound name', { host: 'evil.example' }, '/api/v1/query'],
  ['a rebound name, its page', { host: 'evil.example' }, '/'],
  ['a page of another origin', { origin: 'https://evil.example' }, '/api/v1/query'],
  ['an image on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, '/api/v1/query'],
  [
    'a link on another site to the API',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    '/api/v1/query',
  ],
])('F4: %s does not reach the server behind', async (_, headers, path) => {
  expect(await ask(path, headers)).toMatchObject({ status: 403, reached: [], isBehind: false })
})

const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

it.each([
  ['//api/v1/query?query=up'],
  ['///api//v1/query?query=up'],
  ['/./api/v1/query?query=up'],
  ['/x/../api/v1/query?query=up'],
  ['/%2e%2e/api/v1/query?query=up'],
  ['/..//./api/v1/query?query=up'],
  ['/\\api/v1/query?query=up'],
])('H14: %s is redirected to the path that nobody knows, and a link may ask it', async path => {
  expect((await ask(path)).reached).toEqual(['GET /secret/api/v1/query?query=up'])
  expect(await ask(path, link)).toMatchObject({ status: 403, reached: [] })
})

it('H14: a link on another site leads to more than the pages', async () => {
  for (const path of ['/federate?match[]=up', '/metrics', '/debug/pprof/heap', '/-/quit'])
    expect(await ask(path, link)).toMatchObject({ status: 403, reached: [] })
  for (const path of ['/', '/query?g0.expr=up', '/alerts', '/apiary'])
    expect(await ask(path, link)).toMatchObject({ status: 200, reached: [`GET /secret${path}`] })
  expect((await ask('http://[broken')).reached).toEqual(['GET /secret/'])
})

it('F4: a server that is gone is a 502, and the proxy lives', async () => {
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  const other = await startProxy(new URL(`http://127.0.0.1:${port}/x`), 0, { host: '127.0.0.1' })
  for (let n = 0; n < 3; n++) expect((await fetch(other.url)).status).toBe(502)
  await other.close()
})
