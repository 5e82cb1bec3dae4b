// Watches the connection of a WebSocket: bytes written and read, and how it ends. It works with every client, because it sees the raw
// bytes.
import type { Duplex } from 'node:stream'
import type { End } from '../failure'
import { hooks } from '../hook'
import type { Side } from './messages'

export interface Tap {
  bytes(side: Side, bytes: Uint8Array): void
  ended(how: End): void
  trouble(error: unknown): void
}

export function tapSocket(socket: Duplex, tap: Tap): void {
  sockets.hook(socket, tap)
}

function guard(tap: Tap, work: () => void): void {
  try {
    work()
  } catch (error) {
    tap.trouble(error)
  }
}

const sockets = hooks<Tap, Duplex>({
  write(tap, native, [chunk, encoding]) {
    guard(tap, () => sent(tap, chunk, encoding))
    return native()
  },
  end(tap, native, [chunk, encoding]) {
    guard(tap, () => sent(tap, chunk, encoding))
    return native()
  },
  emit(tap, native, [event, argument]) {
    guard(tap, () => {
      if (event === 'data' && argument instanceof Uint8Array) tap.bytes('server', argument)
      else if (event === 'end' || event === 'close') tap.ended({ by: 'server' })
      else if (event === 'error') tap.ended({ by: 'error', error: argument })
    })
    return native()
  },
  destroy(tap, native, [error], socket) {
    guard(tap, () => {
      // Node itself destroys streams that ended or failed.
      if (error) tap.ended({ by: 'error', error })
      else if (!socket.readableEnded) tap.ended({ by: 'consumer' })
    })
    return native()
  },
})

function sent(tap: Tap, chunk: unknown, encoding: unknown): void {
  if (chunk instanceof Uint8Array) tap.bytes('client', chunk)
  else if (typeof chunk === 'string')
    tap.bytes('client', Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'))
}
