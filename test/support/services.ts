// Real servers for tests, on free ports, in folders of their own; ended by pid. Skipped where the binary is missing.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Service {
  port: number
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const open = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`nobody listens on ${port}`)
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise(resolve => child.once('close', resolve))
  child.kill('SIGINT')
  await ended
  rmSync(folder, { recursive: true, force: true })
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

export async function startRedis(): Promise<Service> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-redis-'))
  const port = await freePort()
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder, '--bind', '127.0.0.1'], {
    stdio: 'ignore',
  })
  await listening(port, child)
  return { port, stop: () => stop(child, folder) }
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

/** PostgreSQL refuses to run as root; the package brings a user for it. */
export async function startPostgres(): Promise<Service> {
  const binaries = postgresBinaries() as string
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-postgres-'))
  const asRoot = process.getuid?.() === 0
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const user = asRoot ? { uid: id('-u'), gid: id('-g') } : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = path.join(folder, 'data')
  execFileSync(path.join(binaries, 'initdb'), ['-D', data, '-U', 'app', '-A', 'trust', '--no-sync'], {
    stdio: 'pipe',
    cwd: folder,
    ...user,
  })
  const port = await freePort()
  const child = spawn(
    path.join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F'],
    { stdio: 'ignore', cwd: folder, ...user },
  )
  await listening(port, child)
  return { port, stop: () => stop(child, folder) }
}
