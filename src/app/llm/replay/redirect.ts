// Preload `replay.cjs`, used only by `afn-otel replay`: redirects connections to providers to the replay server on this machine. It
// replaces functions of Node's `net` and `tls`, below every client, so that no request bypasses it. The server decides how to answer.
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'
import { providerAt } from '../providers/providers'

/** The value that `afn-otel replay` passes in `AFN_REPLAY`. */
export interface ReplayAddress {
  /** Port of the server, on the loopback interface. */
  readonly port: number
  /** `host:port` of each recorded host, in addition to the known providers. */
  readonly recorded: readonly string[]
}

interface Target {
  readonly host?: string | undefined
  readonly port?: number | string | undefined
  /** Path of a Unix domain socket. */
  readonly path?: string | null | undefined
  readonly servername?: string | undefined
  readonly ALPNProtocols?: unknown
}

type Arguments = unknown[]

/** Node's own function; it has had this name since io.js, and Node's own modules call it. */
const { _normalizeArgs: normalized } = net as unknown as { _normalizeArgs(args: Arguments): [Target, unknown] }

export function redirect({ port, recorded }: ReplayAddress): void {
  const hosts = new Set(recorded)
  const isCaught = (host: string | undefined, to: Target['port']) =>
    host !== undefined && to !== port && (hosts.has(`${host}:${to}`) || providerAt(host, String(to)) !== undefined)

  const connect = net.Socket.prototype.connect as (this: net.Socket, ...args: Arguments) => net.Socket
  net.Socket.prototype.connect = function (this: net.Socket, ...args: Arguments) {
    const [target, listener] = (Array.isArray(args[0]) ? args[0] : normalized(args)) as [Target, unknown]
    if (target.path || !isCaught(target.host ?? 'localhost', target.port)) return Reflect.apply(connect, this, args)
    return Reflect.apply(connect, this, [{ host: '127.0.0.1', port }, listener])
  } as typeof net.Socket.prototype.connect

  const secure = tls.connect as (...args: Arguments) => tls.TLSSocket
  tls.connect = function (this: unknown, ...args: Arguments) {
    const [first, listener] = normalized(args)
    const target: Target = Object.assign({}, first, ...args.slice(1, 3).filter(arg => typeof arg === 'object'))
    const { host, servername } = target
    if (!isCaught(servername || host, target.port ?? 443) && !isCaught(host, target.port ?? 443))
      return Reflect.apply(secure, this, args)
      // the tunnel of a proxy may already exist
    ;(target as { socket?: net.Socket }).socket?.destroy()
    return plain(port, target.ALPNProtocols, listener)
  } as typeof tls.connect
  syncBuiltinESMExports()
}

/** A connection without TLS that appears to clients as a TLS connection. */
function plain(port: number, protocols: unknown, listener: unknown): net.Socket {
  const offered = Array.isArray(protocols) ? protocols.map(String) : [String(protocols ?? '')]
  const isHttp2 = offered.includes('h2') && !offered.includes('http/1.1')
  const socket = net.connect({ host: '127.0.0.1', port })
  socket.once('connect', () => socket.emit('secureConnect'))
  if (typeof listener === 'function') socket.once('secureConnect', listener as () => void)
  return Object.assign(socket, {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol: isHttp2 ? 'h2' : 'http/1.1',
    getPeerCertificate: () => ({}),
    getProtocol: () => 'TLSv1.3',
    getSession: () => undefined,
    isSessionReused: () => false,
    setServername() {},
  })
}
