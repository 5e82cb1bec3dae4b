// A real `afn-otel up` of the packed package, in an app of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { onTestFailed } from 'vitest'
import { makeApp } from './packed'
import { type Run, run } from './run'

export interface RunningUp {
  readonly folder: string
  readonly pid: number
  readonly url: string
  readonly otlp: string
  /** Of OTLP over gRPC. */
  readonly grpc: string
  readonly stdout: () => string
  readonly stderr: () => string
  /** @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** A command that asks it. */
  command(args: string[], env?: Record<string, string>): Promise<Run>
  post(signal: 'traces' | 'metrics' | 'logs', body: object, headers?: Record<string, string>): Promise<Response>
}

const cli = 'node_modules/@afn/otel/dist/cli.cjs'

/** A test that failed has not stopped its own. In a hook, whose suite stops it, there is no test that could. */
function endWhenFailed(child: ChildProcess): void {
  try {
    onTestFailed(() => {
      child.kill('SIGKILL')
    })
  } catch {}
}

/** An app folder in which `up` can run. */
export const upFolder = (): string => makeApp({ files: {}, modules: { '@duckdb/node-api': '@duckdb/node-api' } })

/** Runs it where it is expected to end by itself. */
export const runUp = (folder: string, args: string[], env: Record<string, string> = {}): Promise<Run> =>
  run(folder, [cli, 'up', '--port', '0', '--otlp-port', '0', '--grpc-port', '0', ...args], { env })

/** @throws Error with what it said when it does not come up */
export async function startUp(
  args: string[] = ['--memory'],
  { folder = upFolder(), env = {} }: { folder?: string; env?: Record<string, string> } = {},
): Promise<RunningUp> {
  const child = spawn(
    process.execPath,
    [path.join(folder, cli), 'up', '--port', '0', '--otlp-port', '0', '--grpc-port', '0', ...args],
    {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
    },
  )
  endWhenFailed(child)
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      stdout += chunk
      if (/^data .*\n/m.test(stdout)) resolve()
    })
    ended.then(code => reject(new Error(`up ended with ${code}: ${stderr}`)))
  })
  const addressOf = (line: string) => new RegExp(`^${line} +(\\S+)`, 'm').exec(stdout)?.[1] ?? ''
  const [url, otlp, grpc] = ['explorer', 'OTLP', 'gRPC'].map(addressOf) as [string, string, string]
  return {
    folder,
    pid: child.pid!,
    url,
    otlp,
    grpc,
    stdout: () => stdout,
    stderr: () => stderr,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
    command: (args, env = {}) => run(folder, [cli, ...args], { env: { AFN_LOCAL_URL: url, ...env } }),
    post: (signal, body, headers = {}) =>
      fetch(`${otlp}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  }
}
