// Between the Collector and LangFuse: what the Collector would drop comes to it as 503, which it sends again. The rest passes.
import http from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { type LangfuseProxy, startLangfuseProxy } from '../../../src/cli/langfuse/proxy'
import { listen } from '../../support/ports'

let said: string[]
let answers: (body: string) => number
let requests: { url: string; headers: http.IncomingHttpHeaders; body: string }[]
let server: http.Server
let proxy: LangfuseProxy
afterEach(async () => {
  await proxy.close()
  server.close()
  server.closeAllConnections()
})

async function open(answer: (body: string) => number, path = ''): Promise<void> {
  ;[said, requests, answers] = [[], [], answer]
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      requests.push({ url: request.url ?? '', headers: request.headers, body })
      response.writeHead(answers(body), { 'x-from': 'LangFuse', 'retry-after': '7' }).end('told')
    })
  })
  const target = `http://127.0.0.1:${await listen(server)}${path}`
  proxy = await startLangfuseProxy({ target, host: '127.0.0.1', port: 0, say: line => said.push(line) })
}

const post = (body = 'spans') =>
  fetch(`${proxy.url}/api/public/otel/v1/traces?a=1`, {
    method: 'POST',
    headers: { authorization: 'Basic x', 'content-type': 'application/x-protobuf' },
    body,
  })

describe('an answer', () => {
  it.each([200, 207, 400, 413, 422, 429, 502, 503, 504])('%i passes as it is, and the request does', async status => {
    await open(() => status, '/base/')
    const response = await post()
    expect([response.status, await response.text()]).toEqual([status, 'told'])
    expect([response.headers.get('x-from'), response.headers.get('retry-after')]).toEqual(['LangFuse', '7'])
    expect(requests).toMatchObject([
      {
        url: '/base/api/public/otel/v1/traces?a=1',
        headers: { authorization: 'Basic x', 'content-type': 'application/x-protobuf' },
        body: 'spans',
      },
    ])
  })

  it.each([401, 403, 404, 408, 500, 501, 507])(
    '%i comes as 503, with a message for the log of the Collector',
    async status => {
      await open(() => status)
      const response = await post()
      expect(response.status).toBe(503)
      // field 2 of google.rpc.Status, as OTLP asks for
      const body = Buffer.from(await response.arrayBuffer())
      expect([body[0], body[1]]).toEqual([0x12, body.length - 2])
      expect(body.subarray(2).toString()).toBe(`LangFuse: it returns ${status}`)
    },
  )

  it('that does not come is 503 too', async () => {
    await open(() => 200)
    server.close()
    server.closeAllConnections()
    expect((await post()).status).toBe(503)
    expect(said).toEqual([expect.stringMatching(/rejects spans \(ECONNREFUSED\); they stay in the queue$/)])
  })
})

it('says when LangFuse stops to take spans and when it takes them again, once each', async () => {
  await open(() => 500)
  for (let n = 0; n < 3; n++) await post()
  answers = () => 200
  for (let n = 0; n < 3; n++) await post()
  expect(said).toHaveLength(2)
  expect(said[0]).toMatch(/ rejects spans \(it returns 500\); they stay in the queue$/)
  expect(said[1]).toMatch(/ accepts spans again$/)
})

describe('a batch that fails alone', () => {
  it('is given up: it would hold its place in the queue for ever', async () => {
    await open(body => (body === 'bad' ? 500 : 200))
    const statuses: number[] = []
    for (let n = 0; n < 30 && statuses.at(-1) !== 500; n++) {
      statuses.push((await post('bad')).status)
      await post(`good ${n}`)
    }
    expect(statuses.slice(0, -1).every(status => status === 503)).toBe(true)
    expect(statuses.at(-1)).toBe(500)
    expect(said.at(-1)).toMatch(/dropped one batch \(it returns 500\)/)
  })

  it('is not one that fails in an outage, however long', async () => {
    await open(() => 500)
    for (let n = 0; n < 50; n++) expect((await post('bad')).status).toBe(503)
    answers = body => (body === 'bad' ? 200 : 500)
    expect((await post('bad')).status).toBe(200)
  })

  it('is not one whose key is refused', async () => {
    await open(body => (body === 'bad' ? 401 : 200))
    for (let n = 0; n < 50; n++) {
      expect((await post('bad')).status).toBe(503)
      await post(`good ${n}`)
    }
  })
})

it('goes on when a client goes away', async () => {
  await open(() => 200)
  const abort = new AbortController()
  const gone = fetch(`${proxy.url}/x`, { method: 'POST', body: 'a', signal: abort.signal }).catch(() => 'gone')
  abort.abort()
  expect(await gone).toBe('gone')
  expect((await post()).status).toBe(200)
  expect(said).toEqual([])
})
