// Checks PostgreSQL with start-up, authentication and `SELECT 1` in its own protocol, https://www.postgresql.org/docs/current/protocol.html
import { createHash } from 'node:crypto'
import { CheckFailure } from '../failure'
import { scram } from './scram'
import { type SocketAddress, Wire } from './wire'

export interface PostgresTarget extends SocketAddress {
  readonly user: string
  readonly password?: string
  readonly database: string
  /** As in libpq: `require` encrypts and accepts any certificate. */
  readonly sslmode: SslMode
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
type SslMode = (typeof sslModes)[number]

/** @returns `undefined` if the URL is not one of PostgreSQL */
export function postgresTarget(url: string): PostgresTarget | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url)
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') return undefined
  const user = decodeURIComponent(username) || searchParams.get('user') || 'postgres'
  const named = searchParams.get('sslmode') ?? (searchParams.get('ssl') === 'true' ? 'require' : 'prefer')
  return {
    ...placeOf(searchParams.get('host') ?? decodeURIComponent(hostname).replace(/^\[|\]$/g, ''), Number(port) || 5432),
    user,
    ...(password && { password: decodeURIComponent(password) }),
    database: decodeURIComponent(pathname.slice(1)) || user,
    sslmode: sslModes.find(mode => mode === named) ?? (named === 'no-verify' ? 'require' : 'prefer'),
  }
}

/** Reads libpq's environment variables; `undefined` without a host. */
export function postgresTargetOf(env: Readonly<Record<string, string | undefined>>): PostgresTarget | undefined {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE } = env
  if (!PGHOST) return undefined
  const user = PGUSER || 'postgres'
  return {
    ...placeOf(PGHOST, Number(PGPORT) || 5432),
    user,
    ...(PGPASSWORD && { password: PGPASSWORD }),
    database: PGDATABASE || user,
    sslmode: sslModes.find(mode => mode === PGSSLMODE) ?? 'prefer',
  }
}

/** A host that starts with a slash is the folder of a Unix domain socket. */
function placeOf(host: string, port: number): SocketAddress {
  if (host.startsWith('/')) return { host: '', port, path: `${host}/.s.PGSQL.${port}` }
  return { host: host || 'localhost', port }
}

export async function checkPostgres(target: PostgresTarget, signal: AbortSignal): Promise<void> {
  const wire = await Wire.open(target, signal)
  try {
    if (target.path === undefined && target.sslmode !== 'disable' && target.sslmode !== 'allow')
      await encrypt(wire, target)
    wire.write(startup(target))
    await authenticate(wire, target)
    await until(wire, 'Z')
    wire.write(message('Q', text('SELECT 1')))
    await until(wire, 'Z')
    wire.write(message('X'))
  } finally {
    wire.close()
  }
}

async function encrypt(wire: Wire, { sslmode, host }: PostgresTarget): Promise<void> {
  wire.write(untyped(int(80_877_103)))
  const [answer] = await wire.read(() => 1)
  if (answer === 'S'.charCodeAt(0)) return wire.secure(host, sslmode.startsWith('verify'))
  if (sslmode !== 'prefer') throw new CheckFailure('tls')
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: AuthenticationOk and related messages */
async function authenticate(wire: Wire, { user, password }: PostgresTarget): Promise<void> {
  for (;;) {
    const body = (await until(wire, 'R')).subarray(5)
    const kind = body.readInt32BE(0)
    if (kind === 0) return
    if (password === undefined) throw new CheckFailure('auth')
    if (kind === 3) wire.write(message('p', text(password)))
    else if (kind === 5) wire.write(message('p', text(`md5${md5(md5(password + user), body.subarray(4, 8))}`)))
    else if (kind === 10) await saslExchange(wire, password, body)
    else throw new CheckFailure('auth')
  }
}

async function saslExchange(wire: Wire, password: string, offer: Buffer): Promise<void> {
  const mechanism = 'SCRAM-SHA-256'
  if (!offer.subarray(4).toString('latin1').split('\0').includes(mechanism)) throw new CheckFailure('auth')
  const exchange = scram(password)
  const first = Buffer.from(exchange.first)
  wire.write(message('p', text(mechanism), int(first.length), first))
  const challenge = (await until(wire, 'R')).subarray(5)
  if (challenge.readInt32BE(0) !== 11) throw new CheckFailure('protocol')
  const { final, isServer } = await exchange.answer(challenge.toString('utf8', 4))
  wire.write(message('p', Buffer.from(final)))
  const end = (await until(wire, 'R')).subarray(5)
  if (end.readInt32BE(0) !== 12 || !isServer(end.toString('utf8', 4))) throw new CheckFailure('auth')
}

/** Reads up to a message of this type. It throws on an error message and skips notices and parameters. */
async function until(wire: Wire, type: string): Promise<Buffer> {
  for (;;) {
    const bytes = await wire.read(bytes => (bytes.length < 5 ? 0 : 1 + Math.max(4, bytes.readUInt32BE(1))))
    const found = String.fromCharCode(bytes[0]!)
    if (found === 'E') throw new CheckFailure(wordOfError(bytes.toString('utf8', 5)))
    if (found === type) return bytes
    // the server uses another protocol
    if (!/[A-Za-z0-9]/.test(found)) throw new CheckFailure('protocol')
  }
}

/** By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html */
function wordOfError(fields: string): string {
  const state =
    fields
      .split('\0')
      .find(field => field.startsWith('C'))
      ?.slice(1) ?? ''
  if (state.startsWith('28')) return 'auth'
  if (state.startsWith('53')) return 'exhausted'
  if (state.startsWith('57P')) return 'unavailable'
  return state === '3D000' ? 'missing' : 'error'
}

function startup({ user, database }: PostgresTarget): Buffer {
  return untyped(int(196_608), text('user'), text(user), text('database'), text(database), text('application_name'), text('afn-otel health'), Buffer.alloc(1)) // biome-ignore format: pairs
}

const md5 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`)
const message = (type: string, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.from(type), untyped(...parts)])

function untyped(...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([int(body.length + 4), body])
}
