// A server of an example as a child process.
import { type ChildProcess, spawn } from 'node:child_process'

/** A test that failed has not stopped its own. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export interface Child {
  /** What it said on stdout and stderr. */
  said(): string
  /** Resolves with the exit code. */
  stop(): Promise<number | null>
}

/**
 * @param args as after `node`
 * @param ready what it says when it is up
 * @throws Error with what it said when it does not come up within a minute
 */
export async function startChild(
  cwd: string,
  args: string[],
  env: Record<string, string>,
  ready: RegExp,
): Promise<Child> {
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH ?? '', HOME: cwd, ...env } })
  running.add(child)
  let said = ''
  const ended = new Promise<number | null>(resolve =>
    child.once('close', code => {
      running.delete(child)
      resolve(code)
    }),
  )
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`not up in a minute: ${said}`)), 60_000)
    const listen = (chunk: Buffer) => {
      said += chunk
      if (!ready.test(said)) return
      clearTimeout(limit)
      resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    ended.then(code => reject(new Error(`ended with ${code}: ${said}`)))
  })
  return {
    said: () => said,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}
