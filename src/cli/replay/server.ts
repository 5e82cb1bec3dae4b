// The server that answers in the place of providers, in HTTP/1.1 and HTTP/2 on one port of the loopback.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import net, { type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { addressAt } from '../../app/llm/observe/http/address'
import { comparedHeaders, withoutCredentials } from '../../app/llm/record/credentials'
import type { CallEnd, RecordedRequest, RecordedResponse } from '../../app/llm/record/recording'
import type { Redact } from '../../app/llm/record/redact-answer'
import { requestBody } from '../../app/llm/record/request-body'
import type { Match, Recorded } from './match'
import { serveSession } from './session'

export interface ReplayServer {
  readonly port: number
  /** In the order in which they were asked. */
  readonly matches: readonly Match[]
  /** Requests that were not recorded. */
  readonly unmatched: readonly RecordedRequest[]
  close(): void
}

type Answer = ServerResponse | Http2ServerResponse

/** What begins a connection of HTTP/2. */
const PREFACE = 'PRI * HTTP/2'
/** A client that has stopped reading did so by itself, and not because the answer ended. Until it does so again, ms. */
const HELD_MS = 30_000

/** @param pace by what recorded delays are multiplied; 0 answers at once */
export async function startReplayServer(recorded: Recorded, redact: Redact, pace: number): Promise<ReplayServer> {
  const matches: Match[] = []
  const unmatched: RecordedRequest[] = []
  const sockets = new Set<Socket>()

  async function answer(request: IncomingMessage | Http2ServerRequest, response: Answer): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const asked = askedOf(request, Buffer.concat(pieces), recorded, redact)
    const match = recorded.take(asked)
    if (!match) {
      unmatched.push(asked)
      return refuse(response, asked)
    }
    if (!match.isRepeated) matches.push(match)
    const { recording } = match
    if (recording.response) await send(response, recording.response, recording.end, pace)
    else if (recording.end === 'aborted') await hold(response)
    else lose(response)
  }

  const listener = (request: IncomingMessage | Http2ServerRequest, response: Answer) => {
    answer(request, response).catch(() => lose(response))
  }
  const one = http.createServer(listener as http.RequestListener)
  const two = http2.createServer(listener as (request: Http2ServerRequest, response: Http2ServerResponse) => void)
  one.on('upgrade', (request, socket, first) => {
    socket.on('error', () => {})
    const asked = { ...askedOf(request, Buffer.alloc(0), recorded, redact), upgrades: true } as const
    serveSession({ request, socket, first, asked }, recorded, redact, pace, match => matches.push(match))
      .then(outcome => {
        if (!outcome) return
        unmatched.push(asked)
        socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      })
      .catch(() => socket.destroy())
  })
  const front = net.createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    socket.setNoDelay(true)
    socket.once('data', first => {
      socket.pause()
      socket.unshift(first)
      ;(first.toString('latin1').startsWith(PREFACE) ? two : one).emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
  await new Promise<void>((resolve, reject) => front.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    port: (front.address() as AddressInfo).port,
    matches,
    unmatched,
    close() {
      front.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function askedOf(
  { method = 'GET', url = '/', headers }: IncomingMessage | Http2ServerRequest,
  body: Buffer,
  recorded: Recorded,
  redact: Redact,
): RecordedRequest {
  const header = (name: string) => {
    const value = headers[name]
    return value === undefined ? undefined : String(value)
  }
  const host = header('host') ?? header(':authority') ?? 'localhost'
  return {
    method,
    url: String(redact(withoutCredentials(addressAt(`${recorded.schemeOf(host)}//${host}`, url)))),
    headers: comparedHeaders(header),
    body: redact(requestBody(body, header('content-type'))) as RecordedRequest['body'],
  }
}

async function send(
  response: Answer,
  { status, headers, chunks }: RecordedResponse,
  end: CallEnd,
  pace: number,
): Promise<void> {
  const bodies = chunks.map(({ text, base64 }) =>
    Buffer.from(text ?? base64 ?? '', text === undefined ? 'base64' : 'utf8'),
  )
  const length = bodies.reduce((sum, { length }) => sum + length, 0)
  response.sendDate = false
  const names: Record<string, string | string[]> = {}
  for (const [name, value] of headers) {
    const isLength = name.toLowerCase() === 'content-length'
    // of an answer that did not come whole it would be another one
    if (isLength && end !== 'complete') continue
    const own = isLength ? String(length) : value
    const before = names[name]
    names[name] = before === undefined ? own : [before, own].flat()
  }
  ;(response as ServerResponse).writeHead(status, names)
  if ('flushHeaders' in response) response.flushHeaders()
  for (const [n, body] of bodies.entries()) {
    // at once means a piece a turn: what came in pieces is read in pieces
    await sleep(pace * chunks[n]!.afterMs)
    if (response.destroyed) return
    // on its way before the next: some clients decode each piece by itself
    await new Promise(resolve => (response as ServerResponse).write(body, resolve))
  }
  if (end === 'complete') response.end()
  else if (end === 'cut') lose(response)
  else await hold(response)
}

/** The client leaves, as it did before. */
async function hold(response: Answer): Promise<void> {
  const left = new Promise(resolve => response.once('close', resolve))
  await Promise.race([left, sleep(HELD_MS, undefined, { ref: false })])
  lose(response)
}

/** The connection breaks, in the middle of an answer or before it. */
function lose(response: Answer): void {
  if ('stream' in response) response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
  // what was written before goes out first: a reset would take it back
  else response.socket?.destroySoon()
}

/** An error in the shapes of all providers' clients, and a status that none of them repeats. */
function refuse(response: Answer, { method, url }: RecordedRequest): void {
  const message = `afn-otel replay: no recorded answer is left for ${method} ${url}. The request was not sent to the provider. Record it with afn-otel run --record.`
  const type = 'afn_replay_unmatched'
  const body = JSON.stringify({
    type: 'error',
    message,
    error: { type, code: type, status: 'FAILED_PRECONDITION', message },
  })
  ;(response as ServerResponse).writeHead(400, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-amzn-errortype': 'AfnReplayUnmatched',
    'x-should-retry': 'false',
  })
  response.end(body)
}
