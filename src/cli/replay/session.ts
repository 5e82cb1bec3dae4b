// A recorded WebSocket, served again: each message of the server when the client has said as much as it had before.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedMessage } from '../../app/llm/record/recording'
import type { Redact } from '../../app/llm/record/redact-answer'
import { Said } from '../../app/llm/record/said'
import type { AskedRequest, Match, Recorded } from './match'
import { ReplaySocket } from './socket'

/** A client that says less than it did is waited for so long, ms. */
const HELD_MS = 30_000
/** Pieces of sound are as many as there is time for: after such a silence, ms, there are enough. */
const SILENCE_MS = 200
/** Of the handshake: what the recorded one agreed on. */
const AGREED = /^sec-websocket-|^content-length$/i

export interface Handshake {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly first: Buffer
  readonly asked: AskedRequest
}

/** @param began called when it is known which of the recorded ones it is */
export async function serveSession(
  { request, socket, first, asked }: Handshake,
  recorded: Recorded,
  redact: Redact,
  pace: number,
  began: (match: Match) => void,
): Promise<'unmatched' | undefined> {
  const likely = recorded.likely(asked)
  if (!likely) return 'unmatched'
  const { response, messages = [] } = likely
  if (response?.status !== 101) {
    began(recorded.take(asked)!)
    // a client reads no more of a refusal than its head
    if (response) socket.end(headOf(response.status, response.headers))
    else socket.destroy()
    return undefined
  }
  const client = new Client()
  const headers = [
    ...response.headers.filter(([name]) => !AGREED.test(name)),
    ...protocolOf(response.headers, request.headers['sec-websocket-protocol']),
  ]
  const connection = new ReplaySocket(request, socket, first, headers, client)
  // of several that speak the same, the first words tell which one it is
  if (messages[0]?.from === 'client') await client.hears(1, 0)
  const bodyNow = () => redact({ json: client.said.messages }) as AskedRequest['body']
  const match = recorded.take({ ...asked, body: bodyNow() })
  if (!match) return 'unmatched'
  const recordedMessages = match.recording.messages ?? []
  began({
    ...match,
    get changes() {
      return recorded.changes(match.recording, { ...asked, body: bodyNow() })
    },
  })
  await play(connection, client, recordedMessages, match.recording.end === 'cut', pace)
  return undefined
}

async function play(
  connection: ReplaySocket,
  client: Client,
  messages: readonly RecordedMessage[],
  isCut: boolean,
  pace: number,
): Promise<void> {
  let [asks, sounds] = [0, 0]
  for (const [n, { from, close, isSound, isBinary, afterMs, text, base64 }] of messages.entries()) {
    if (from === 'client') {
      if (close) break
      if (isSound) sounds++
      else asks++
      continue
    }
    if (!(await client.hears(asks, sounds))) {
      if (!client.isGone) connection.close(1011, 'afn-otel replay: no further message was recorded')
      return
    }
    // at once means a message a turn, and the first one comes with the handshake: a client may speak when it is open, or then
    if (n > 0 || pace > 0) await sleep(pace * afterMs)
    if (client.isGone) return
    if (close) return connection.close(close.code, close.reason)
    await connection.send(Buffer.from(text ?? base64 ?? '', text === undefined ? 'base64' : 'utf8'), isBinary === true)
  }
  if (isCut && (await client.hears(asks, sounds))) return connection.lose()
  await client.leaves()
  connection.lose()
}

/** What the client has said until now. */
class Client {
  readonly said = new Said()
  isGone = false
  #asks = 0
  #sounds = 0
  #lastAt = performance.now()
  #wake = () => {}

  message(bytes: Buffer, isBinary: boolean): void {
    this.#lastAt = performance.now()
    if (this.said.add(bytes, isBinary)) this.#sounds++
    else this.#asks++
    this.#wake()
  }

  closed(): void {
    this.isGone = true
    this.#wake()
  }

  /** @returns false where it goes, or is silent, before it has said so many messages */
  async hears(asks: number, sounds: number): Promise<boolean> {
    while (!this.isGone) {
      const silent = performance.now() - this.#lastAt
      if (this.#asks >= asks && (this.#sounds >= sounds || (this.#sounds > 0 && silent >= SILENCE_MS))) return true
      if (silent >= HELD_MS) return false
      await this.#next(this.#asks >= asks ? SILENCE_MS : HELD_MS - silent)
    }
    return false
  }

  /** As it did before; until then the connection is there. */
  async leaves(): Promise<void> {
    const until = performance.now() + HELD_MS
    while (!this.isGone && performance.now() < until) await this.#next(until - performance.now())
  }

  async #next(ms: number): Promise<void> {
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    await sleep(ms, undefined, { signal: woken.signal, ref: false }).catch(() => {})
  }
}

/** The recorded subprotocol, if the client offers it now; else one of its own, without which it would end the connection. */
function protocolOf(
  headers: readonly (readonly [string, string])[],
  offered: string | undefined,
): (readonly [string, string])[] {
  const [first, ...others] = (offered ?? '').split(',').flatMap(one => one.trim() || [])
  if (first === undefined) return []
  const before = headers.find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1]
  return [['Sec-WebSocket-Protocol', [first, ...others].find(one => one === before) ?? first]]
}

function headOf(status: number, headers: readonly (readonly [string, string])[]): string {
  const lines = headers
    .filter(([name]) => !/^content-length$/i.test(name))
    .map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Recorded\r\n${lines.join('')}connection: close\r\ncontent-length: 0\r\n\r\n`
}
