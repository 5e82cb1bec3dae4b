// `afn-otel alerts serve` as its users start it: the packed CLI in a process of its own, on a Node that has SQLite.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { root } from '../support/packed'

const node = nodeBinary(nodes[22])
/** Why no receiver can be started as a process; undefined where one can. */
export const noNode = 'missing' in node ? node.missing : undefined

export interface Served {
  readonly url: string
  readonly pid: number
  /** All of stderr so far. */
  stderr(): string
  /** `kill -9` */
  kill(): Promise<void>
  /** SIGTERM; @returns the exit code */
  end(): Promise<number | null>
}

/** @param folder that of alerts-config.yaml */
export async function serve(folder: string, args: readonly string[] = []): Promise<Served> {
  if ('missing' in node) throw new Error(node.missing)
  const child: ChildProcess = spawn(node.path, [path.join(root, 'dist/cli.cjs'), 'alerts', 'serve', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  })
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', chunk => {
    stdout += chunk
  })
  child.stderr!.on('data', chunk => {
    stderr += chunk
  })
  const closed = new Promise<number | null>(resolve => child.once('close', resolve))
  for (const deadline = Date.now() + 60_000; !stdout.includes('receiver'); ) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the receiver did not start:\n${stderr}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const [url = ''] = /http:\/\/\S+/.exec(stdout) ?? []
  const stop = (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    return closed
  }
  return {
    url,
    pid: child.pid!,
    stderr: () => stderr,
    kill: async () => {
      await stop('SIGKILL')
    },
    end: () => stop('SIGTERM'),
  }
}
