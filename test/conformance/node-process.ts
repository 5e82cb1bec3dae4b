// A child process to its end.
import { spawn } from 'node:child_process'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** @param patienceMs it is killed after that; what it has started is killed when it ends */
export function runNode(
  node: string,
  args: string[],
  cwd: string,
  env: Record<string, string>,
  patienceMs = 60_000,
): Promise<Ended> {
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, ...env }
  const child = spawn(node, args, { cwd, env: own, detached: true })
  const killAll = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // nothing of it runs any more
    }
  }
  const limit = setTimeout(killAll, patienceMs)
  child.on('exit', killAll)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({ code, signal, stdout, stderr })
    })
  })
}
