// The handshake of a WebSocket by Node's own `WebSocket` or undici's. Frames after it are observed on the socket.
import type { Duplex } from 'node:stream'
import { hooks } from '../hook'
import type { Handshake, Head, HttpCalls } from './calls'

export class Shaking {
  constructor(
    readonly isCall: boolean,
    private readonly handshake: Handshake,
    private readonly calls: HttpCalls,
  ) {}

  upgraded(status: unknown, socket: unknown, headers: unknown): void {
    try {
      this.handshake.upgraded(Number(status ?? SWITCHED), socket as Duplex, headers)
    } catch (error) {
      this.calls.trouble(error)
    }
  }

  responded({ statusCode, headers }: { readonly statusCode: number; readonly headers: unknown }): void {
    // over HTTP/2, a WebSocket starts with status 200
    if (statusCode >= 300) this.handshake.refused(statusCode, headers)
  }

  failed(error: unknown): void {
    this.handshake.failed((error as Error | undefined)?.name === 'AbortError' ? undefined : error)
  }

  end(): void {}
}

const SWITCHED = 101

/** Undefined if the WebSocket cannot carry model calls. */
export function followHandshake(calls: HttpCalls, request: object, head: Head): Shaking | undefined {
  const handshake = calls.openSocket(head)
  if (!handshake) return undefined
  const shaking = new Shaking(calls.knowsSocket(head), handshake, calls)
  handshakes.hook(request, shaking)
  return shaking
}

const handshakes = hooks<Shaking, object>({ onUpgrade: upgraded, onRequestUpgrade: upgraded })

function upgraded(shaking: Shaking, native: () => unknown, [status, headers, socket]: unknown[]): unknown {
  shaking.upgraded(status, socket, headers)
  return native()
}
