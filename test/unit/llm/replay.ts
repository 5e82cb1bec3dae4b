// A provider for the tests: answers with recordings, in pieces of a chosen size, and keeps what it was sent.
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
export const FIXTURES = path.join(here, '../../fixtures/recordings')
/** Real traffic of 2025 and 2026, beside the repository; absent in a user's clone. */
export const SHARED = path.join(here, '../../../../shared/recordings')

export interface Recording {
  id: string
  request: { url: string; headers: Record<string, string>; body: unknown }
  /** `bodyBase64` where the bytes are no text. */
  response: { status: number; headers: Record<string, string>; body?: string; bodyBase64?: string }
  stream: boolean
  /** Where the answer depends on what was sent. */
  respond?(body: string): Recording['response']
}

export interface Received {
  path: string
  rawHeaders: string[]
  body: string
}

export interface Behaviour {
  /** Bytes a piece; by default one event a piece. */
  split?: number
  pauseMs?: number
  headersAfterMs?: number
  /** Break the connection after so many pieces. */
  breakAfter?: number
  /** Send so many pieces, then nothing more. */
  stallAfter?: number
}

/** A folder for each protocol, a file for each recording. */
export function recordings(dir: string): Map<string, Recording> {
  const found = new Map<string, Recording>()
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter(file => /^[^/\\]+[/\\].+\.json$/.test(file))) {
    const recording = JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as Recording
    found.set(recording.id, recording)
  }
  return found
}

export async function startReplay(known = recordings(FIXTURES)) {
  const received: Received[] = []
  let behaviour: Behaviour = {}
  let dropped = 0
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const url = new URL(request.url ?? '', 'http://local')
    received.push({ path: url.pathname, rawHeaders: request.rawHeaders, body })
    const recording = known.get(url.pathname.split('/')[1] ?? '')
    if (!recording) return response.writeHead(404).end()
    const { split, pauseMs, headersAfterMs, breakAfter, stallAfter } = behaviour
    if (headersAfterMs) await sleep(headersAfterMs)
    const recorded = recording.respond?.(body) ?? recording.response
    response.writeHead(recorded.status, recorded.headers)
    response.flushHeaders()
    response.on('close', () => {
      if (!response.writableFinished) dropped++
    })
    let sent = 0
    for (const piece of pieces(recorded, split)) {
      if (response.destroyed) return
      if (sent === breakAfter) return request.socket.destroy()
      if (sent === stallAfter) return
      sent++
      response.write(piece)
      await (pauseMs ? sleep(pauseMs) : new Promise(resolve => setImmediate(resolve)))
    }
    if (sent !== stallAfter) response.end()
  })
  // on a busy machine a client may stand still for longer than the 5 s after which a server closes what is idle
  server.keepAliveTimeout = 0
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    received,
    recordings: known,
    /** How many answers were not taken to their end. */
    dropped: () => dropped,
    base: (id: string) => `${base}/${id}`,
    behave(how: Behaviour) {
      behaviour = how
    },
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A fetch to stand under the tap: above it are the provider's URLs, below it is the replay. */
export function routed(base: string, real: typeof fetch): typeof fetch {
  return (input, init) => {
    const request = input instanceof Request ? input : undefined
    const to = base + new URL(request ? request.url : String(input)).pathname
    return request ? real(new Request(to, request), init) : real(to, init)
  }
}

function pieces({ body = '', bodyBase64 }: Recording['response'], split: number | undefined): Buffer[] | string[] {
  const bytes = bodyBase64 === undefined ? Buffer.from(body) : Buffer.from(bodyBase64, 'base64')
  if (split) {
    return Array.from({ length: Math.ceil(bytes.length / split) }, (_, i) => bytes.subarray(i * split, (i + 1) * split))
  }
  return bodyBase64 === undefined ? body.split(/(?<=\n\n|\r\n\r\n)/) : [...frames(bytes)]
}

/** The frames of AWS's event stream; what is no whole frame is one piece. */
function* frames(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : bytes.length
    yield bytes.subarray(at, at + length)
    at += length
  }
}
