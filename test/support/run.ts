// Runs a fixture app as a child process and tells everything that its user could see.
import { spawn } from 'node:child_process'
import path from 'node:path'

export interface Run {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: Record<string, string>
  node?: string
  /** Called with the child when its stdout says `ready`. */
  onReady?: (child: { pid: number; kill(signal: NodeJS.Signals): void; stdout: () => string }) => void | Promise<void>
  cwd?: string
  /** The child is killed then, ms. */
  limitMs?: number
}

/** `args` as after `node`; `{otel}` stands for the absolute path of our CommonJS entry in the app. */
export function run(
  folder: string,
  args: string[],
  { env = {}, node = process.execPath, onReady, cwd = folder, limitMs = 100_000 }: RunOptions = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const resolved = args.map(arg => arg.replace('{otel}', path.join(folder, 'node_modules/@afn/otel/dist/index.cjs')))
    const child = spawn(node, resolved, {
      cwd,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        // what one app leaves in its spool is not another's
        TMPDIR: folder,
        // the 2 s of the default are short where a dozen such apps start at once on two cores; afnNodeSDK() would say that it is for the preload
        ...(args.some(arg => /^(@afn\/otel|\{otel\})/.test(arg)) && { AFN_SHUTDOWN_TIMEOUT: '20000' }),
        ...env,
      },
    })
    let stdout = ''
    let stderr = ''
    let isReady = false
    const limit = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`did not end in ${limitMs} ms: node ${resolved.join(' ')}\n${stdout}\n${stderr}`))
    }, limitMs)
    child.stdout.on('data', chunk => {
      stdout += chunk
      if (!isReady && onReady && stdout.includes('ready')) {
        isReady = true
        Promise.resolve(
          onReady({ pid: child.pid as number, kill: signal => child.kill(signal), stdout: () => stdout }),
        ).catch(reject)
      }
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({ code, signal, stdout, stderr })
    })
  })
}
