// `afn-otel alerts` as a user runs it.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { root } from '../support/packed'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** @param folders more folders on the PATH */
export function alerts(args: readonly string[], cwd: string, folders: readonly string[] = []): Promise<Ran> {
  const env = { ...process.env, PATH: [...folders, '/usr/bin', '/bin'].join(path.delimiter) }
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [path.join(root, 'dist/cli.cjs'), 'alerts', ...args],
      { cwd, env, encoding: 'utf8', timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    )
  })
}
