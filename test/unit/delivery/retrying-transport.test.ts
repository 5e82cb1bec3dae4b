// Requests to real sockets that refuse, hang, stall and close. The cases that name a suite are upstream's, rewritten:
// opentelemetry-js, experimental/packages/otlp-exporter-base/test/node/http-exporter-transport.test.ts ("HTTP") and
// test/common/retrying-transport.test.ts ("retry"). Times are those of a clock of the test's own, but for sockets.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTransport } from '../../../src/app/delivery/retrying-transport'
import { startBlackHole } from '../../support/black-hole'

const body = Buffer.from('spans')
const nobody = new AbortController().signal
let closing: (() => void)[] = []

afterEach(() => {
  vi.useRealTimers()
  for (const close of closing) close()
  closing = []
})

async function listening(server: Server | TcpServer): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`
}

/** Answers the first requests one by one, and the others as the last. */
async function server(...answers: RequestListener[]): Promise<{ url: string; requests: number[] }> {
  const requests: number[] = []
  const url = await listening(
    createServer((request, response) => {
      requests.push(performance.now())
      const answer = answers[Math.min(requests.length, answers.length) - 1] as RequestListener
      request.resume().on('end', () => answer(request, response))
    }),
  )
  return { url, requests }
}

const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end()

/** A raw connection is handed to `serve`. */
async function tcp(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
  })
  return listening(
    createTcpServer(socket => {
      sockets.add(socket.on('error', () => {}))
      serve(socket)
    }),
  )
}

async function blackHole(): Promise<string> {
  const { url, close } = await startBlackHole()
  closing.push(close)
  return url
}

function transportTo(url: string, more: Partial<Parameters<typeof createTransport>[0]> = {}) {
  return createTransport({
    url,
    headers: {},
    protocol: 'http/protobuf',
    gzip: false,
    timeoutMs: 10_000,
    certificate: undefined,
    clientCertificate: undefined,
    clientKey: undefined,
    ...more,
  })
}

/** Only what the transport waits by itself is faked; sockets need the real clock of the loop. */
function fakeClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], shouldAdvanceTime: false })
}

/** Lets sockets work, without time passing. */
const sockets = async () => {
  for (let i = 0; i < 30; i++) await new Promise(resolve => setImmediate(resolve))
}

describe('an answer', () => {
  it('of success is a success, with its body (HTTP: success)', async () => {
    const { url } = await server((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}'),
    )
    expect(await transportTo(url).post(body, nobody)).toEqual({
      ok: true,
      body: Buffer.from('{"a":1}'),
      contentType: 'application/json',
    })
  })

  it.each([400, 401, 404, 413, 500, 302])('%i is a failure that is not tried again (HTTP: failure)', async code => {
    const { url, requests } = await server(status(code))
    expect(await transportTo(url).post(body, nobody)).toMatchObject({ ok: false, type: String(code), retryable: false })
    expect(requests).toHaveLength(1)
  })

  it('is read up to a limit, and what was taken stays taken (HTTP: body exceeds limit)', async () => {
    const { url } = await server((_, response) => response.end(Buffer.alloc(10 * 2 ** 20)))
    const result = await transportTo(url).post(body, nobody)
    expect(result).toMatchObject({ ok: true })
    expect((result as { body: Buffer }).body.length).toBeLessThanOrEqual(2 ** 16)
  })

  it('of success whose connection breaks after the headers is a success (HTTP)', async () => {
    const { url, requests } = await server((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    })
    expect(await transportTo(url).post(body, nobody)).toMatchObject({ ok: true })
    expect(requests).toHaveLength(1)
  })

  it('of success that stalls after the headers is a success at the deadline', async () => {
    const { url } = await server((_, response) => response.writeHead(200, { 'content-length': '100' }).write('half'))
    expect(await transportTo(url, { timeoutMs: 200 }).post(body, nobody)).toMatchObject({ ok: true })
  })

  it('that is refused and stalls after the headers is refused at once (HTTP)', async () => {
    const { url } = await server((_, response) => response.writeHead(400, { 'content-length': '100' }).write('half'))
    expect(await transportTo(url).post(body, nobody)).toMatchObject({ type: '400' })
  })
})

describe('a request', () => {
  it('has the headers of the target and our name, and its body as it is (HTTP: uncompressed)', async () => {
    let seen: unknown
    const url = await listening(
      createServer((request, response) => {
        const chunks: Buffer[] = []
        request
          .on('data', chunk => chunks.push(chunk))
          .on('end', () => {
            seen = { headers: request.headers, body: Buffer.concat(chunks) }
            response.end()
          })
      }),
    )
    await transportTo(url, { headers: { authorization: 'Basic x', 'User-Agent': 'mine' } }).post(body, nobody)
    expect(seen).toMatchObject({
      headers: { authorization: 'Basic x', 'user-agent': expect.any(String), 'content-type': 'application/x-protobuf' },
      body,
    })
  })

  it('is compressed where the target says so (HTTP: gzip)', async () => {
    const seen: Buffer[] = []
    let encoding: string | undefined
    const url = await listening(
      createServer((request, response) => {
        encoding = request.headers['content-encoding']
        request.on('data', chunk => seen.push(chunk)).on('end', () => response.end())
      }),
    )
    await transportTo(url, { gzip: true }).post(body, nobody)
    expect([encoding, gunzipSync(Buffer.concat(seen))]).toEqual(['gzip', body])
  })

  it('goes out again at once when the server had closed the kept connection, also in a flush', async () => {
    const answered: Socket[] = []
    let requests = 0
    const url = await tcp(socket =>
      socket.on('data', () => {
        requests++
        // the second request on a connection is what the server no longer wants
        if (answered.includes(socket)) return socket.resetAndDestroy()
        answered.push(socket)
        return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      }),
    )
    const transport = transportTo(url)
    await transport.post(body, nobody)
    expect(await transport.post(body, AbortSignal.abort())).toMatchObject({ ok: true })
    expect([requests, answered.length]).toEqual([3, 2])
  })

  it('that HTTP does not allow is a failure, and no exception', async () => {
    const { url } = await server(status(200))
    const transport = transportTo(url, { headers: { authorization: 'line\nbreak' } })
    expect(await transport.post(body, nobody)).toMatchObject({ ok: false, type: 'ERR_INVALID_CHAR', retryable: false })
  })
})

describe('one deadline', () => {
  it('ends a request whose answer never comes (HTTP: request times out)', async () => {
    const { url, requests } = await server(() => {})
    expect(await transportTo(url, { timeoutMs: 200 }).post(body, nobody)).toMatchObject({ type: 'timeout' })
    expect(requests).toHaveLength(1)
  })

  it('ends a request to a server that takes the connection and says nothing', async () => {
    const url = await tcp(() => {})
    expect(await transportTo(url, { timeoutMs: 200 }).post(body, nobody)).toMatchObject({ type: 'timeout' })
  })

  it('ends a connect that hangs, as that to a black-holed address', async () => {
    const url = await blackHole()
    expect(await transportTo(url, { timeoutMs: 300 }).post(body, nobody)).toMatchObject({ type: 'timeout' })
  })

  it('ends a connect that hangs after a second, since a connect keeps the process alive, and tries again', async () => {
    const url = await blackHole()
    const transport = transportTo(url, { timeoutMs: 4_000 })
    const open = () => process.getActiveResourcesInfo().filter(name => name === 'ConnectWrap').length
    const others = open()
    const connects = () => open() - others
    fakeClock()
    const done = vi.fn()
    void transport.post(body, nobody).then(done)
    await sockets()
    expect(connects()).toBe(1)
    vi.advanceTimersByTime(1_000)
    await sockets()
    expect(connects()).toBe(0)
    expect(done).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_250)
    await sockets()
    expect(connects()).toBe(1)
    for (let i = 0; i < 8; i++) {
      vi.advanceTimersByTime(500)
      await sockets()
    }
    expect(done).toHaveBeenCalledWith(expect.objectContaining({ type: 'timeout' }))
  })

  it('has no further try that would begin after it (retry: retryInMillis after timeoutMillis)', async () => {
    const { url, requests } = await server(status(503, { 'retry-after': '20' }))
    expect(await transportTo(url).post(body, nobody)).toMatchObject({ type: '503' })
    expect(requests).toHaveLength(1)
  })

  it('holds no process: a server that never answers does not keep it alive', async () => {
    const { url } = await server(() => {})
    const source = JSON.stringify(require.resolve('../../../src/app/delivery/retrying-transport.ts'))
    // Node reads the source through esbuild, as vitest does
    const code = `require('esbuild').build({ entryPoints: [${source}], bundle: true, platform: 'node', write: false, logLevel: 'silent' }).then(({ outputFiles: [{ text }] }) => {
      const module = { exports: {} }; new Function('require', 'module', 'exports', text)(require, module, module.exports)
      module.exports.createTransport({ url: '${url}', headers: {}, protocol: 'http/json', gzip: false, timeoutMs: 60_000 }).post(Buffer.from('x'), new AbortController().signal)
    })`
    const child = spawn(process.execPath, ['-e', code], { stdio: 'inherit' })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

it('a request that may not be there twice waits for a server that is stopped, longer than for one that answers', async () => {
  let answer = () => {}
  const { url, requests } = await server((_, response) => {
    answer = () => response.writeHead(200).end()
  })
  const result = transportTo(url, { timeoutMs: 200 }).post(body, nobody, 60_000)
  setTimeout(() => answer(), 700)
  expect(await result).toMatchObject({ ok: true })
  expect(requests).toHaveLength(1)
})

describe('one try', () => {
  const soon = () => performance.now() + 300

  it('that was sent whole and has no answer in time stays open, and what is answered later counts', async () => {
    let answer = () => {}
    const { url, requests } = await server((_, response) => {
      answer = () => response.writeHead(200).end()
    })
    const result = await transportTo(url).attempt(body, false, soon())
    expect(result).toMatchObject({ ok: false, type: 'timeout', retryable: true, answered: false })
    if (result.ok || !result.open) throw new Error('it is not open')
    answer()
    expect(await result.open.end).toMatchObject({ ok: true })
    expect(requests).toHaveLength(1)
  })

  it('that is given up ends, and may be made again', async () => {
    const { url } = await server(() => {})
    const result = await transportTo(url).attempt(body, false, soon())
    if (result.ok || !result.open) throw new Error('it is not open')
    result.open.giveUp()
    expect(await result.open.end).toMatchObject({ ok: false, retryable: true, answered: false })
  })

  it('that could not be sent whole in time is over: the server has a part of it', async () => {
    const url = await tcp(socket => socket.pause())
    const result = await transportTo(url).attempt(Buffer.alloc(64 * 2 ** 20), false, soon())
    expect(result).toMatchObject({ ok: false, type: 'timeout', retryable: true })
    expect(result).not.toHaveProperty('open')
  })

  it('is not made again by itself, whatever is answered', async () => {
    const { url, requests } = await server(status(503, { 'retry-after': '1' }))
    const result = await transportTo(url).attempt(body, false, soon())
    expect(result).toMatchObject({ ok: false, type: '503', answered: true, retryAfterMs: 1_000 })
    expect(requests).toHaveLength(1)
  })
})

describe('a try after a failure', () => {
  beforeEach(() => fakeClock())

  /** When requests came, in steps of 100 ms, until nothing more comes. */
  async function paced(result: Promise<unknown>, requests: number[]): Promise<number[]> {
    const begun = performance.now()
    let isOver = false
    void result.finally(() => {
      isOver = true
    })
    for (let i = 0; i < 300 && !isOver; i++) {
      await sockets()
      vi.advanceTimersByTime(100)
    }
    return requests.map(at => at - begun)
  }

  it.each([429, 502, 503, 504])('follows on %i, and succeeds (HTTP: retryable; retry: does retry)', async code => {
    const { url, requests } = await server(status(code), status(200))
    const result = transportTo(url).post(body, nobody)
    const [, second = 0] = await paced(result, requests)
    expect(await result).toMatchObject({ ok: true })
    expect(second).toBeGreaterThan(700)
    expect(second).toBeLessThan(1_400)
  })

  it('waits longer each time, with jitter, within the deadline', async () => {
    const { url, requests } = await server(status(503))
    const times = await paced(transportTo(url, { timeoutMs: 30_000 }).post(body, nobody), requests)
    const pauses = times.slice(1).map((time, i) => time - (times[i] as number))
    expect(pauses.length).toBeGreaterThanOrEqual(6)
    expect(pauses.length).toBeLessThanOrEqual(12)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(6_200)
    expect(pauses[3] as number).toBeGreaterThan(pauses[0] as number)
    expect(times.at(-1) as number).toBeLessThanOrEqual(30_000)
  })

  it.each([
    ['seconds', () => '3'],
    ['a date', () => new Date(Date.now() + 3_000).toUTCString()],
  ])('waits as long as Retry-After says in %s (HTTP: retry-after header)', async (_, header) => {
    const { url, requests } = await server(
      (_, response) => response.writeHead(503, { 'retry-after': header() }).end(),
      status(200),
    )
    const [, second = 0] = await paced(transportTo(url).post(body, nobody), requests)
    // a date has whole seconds
    expect(second).toBeGreaterThan(1_900)
    expect(second).toBeLessThan(4_000)
  })

  it.each(['0', 'soon', '-1'])('waits its own pause when Retry-After is %s: no flood', async header => {
    const { url, requests } = await server(status(503, { 'retry-after': header }))
    await paced(transportTo(url).post(body, nobody), requests)
    expect(requests.length).toBeLessThan(9)
  })

  it('follows on a connection that is refused or reset (HTTP: ECONNREFUSED, ECONNRESET)', async () => {
    let connections = 0
    const url = await tcp(socket => {
      if (++connections === 1) return socket.resetAndDestroy()
      return socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
    })
    const result = transportTo(url).post(body, nobody)
    await paced(result, [])
    expect(await result).toMatchObject({ ok: true })
    expect(connections).toBe(2)
    const refused = transportTo('http://127.0.0.1:1').post(body, nobody)
    await paced(refused, [])
    expect(await refused).toMatchObject({ type: 'ECONNREFUSED' })
  })

  it('does not follow in a flush where nobody listens', async () => {
    const result = transportTo('http://127.0.0.1:1').post(body, AbortSignal.abort())
    await sockets()
    expect(await result).toMatchObject({ type: 'ECONNREFUSED' })
  })

  it('is made at once, and is the last, when a flush comes while nobody listens', async () => {
    const flushing = new AbortController()
    const result = transportTo('http://127.0.0.1:1').post(body, flushing.signal)
    await sockets()
    flushing.abort()
    await sockets()
    expect(await result).toMatchObject({ type: 'ECONNREFUSED' })
  })

  it('follows in a flush too when the server asks for time', async () => {
    const { url, requests } = await server(status(503, { 'retry-after': '1' }), status(200))
    const result = transportTo(url).post(body, AbortSignal.abort())
    await paced(result, requests)
    expect(await result).toMatchObject({ ok: true })
  })
})
