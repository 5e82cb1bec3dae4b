// Real servers for tests, on free ports, in folders of their own; ended by pid. Skipped where the binary is missing.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePorts } from './ports'

export interface Service {
  port: number
  /** For signals; ended by `stop()` alone. */
  pid: number
  stop(): Promise<void>
}

/** Waits until the server listens; one that never does is ended. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  // what a test that fails half-way has not stopped ends with its process
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('close', () => process.off('exit', kill))
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  kill()
  throw new Error(`nobody listens on ${port}`)
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise(resolve => child.once('close', resolve))
  child.kill('SIGINT')
  await ended
  rmSync(folder, { recursive: true, force: true })
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/**
 * @param more arguments of the server; given the free port
 * @param again port of one that was stopped
 */
export async function startRedis(more: (port: number) => string[] = () => [], again?: number): Promise<Service> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-redis-'))
  const port = again ?? (await freePorts(1))[0]!
  const args = ['--port', String(port), '--save', '', '--dir', folder, '--bind', '127.0.0.1', ...more(port)]
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  await listening(port, child)
  return { port, pid: child.pid as number, stop: () => stop(child, folder) }
}

/** Debian keeps the server's programs off the PATH. */
function postgresBinaries(): string | undefined {
  const base = '/usr/lib/postgresql'
  try {
    return readdirSync(base)
      .map(version => path.join(base, version, 'bin'))
      .at(-1)
  } catch {
    return undefined
  }
}

export const hasPostgres = postgresBinaries() !== undefined

export interface PostgresOptions {
  /** How users of 127.0.0.1 say who they are; default `trust`. */
  auth?: 'trust' | 'scram-sha-256' | 'md5' | 'password'
  password?: string
  /** PEM files; with them the server speaks TLS. */
  tls?: { cert: string; key: string }
  maxConnections?: number
}

/** PostgreSQL refuses to run as root; the package brings a user for it. */
export async function startPostgres({
  auth = 'trust',
  password = '',
  tls,
  maxConnections = 20,
}: PostgresOptions = {}): Promise<Service> {
  const binaries = postgresBinaries() as string
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-postgres-'))
  const asRoot = process.getuid?.() === 0
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const user = asRoot ? { uid: id('-u'), gid: id('-g') } : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = path.join(folder, 'data')
  const file = (name: string, text: string | Buffer) => {
    const place = path.join(folder, name)
    writeFileSync(place, text, { mode: 0o600 })
    if (user.uid !== undefined && user.gid !== undefined) chownSync(place, user.uid, user.gid)
    return place
  }
  const withPassword = password ? [`--pwfile=${file('password', password)}`] : []
  const initdb = ['-D', data, '-U', 'app', `--auth-host=${auth}`, '--auth-local=trust', '--no-sync', ...withPassword]
  execFileSync(path.join(binaries, 'initdb'), initdb, { stdio: 'pipe', cwd: folder, ...user })
  const [port] = (await freePorts(1)) as [number]
  const secure = tls
    ? ['ssl=on', `ssl_cert_file=${file('c.pem', readFileSync(tls.cert))}`, `ssl_key_file=${file('k.pem', readFileSync(tls.key))}`] // biome-ignore format: one line
    : []
  const settings = [...secure, `max_connections=${maxConnections}`].flatMap(setting => ['-c', setting])
  const child = spawn(
    path.join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F', ...settings],
    { stdio: 'ignore', cwd: folder, ...user },
  )
  await listening(port, child)
  return { port, pid: child.pid as number, stop: () => stop(child, folder) }
}
