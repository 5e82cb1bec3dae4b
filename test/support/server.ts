// A server of others that is started for a suite: its log when it does not come up, and its folder gone at the end.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

export interface Server {
  binary: string
  args: string[]
  /** Removed at the end, with all that the server wrote. */
  folder: string
  /** Answers 200 when the server is ready. */
  ready: string
  /** Beside the variables of this process. */
  env?: Record<string, string>
}

/** Resolves when the server is ready, to what ends it. @throws Error with its log when it does not come up in 90 s */
export async function startServer({ binary, args, folder, ready, env }: Server): Promise<() => Promise<void>> {
  const child = spawn(binary, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      log = (log + text).slice(-20_000)
    })
  let ended = false
  const closed = new Promise(resolve => child.once('close', resolve)).then(() => {
    ended = true
  })
  // a binary that is not there; `close` follows
  child.once('error', error => {
    log += error.message
  })
  const stop = async () => {
    // Tempo's SIGTERM waits for timers of minutes
    child.kill('SIGKILL')
    await closed
    rmSync(folder, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + 90_000; ; ) {
    if ((await fetch(ready).catch(() => undefined))?.ok) return stop
    if (ended || Date.now() > deadline) {
      await stop()
      throw new Error(`${binary} did not become ready:\n${log}`)
    }
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}
