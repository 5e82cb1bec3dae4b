// `afn-otel alerts` as a user runs it, in a process of its own or, where many follow each other, in this one.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { vi } from 'vitest'
import { alerts as command } from '../../src/cli/alerts'
import { root } from '../support/packed'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export function alerts(args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [path.join(root, 'dist/cli.cjs'), 'alerts', ...args],
      { cwd, encoding: 'utf8', timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    )
  })
}

/** One after the other: what is printed meanwhile is taken for the command's. An error is what main.ts makes of it. */
export async function alertsHere(args: readonly string[]): Promise<Ran> {
  const said = { stdout: '', stderr: '' }
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(text => {
      said.stdout += `${text}\n`
    }),
    vi.spyOn(console, 'error').mockImplementation(text => {
      said.stderr += `${text}\n`
    }),
  ]
  try {
    return { code: await command([...args]), ...said }
  } catch (error) {
    return { ...said, code: 2, stderr: `${said.stderr}afn-otel: ${(error as Error).message}\n` }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
