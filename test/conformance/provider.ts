// A provider on this machine: answers by HTTP/1.1 and by HTTP/2 with recordings, in pieces of a chosen size, and keeps
// what it was sent, to the byte.
import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Recording } from './recordings'

export interface Received {
  method: string
  path: string
  httpVersion: string
  rawHeaders: string[]
  body: Buffer
  /** The recording that it was answered with. */
  answered: string | undefined
}

/** How an answer is sent; a recording's own way by default. */
export interface Answer {
  recording: Recording
  /** Bytes a piece; by default one event a piece. */
  split?: number | undefined
  /** Wait before the headers. */
  delayMs?: number | undefined
  /** Wait after each piece. */
  pauseMs?: number | undefined
  /** Break the connection after so many pieces. */
  breakAfter?: number | undefined
  /** Send so many pieces, then nothing for longer than any client waits. */
  stallAfter?: number | undefined
}

type Request = http.IncomingMessage | http2.Http2ServerRequest
type Response = http.ServerResponse | http2.Http2ServerResponse

export type Provider = Awaited<ReturnType<typeof startProvider>>

/** @param answer says what a request gets; nothing is a 404 */
export async function startProvider(answer: (received: Received) => Answer | undefined) {
  const received: Received[] = []
  const handle = async (request: Request, response: Response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      httpVersion: request.httpVersion,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks),
      answered: undefined,
    }
    received.push(one)
    const how = answer(one)
    one.answered = how?.recording.id
    if (how) await give(how, response)
    else response.writeHead(404).end()
  }
  const quietly = (request: Request, response: Response) => {
    handle(request, response).catch(() => (response as http.ServerResponse).destroy()) // the client left while it sent
  }
  const first = http.createServer(quietly)
  const second = http2.createServer(quietly)
  const sessions = new Set<http2.ServerHttp2Session>()
  second.on('session', session => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session)).on('error', () => {})
  })
  for (const server of [first, second]) {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  }
  return {
    received,
    port: (first.address() as AddressInfo).port,
    port2: (second.address() as AddressInfo).port,
    async close() {
      const closed = [first, second].map(server => new Promise<void>(resolve => server.close(() => resolve())))
      first.closeAllConnections()
      for (const session of sessions) session.destroy()
      await Promise.all(closed)
    },
  }
}

/** Headers that say how a message was carried, not what it is. */
export const ofTheConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
])

async function give(how: Answer, response: Response): Promise<void> {
  const { recording, split, delayMs, pauseMs, breakAfter, stallAfter } = how
  const { status, headers } = recording.response
  if (delayMs) await sleep(delayMs)
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.has(name.toLowerCase()))
  response.on('error', () => {})
  response.sendDate = false
  ;(response as http.ServerResponse).writeHead(status, Object.fromEntries(kept))
  const parts = pieces(recording, split)
  for (const [sent, part] of parts.entries()) {
    if (response.destroyed || response.writableEnded) return
    if (sent === breakAfter) return void response.socket?.destroy()
    if (sent === stallAfter) return void setTimeout(() => response.end(), stallMs).unref()
    // Each piece is a chunk or frame of its own, so that a client gets it as such even from one packet.
    const taken = (response as http.ServerResponse).write(part)
    if (pauseMs) await sleep(pauseMs)
    else if (!taken) await drained(response)
    else if (!split) await new Promise(setImmediate)
  }
  response.end()
}

function drained(response: Response): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

/** It ends all the same: a connection that nobody closes would keep a client's process alive. */
const stallMs = 3000

export function bodyOf({ response: { body, bodyBase64 } }: Recording): Buffer {
  return bodyBase64 === undefined ? Buffer.from(body ?? '') : Buffer.from(bodyBase64, 'base64')
}

function pieces(recording: Recording, split: number | undefined): Buffer[] {
  const bytes = bodyOf(recording)
  if (split)
    return Array.from({ length: Math.ceil(bytes.length / split) }, (_, i) => bytes.subarray(i * split, (i + 1) * split))
  const type = recording.response.headers['content-type'] ?? ''
  if (type.includes('amazon.eventstream')) return frames(bytes)
  if (type.includes('event-stream')) return cut(bytes, /(?<=\n\n|\r\n\r\n)/)
  if (type.includes('ndjson') || type.includes('stream+json')) return cut(bytes, /(?<=\n)/)
  return bytes.length ? [bytes] : []
}

function cut(bytes: Buffer, after: RegExp): Buffer[] {
  return bytes
    .toString('latin1')
    .split(after)
    .map(text => Buffer.from(text, 'latin1'))
}

/** Each frame of AWS's event stream says its length first. */
function frames(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const length = from + 4 <= bytes.length ? bytes.readUInt32BE(from) : 0
    const end = length >= 16 ? Math.min(bytes.length, from + length) : bytes.length
    found.push(bytes.subarray(from, end))
    from = end
  }
  return found
}
